import { NodeResizeControl } from "@xyflow/react";
import { memo } from "react";

import { useCanvas, useCanvasStore } from "./context.js";
import { HEAD, ROW, snap, top } from "./geometry.js";
import { icon } from "./Icon.jsx";
import { Light, Rounds } from "./Light.jsx";
import { Ports } from "./Ports.jsx";
import { Chosen, FarStrip, Retry, Strip } from "./Strip.jsx";
import { tr, trn } from "./tr.js";
import { CHANGES, capital, label } from "./words.js";

const LONGEST = 15;

const same = (a, b) =>
  a.id === b.id && a.data === b.data && a.selected === b.selected && a.width === b.width && a.height === b.height;

/** Every step there is: what it looks like comes from the catalogue. */
export const Step = memo(function Step({ id, data, selected }) {
  const far = useCanvas((state) => state.far);
  const light = useCanvas((state) => state.lights[id]);
  return (
    <div {...frame("step", id, data, selected, light, far)}>
      {head(data, far)}
      {!far && rows(data.ports)}
      {!far && <Ports id={id} data={data} />}
      {data.step.breakpoint && breakpoint()}
      {data.step.change && changed(data.step.change, far)}
      {light && <Light path={id} light={light} far={far} />}
    </div>
  );
}, same);

/** A step that holds steps. */
export const Box = memo(function Box({ id, data, selected }) {
  const far = useCanvas((state) => state.far);
  const light = useCanvas((state) => state.lights[id]);
  const grips = useCanvas((state) => selected && !far && state.mode === "edit");
  const over = useCanvas((state) => state.drop === id);
  const empty = useCanvas((state) => !state.parents.has(id));
  const strip = useCanvas((state) => state.strips[id]);
  const rounds = strip ? { done: strip.ended, total: strip.total, failed: strip.failed } : (light?.rounds ?? (Array.isArray(light?.progress) ? light.progress : null));
  return (
    <div {...frame(over ? "step box is-over" : "step box", id, data, selected, light, far)}>
      {head(data, far, rounds, strip)}
      <div className="box-inside" style={{ top: top(data.ports) }}>
        {empty && !far && <span className="box-hint">{tr("Drag steps in here")}</span>}
      </div>
      {!far && rows(data.ports)}
      {!far && <Ports id={id} data={data} />}
      {data.step.breakpoint && breakpoint()}
      {data.step.change && changed(data.step.change, far)}
      {light && <Light path={id} light={light} far={far} />}
      {strip && far && <FarStrip strip={strip} />}
      {grips && <Grips id={id} step={data.step} />}
    </div>
  );
}, same);

function Grips({ id, step }) {
  const store = useCanvasStore();
  const resized = (_, { width, height }) => {
    const edit = { do: "resize", path: id, size: [snap(width), snap(height)], at: [step.x ?? 0, step.y ?? 0] };
    store.getState().emit("gesture", { edits: [edit] });
  };
  return (
    <>
      <NodeResizeControl className="box-grip is-right" variant="line" position="right" minWidth={248} onResizeEnd={resized} />
      <NodeResizeControl className="box-grip is-below" variant="line" position="bottom" minHeight={160} onResizeEnd={resized} />
      <NodeResizeControl className="box-grip is-corner" position="bottom-right" minWidth={248} minHeight={160} onResizeEnd={resized} />
    </>
  );
}

function frame(base, id, { step, kind }, selected, light, far) {
  const marks = [
    base,
    selected && "is-selected",
    far && "is-far",
    step.disabled && "is-disabled",
    step.stale && "is-stale",
    step.change && `has-change is-${step.change}`,
    (step.missing || !kind) && "is-missing",
    light && `is-${light.status}`,
  ];
  return {
    className: marks.filter(Boolean).join(" "),
    style: { "--tile": tile(kind?.color) },
    role: "group",
    "aria-roledescription": tr("step"),
    "aria-label": label(step, kind, light),
    tabIndex: -1,
    "data-path": id,
  };
}

function tile(color) {
  if (!color) return "var(--weft-slate)";
  return /^(#|var|rgb|hsl|oklch)/.test(color) ? color : `var(--weft-${color}, var(--weft-slate))`;
}

// Plain functions, not components: a step is drawn for every one that comes into sight while the flow is panned.

function head({ step, kind, ports }, far, rounds, strip) {
  const missing = step.missing || !kind;
  const chosen = strip && strip.chosen != null;
  return (
    <div className={strip && !far ? "step-head has-strip" : "step-head"} style={{ height: HEAD }}>
      {icon(missing ? "extension_off" : (step.icon ?? kind.icon ?? "extension"), "step-tile")}
      <span className="step-words">
        <span className="step-title">{step.title || kind?.title || step.kind}</span>
        {!far && chosen && <Chosen id={step.path} strip={strip} />}
        {!far && !chosen && <span className="step-summary">{missing ? tr("{kind} is not installed", { kind: step.kind }) : emphasised(step) || kind.title}</span>}
      </span>
      {!far && rounds && !chosen && <Rounds rounds={rounds} />}
      {!far && strip?.retry && <Retry id={step.path} strip={strip} />}
      {marks(step, far)}
      {!far && strip && <Strip id={step.path} strip={strip} title={step.title || step.path} roomBelow={top(ports) > HEAD} />}
    </div>
  );
}

/** The one line of what a step will do, with what its settings say set apart from what every such step says. */
function emphasised({ summary, emphasis }) {
  if (!summary || !emphasis?.length) return summary;
  const parts = [];
  let at = 0;
  for (const [from, to] of emphasis) {
    if (from > at) parts.push(summary.slice(at, from));
    parts.push(<em key={from}>{summary.slice(from, to)}</em>);
    at = to;
  }
  return [...parts, summary.slice(at)];
}

/** Cut here and not by the style sheet: a clip for each port is what panning would pay for. */
const short = (name) => (name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name);

function marks(step, far) {
  const found = [
    step.problems?.length && ["warning", "is-problem", step.problems.join("\n")],
    !far && step.stale && ["history", "is-stale", tr("Its inputs changed since the last run")],
    step.pinned && ["keep", "is-pinned", tr("Pinned: the kept output is used, the step does not run")],
    !far && step.disabled && ["block", "", tr("Disabled: the step does not run")],
    !far && step.note && ["sticky_note_2", "", step.note],
    !far && step.comments && ["chat_bubble", "is-comments", trn("{n} open comment", "{n} open comments", step.comments), step.comments],
  ].filter(Boolean);
  if (!found.length) return null;
  return (
    <span className="step-marks">
      {found.map(([name, mark, tip, number]) => (
        <span key={name} className={`step-mark ${mark}`} data-tip={tip}>
          {icon(name)}
          {number}
        </span>
      ))}
    </span>
  );
}

/** On the left edge: here the debugger stops. */
function breakpoint() {
  return (
    <span className="step-break" data-tip={tr("Breakpoint: the debugger stops before this step")}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d="M5 0.5h6L15.5 5v6L11 15.5H5L0.5 11V5Z" />
      </svg>
    </span>
  );
}

/** On the upper edge: what has become of it between two versions, as a sign and a word. */
function changed(change, far) {
  const [sign, word] = CHANGES[change];
  return <span className="step-change">{far ? sign : `${sign} ${capital(word)}`}</span>;
}

function rows({ inputs, outputs }) {
  if (!inputs.length && !outputs.length) return null;
  const label = (side) => (port, index) => (
    <span key={side + port.name} className={`port-label ${side}${port.lost ? " is-lost" : ""}`} style={{ gridRow: index + 1 }}>
      {short(port.label || port.name)}
    </span>
  );
  return (
    <div className="step-rows" style={{ gridAutoRows: ROW }}>
      {inputs.map(label("is-in"))}
      {outputs.map(label("is-out"))}
    </div>
  );
}
