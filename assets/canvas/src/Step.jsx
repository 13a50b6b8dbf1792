import { NodeResizeControl } from "@xyflow/react";
import { memo } from "react";

import { useCanvas, useCanvasStore } from "./context.js";
import { HEAD, ROW, snap, top } from "./geometry.js";
import { Icon } from "./Icon.jsx";
import { Badge, Below, Rounds } from "./Light.jsx";
import { FarPort, Port } from "./Port.jsx";
import { label } from "./words.js";

const ORDER = { name: "", label: "", type: "" };

const same = (a, b) =>
  a.id === b.id && a.data === b.data && a.selected === b.selected && a.width === b.width && a.height === b.height;

/** Every step there is: what it looks like comes from the catalogue. */
export const Step = memo(function Step({ id, data, selected }) {
  const far = useCanvas((state) => state.far);
  const light = useCanvas((state) => state.lights[id]);
  return (
    <div {...frame("step", id, data, selected, light, far)}>
      <Head data={data} far={far} />
      {!far && <Rows ports={data.ports} />}
      <Ports id={id} data={data} far={far} />
      {light && <Badge light={light} />}
      {light && !far && <Below light={light} />}
    </div>
  );
}, same);

/** A step that holds steps. */
export const Box = memo(function Box({ id, data, selected, width }) {
  const store = useCanvasStore();
  const far = useCanvas((state) => state.far);
  const edit = useCanvas((state) => state.mode === "edit");
  const light = useCanvas((state) => state.lights[id]);
  const over = useCanvas((state) => state.drop === id);
  const empty = useCanvas((state) => !state.parents.has(id));
  const resized = (_, { x, y, width, height }) => {
    const parent = store.getState().nodes.find((node) => node.id === data.step.parent);
    const at = [Math.round(x), Math.round(y - (parent ? top(parent.data.ports) : 0))];
    store.getState().emit("gesture", { edits: [{ do: "resize", path: id, size: [snap(width), snap(height)], at }] });
  };
  return (
    <div {...frame(`step box${over ? " is-over" : ""}`, id, data, selected, light, far)}>
      <Head data={data} far={far} rounds={light?.rounds ?? (Array.isArray(light?.progress) ? light.progress : null)} />
      <div className="box-inside" style={{ top: top(data.ports) }}>
        {empty && !far && <span className="box-hint">Drag steps in here</span>}
      </div>
      {!far && <Rows ports={data.ports} />}
      <Ports id={id} data={data} far={far} />
      {light && <Badge light={light} />}
      {light && !far && <Below light={light} width={width} />}
      {selected && edit && !far && (
        <>
          <NodeResizeControl className="box-grip is-right" variant="line" position="right" minWidth={248} onResizeEnd={resized} />
          <NodeResizeControl className="box-grip is-below" variant="line" position="bottom" minHeight={160} onResizeEnd={resized} />
          <NodeResizeControl className="box-grip is-corner" position="bottom-right" minWidth={248} minHeight={160} onResizeEnd={resized} />
        </>
      )}
    </div>
  );
}, same);

function frame(base, id, { step, kind }, selected, light, far) {
  const marks = [
    base,
    selected && "is-selected",
    far && "is-far",
    step.disabled && "is-disabled",
    (step.missing || !kind) && "is-missing",
    light && `is-${light.status}`,
  ];
  return {
    className: marks.filter(Boolean).join(" "),
    style: { "--tile": tile(kind?.color) },
    role: "group",
    "aria-roledescription": "step",
    "aria-label": label(step, kind, light),
    tabIndex: -1,
    "data-path": id,
  };
}

function tile(color) {
  if (!color) return "var(--weft-slate)";
  return /^(#|var|rgb|hsl|oklch)/.test(color) ? color : `var(--weft-${color}, var(--weft-slate))`;
}

const Head = memo(function Head({ data: { step, kind }, far, rounds }) {
  const missing = step.missing || !kind;
  return (
    <div className="step-head" style={{ height: HEAD }}>
      <span className="step-tile">
        <Icon name={missing ? "extension_off" : (step.icon ?? kind.icon ?? "extension")} />
      </span>
      <span className="step-words">
        <span className="step-title">{step.title || kind?.title || step.kind}</span>
        {!far && <span className="step-summary">{missing ? `${step.kind} is not installed` : step.summary || kind.title}</span>}
      </span>
      {!far && rounds && <Rounds rounds={rounds} />}
      {!far && <Marks step={step} />}
    </div>
  );
});

function Marks({ step }) {
  const marks = [
    step.problems?.length && ["warning", "is-problem", step.problems.join("\n")],
    step.pinned && ["keep", "is-pinned", "Pinned: the kept output is used, the step does not run"],
    step.disabled && ["block", "", "Disabled: the step does not run"],
    step.note && ["sticky_note_2", "", step.note],
  ].filter(Boolean);
  if (!marks.length) return null;
  return (
    <span className="step-marks">
      {marks.map(([icon, mark, tip]) => (
        <span key={icon} className={`step-mark ${mark}`} data-tip={tip}>
          <Icon name={icon} />
        </span>
      ))}
    </span>
  );
}

const Rows = memo(function Rows({ ports: { inputs, outputs } }) {
  const rows = Math.max(inputs.length, outputs.length);
  if (!rows) return null;
  return (
    <div className="step-rows">
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="step-row" style={{ height: ROW }}>
          <Label port={inputs[index]} />
          <Label port={outputs[index]} />
        </div>
      ))}
    </div>
  );
});

function Label({ port }) {
  if (!port) return <span />;
  return <span className={`port-label${port.required ? " is-required" : ""}${port.lost ? " is-lost" : ""}`}>{port.label || port.name}</span>;
}

const Ports = memo(function Ports({ id, data: { step, ports }, far }) {
  const Kind = far ? FarPort : Port;
  const title = step.title || id;
  const one = (side) => (port, index) => <Kind key={`${side}:${port.name}`} path={id} side={side} port={port} index={index} step={title} />;
  return (
    <>
      <Kind path={id} side="in" port={ORDER} index={-1} step={title} />
      <Kind path={id} side="out" port={ORDER} index={-1} step={title} />
      {ports.inputs.map(one("in"))}
      {ports.outputs.map(one("out"))}
    </>
  );
});
