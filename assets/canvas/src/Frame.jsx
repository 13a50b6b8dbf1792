import { memo, useEffect, useRef } from "react";

import { ColourBar } from "./ColourBar.jsx";
import { useCanvas, useCanvasStore } from "./context.js";
import { HEAD, ROW, handleId, portSize, portY } from "./geometry.js";
import { icon } from "./Icon.jsx";
import { foldOf } from "./shapes.js";
import { tr, trn } from "./tr.js";
import { STATUS, capital } from "./words.js";

const LONGEST = 15;
const WORST = ["failed", "doubt", "asked", "paused", "running", "waiting", "stopped", "skipped", "rehearsed", "done"];

/** A named line around steps. It is taken at its title. */
export const Frame = memo(function Frame({ id, data: { frame, count: held }, selected }) {
  const store = useCanvasStore();
  const edit = useCanvas((state) => state.mode === "edit");
  const over = useCanvas((state) => state.into === id);
  const alone = useCanvas((state) => selected && isAlone(state));
  const tell = teller(store, frame.id);
  return (
    <div
      className={`frame${selected ? " is-selected" : ""}${over ? " is-over" : ""}`}
      style={{ "--paper": `var(--weft-${frame.color})` }}
      role="group"
      aria-label={trn("Frame {title}, {n} step", "Frame {title}, {n} steps", held, { title: frame.title })}
      tabIndex={-1}
      data-shape={id}
    >
      <div className="frame-head" onDoubleClick={(event) => begin(event, store, id, edit)}>
        <Title id={id} frame={frame} tell={tell} />
        <span className="frame-count">{trn("{n} step", "{n} steps", held)}</span>
        {edit && <Fold collapsed={false} tell={tell} />}
      </div>
      {edit && alone && <Bar id={id} frame={frame} tell={tell} />}
    </div>
  );
});

/** A collapsed frame: one box with the wires that cross its edge, and how it stands with what is inside. */
export const FoldedFrame = memo(function FoldedFrame({ id, data: { frame, ports }, selected }) {
  const store = useCanvasStore();
  const edit = useCanvas((state) => state.mode === "edit");
  const over = useCanvas((state) => state.into === id);
  const alone = useCanvas((state) => selected && isAlone(state));
  const far = useCanvas((state) => state.far);
  const status = useCanvas((state) => standing(state, id));
  const problems = useCanvas((state) => state.nodes.reduce((sum, node) => sum + (node.data.step.problems?.length && foldOf(state.folded, node.id) === id ? 1 : 0), 0));
  const tell = teller(store, frame.id);
  const [worst, how, all] = status.split("|");
  const word = worst && capital(STATUS[worst]?.word ?? worst);
  const words = Number(how) < Number(all) ? tr("{status}, {count} of {all}", { status: word, count: how, all }) : word;
  const said = [
    trn("Frame {title}, collapsed, {n} step", "Frame {title}, collapsed, {n} steps", frame.steps.length, { title: frame.title }),
    words,
    problems ? trn("{n} problem", "{n} problems", problems) : "",
  ];
  return (
    <div
      className={`fold${selected ? " is-selected" : ""}${over ? " is-over" : ""}${far ? " is-far" : ""}${worst ? ` is-${worst}` : ""}`}
      style={{ "--paper": `var(--weft-${frame.color})` }}
      role="group"
      aria-label={said.filter(Boolean).join(", ")}
      tabIndex={-1}
      data-shape={id}
    >
      <div className="fold-head" style={{ height: HEAD }} onDoubleClick={(event) => (event.stopPropagation(), edit && tell({ collapsed: false }))}>
        {icon("select_all", "fold-tile")}
        <span className="fold-words">
          <Title id={id} frame={frame} tell={tell} />
          <span className="fold-about">
            {trn("{n} step", "{n} steps", frame.steps.length)}
            {words && (
              <b className={`fold-status is-${worst}`}>
                {icon(STATUS[worst]?.icon ?? "circle")}
                {words}
              </b>
            )}
          </span>
        </span>
        {problems > 0 && (
          <span className="step-mark is-problem" data-tip={trn("{n} step has a problem", "{n} steps have a problem", problems)}>
            {icon("warning")}
          </span>
        )}
        {edit && !far && <Fold collapsed tell={tell} />}
      </div>
      {!far && (
        <div className="step-rows" style={{ gridAutoRows: ROW }}>
          {ports.inputs.map((port, row) => label(port, row, "is-in"))}
          {ports.outputs.map((port, row) => label(port, row, "is-out"))}
        </div>
      )}
      {handles(ports, far)}
      {edit && alone && <Bar id={id} frame={frame} tell={tell} />}
    </div>
  );
});

const teller = (store, id) => (change) => store.getState().emit("gesture", { edits: [{ do: "frame", id, ...change }] });
const isAlone = (state) => state.shapes.filter((shape) => shape.selected).length === 1 && !state.nodes.some((node) => node.selected);
const short = (name) => (name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name);

function begin(event, store, id, edit) {
  event.stopPropagation();
  if (edit) store.setState({ writing: id });
}

function label(port, row, side) {
  return (
    <span key={side + port.name} className={`port-label ${side}`} style={{ gridRow: row + 1 }} data-tip={`${port.title} · ${port.label}`}>
      {short(port.label)}
    </span>
  );
}

/** Where the wires that cross its edge end. React Flow measures them, so that they are there from far away too. */
function handles({ inputs, outputs }, far) {
  const one = (side, name, row) => {
    const size = portSize(name);
    const marks = `react-flow__handle nodrag nopan fold-port ${side === "in" ? "target" : "source"}${name ? " is-data" : ""}${far ? " is-far" : ""}`;
    const place = { top: portY(row) - size / 2, [side === "in" ? "left" : "right"]: -size / 2, width: size, height: size };
    return <i key={side + name} className={marks} data-handleid={handleId(side, name)} data-handlepos={side === "in" ? "left" : "right"} style={place} />;
  };
  return [one("in", "", -1), one("out", "", -1), ...inputs.map((port, row) => one("in", port.name, row)), ...outputs.map((port, row) => one("out", port.name, row))];
}

function Fold({ collapsed, tell }) {
  const shown = useCanvas((state) => state.shown);
  const words = collapsed ? tr("Expand") : tr("Collapse");
  return (
    <button type="button" className="frame-fold nodrag nopan" aria-label={words} data-tip={shown?.collapse ? `${words}  ${shown.collapse}` : words} onClick={() => tell({ collapsed: !collapsed })}>
      {icon(collapsed ? "unfold_more" : "unfold_less")}
    </button>
  );
}

function Bar({ id, frame, tell }) {
  const store = useCanvasStore();
  const shown = useCanvas((state) => state.shown) ?? {};
  const keyed = (text, command) => (shown[command] ? `${text} (${shown[command]})` : text);
  const more = [
    ["edit", keyed(tr("Name the frame"), "rename"), () => store.setState({ writing: id })],
    ["deselect", keyed(tr("Take the frame away, its steps stay"), "ungroup"), () => store.getState().emit("command", { name: "ungroup" })],
  ];
  return <ColourBar label={tr("Colour of the frame")} color={frame.color} choose={(color) => tell({ color })} more={more} />;
}

function Title({ id, frame, tell }) {
  const writing = useCanvas((state) => state.writing === id);
  return writing ? <Naming frame={frame} tell={tell} /> : <span className="frame-title">{frame.title || tr("Frame")}</span>;
}

function Naming({ frame, tell }) {
  const store = useCanvasStore();
  const field = useRef(null);
  const over = useRef(false);
  useEffect(() => {
    field.current.focus({ preventScroll: true });
    field.current.select();
  }, []);
  const end = (keep) => {
    if (over.current) return;
    over.current = true;
    store.setState({ writing: null });
    const title = field.current.value.trim();
    if (keep && title && title !== frame.title) tell({ title });
  };
  return (
    <input
      ref={field}
      className="frame-field nodrag nopan"
      aria-label={tr("Name of the frame")}
      defaultValue={frame.title}
      maxLength={200}
      onBlur={() => end(true)}
      onDoubleClick={(event) => event.stopPropagation()}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key !== "Enter" && event.key !== "Escape") return;
        event.preventDefault();
        const canvas = field.current.closest(".weft-flow");
        end(event.key === "Enter");
        canvas?.focus({ preventScroll: true });
      }}
    />
  );
}

/** The worst status of the steps inside, how many have it, and how many there are; as one text, to compare quickly. */
function standing(state, id) {
  let all = 0;
  const found = {};
  for (const { id: path, data } of state.nodes) {
    if (data.step.disabled || foldOf(state.folded, path) !== id) continue;
    all += 1;
    const status = state.lights[path]?.status;
    if (status) found[status] = (found[status] ?? 0) + 1;
  }
  const worst = WORST.find((status) => found[status]);
  return worst ? `${worst}|${found[worst]}|${all}` : "||";
}
