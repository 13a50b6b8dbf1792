import { memo, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";

import { useCanvas, useCanvasStore } from "./context.js";
import { icon } from "./Icon.jsx";
import { Figures } from "./Light.jsx";
import { comesFrom, lineTowards, linesOf, portsCalled } from "./outline.js";
import { OutlineWires } from "./OutlineWires.jsx";
import { grouped, tr } from "./tr.js";
import { STATUS, label } from "./words.js";

const GAP = 64;
const NOTHING = new Set();

/** On a screen as narrow as a phone's, as the style sheet has it, there is no room for a canvas: the list is first. */
export const startsAsList = () => window.matchMedia("(max-width: 720px)").matches;

/** The flow as an indented list: everything that can be done on the canvas can be done here, by keys alone. */
export function Outline({ element }) {
  const store = useCanvasStore();
  const nodes = useCanvas((state) => state.nodes);
  const edges = useCanvas((state) => state.edges);
  const mode = useCanvas((state) => state.mode);
  const [folded, setFolded] = useState(NOTHING);
  const [active, setActive] = useState(null);
  const [wiresOf, setWiresOf] = useState(null);
  const tree = useRef(null);
  const wanted = useRef(null);
  const lines = useMemo(() => linesOf({ nodes, edges, mode }, folded), [nodes, edges, mode, folded]);
  const titles = useMemo(() => new Map(nodes.map(({ id, data }) => [id, data.step.title || data.kind?.title || id])), [nodes]);
  const called = useMemo(() => portsCalled(nodes), [nodes]);
  const selected = nodes.filter((node) => node.selected).map((node) => node.id);
  const chosen = selected.length === 1 ? selected[0] : null;
  const here = lines.some((line) => line.id === active) ? active : (chosen ?? lines[0]?.id);

  const lineAt = useCallback((id) => tree.current?.querySelector(`[data-line="${CSS.escape(id)}"]`), []);
  const go = useCallback(
    (line, extend) => {
      setActive(line.id);
      if (!line.add) {
        const { view, nodes, emit } = store.getState();
        const paths = extend ? [...new Set([...nodes.filter((node) => node.selected).map((node) => node.id), line.id])] : [line.id];
        view?.select(paths);
        emit("select", { steps: paths, wires: [] });
      }
      lineAt(line.id)?.focus();
    },
    [store, lineAt],
  );
  const add = useCallback(
    (line) => {
      const { emit, nodes } = store.getState();
      const { left, bottom } = (lineAt(line.id) ?? tree.current).getBoundingClientRect();
      const spot = { x: left + 40, y: bottom };
      window.weftKeys?.ask("search");
      if (!line.add) {
        const { step, ports } = line.node.data;
        const from = { step: line.id, port: ports.outputs.filter((port) => !port.lost)[0]?.name ?? "", side: "out" };
        const at = [(step.x ?? 0) + line.node.width + GAP, step.y ?? 0];
        return emit("command", { name: "search", at, parent: line.node.parentId ?? null, from, ...spot });
      }
      const beside = nodes.filter((node) => (node.parentId ?? "") === line.parent);
      const right = Math.max(0, ...beside.map((node) => (node.data.step.x ?? 0) + node.width + GAP));
      emit("command", { name: "search", at: [right || 24, beside.at(-1)?.data.step.y ?? 24], parent: line.parent || null, ...spot });
    },
    [store, lineAt],
  );

  // What the keys of the canvas mean here, where they mean something else.
  useEffect(() => {
    const lineOf = () => lines.find((line) => line.id === here);
    store.setState({
      listed: {
        search: () => lineOf() && add(lineOf()),
        wire: () => lineOf() && !lineOf().add && mode === "edit" && setWiresOf(here),
        home: () => lines.length && go(lines[0]),
      },
    });
    return () => store.setState({ listed: null });
  }, [store, lines, here, mode, add, go]);

  // Whoever gives the canvas the keyboard gives it to the list; and a step that was just added has it.
  useEffect(() => {
    const root = element.querySelector(".weft-flow");
    const pass = (event) => event.target === root && lineAt(here)?.focus({ preventScroll: true });
    root.addEventListener("focus", pass);
    return () => root.removeEventListener("focus", pass);
  }, [element, here, lineAt]);
  useLayoutEffect(() => {
    if (!chosen) return;
    setActive(chosen);
    setFolded((now) => (now.size && [...now].some((id) => chosen.startsWith(`${id}/`)) ? new Set([...now].filter((id) => !chosen.startsWith(`${id}/`))) : now));
    const line = lineAt(chosen);
    line?.scrollIntoView({ block: "nearest" });
    const free = document.activeElement === document.body || tree.current.contains(document.activeElement);
    wanted.current = free ? null : chosen;
    if (free) line?.focus({ preventScroll: true });
  }, [chosen, lineAt]);
  useEffect(() => {
    if (document.activeElement === document.body || element.contains(document.activeElement)) lineAt(here)?.focus({ preventScroll: true });
    // Only when the list opens.
    // eslint-disable-next-line
  }, []);

  const fold = useCallback((id, shut) => {
    setFolded((now) => {
      const next = new Set(now);
      if (shut) next.add(id);
      else next.delete(id);
      return next;
    });
  }, []);
  const pressed = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.getAttribute("role") !== "treeitem") return;
    const at = lines.findIndex((line) => line.id === here);
    const line = lines[at];
    if (event.key === "ArrowRight" && line?.open === false) fold(line.id, false);
    else if (event.key === "ArrowLeft" && line?.open) fold(line.id, true);
    else if ((event.key === "Enter" || event.key === " ") && line?.add) add(line);
    else if (event.key === " ") toggle(line);
    else if (event.key.startsWith("Arrow") || event.key === "Home" || event.key === "End") {
      const next = lineTowards(lines, at, event.key);
      if (next) go(next, event.shiftKey);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  // A dialog that closes gives the keyboard back to the line it was opened from, where a step was added meanwhile.
  const entered = ({ target }) => {
    const line = target.getAttribute("role") === "treeitem" && lines.find((each) => each.id === target.dataset.line);
    if (!line) return;
    const added = wanted.current;
    wanted.current = null;
    if (added && added !== line.id) lineAt(added)?.focus();
    else if (line.id !== here) go(line);
  };
  const toggle = (line) => {
    if (!line) return;
    const { view, emit } = store.getState();
    const paths = selected.includes(line.id) ? selected.filter((id) => id !== line.id) : [...selected, line.id];
    view?.select(paths);
    emit("select", { steps: paths, wires: [] });
  };
  const closeWires = useCallback(() => {
    setWiresOf(null);
    requestAnimationFrame(() => lineAt(here)?.focus());
  }, [here, lineAt]);

  return (
    <div className="weft-outline">
      <div className="outline-head">
        <span>{mode === "edit" ? tr("The flow as a list") : tr("The steps as a list")}</span>
        <button type="button" className="outline-panel" onClick={() => panel(element)}>
          {icon("tune")}
          {tr("Settings")}
        </button>
        <button type="button" onClick={() => store.getState().perform("outline")}>
          {icon("account_tree")}
          {tr("Canvas")}
        </button>
      </div>
      <div ref={tree} className="outline-lines" role="tree" aria-label={tr("Steps")} aria-multiselectable="true" onKeyDown={pressed} onFocus={entered}>
        {lines.map((line) =>
          line.add ? (
            <AddLine key={line.id} line={line} active={here === line.id} name={titles.get(line.parent)} go={go} add={add} />
          ) : (
            <Line
              key={line.id}
              line={line.node}
              level={line.level}
              at={line.at}
              of={line.of}
              open={line.open}
              active={here === line.id}
              selected={Boolean(line.node.selected)}
              from={comesFrom(edges, titles, called, line.id)}
              edit={mode === "edit"}
              {...{ go, add, fold, setWiresOf }}
            >
              {wiresOf === line.id && <OutlineWires id={line.id} titles={titles} close={closeWires} />}
            </Line>
          ),
        )}
      </div>
    </div>
  );
}

const sameLine = (a, b) =>
  Object.keys(b).every((name) => name === "line" || a[name] === b[name]) && a.line.data === b.line.data && a.line.id === b.line.id;

const Line = memo(function Line({ line: node, level, at, of, open, active, selected, from, edit, go, add, fold, setWiresOf, children }) {
  const store = useCanvasStore();
  const { id, data } = node;
  const { step, kind } = data;
  const light = useCanvas((state) => state.lights[id]);
  const strip = useCanvas((state) => state.strips[id]);
  const line = { id, node };
  const missing = step.missing || !kind;
  const said = light && ["failed", "asked", "paused", "doubt", "stopped", "skipped"].includes(light.status) ? light.message || light.reason : "";
  const problems = step.problems ?? [];
  const summary = missing ? tr("{kind} is not installed", { kind: step.kind }) : step.summary || kind.title;
  return (
    <div className="outline-group" role="none">
      <div
        className={`outline-line${selected ? " is-selected" : ""}${step.disabled ? " is-disabled" : ""}`}
        role="treeitem"
        data-line={id}
        aria-level={level}
        aria-posinset={at}
        aria-setsize={of}
        aria-expanded={open}
        aria-selected={selected}
        aria-label={[label(step, kind, light), from].filter(Boolean).join(", ")}
        tabIndex={active ? 0 : -1}
        style={{ "--level": level - 1, "--tile": `var(--weft-${kind?.color ?? "slate"}, var(--weft-slate))` }}
        onClick={(event) => go(line, event.shiftKey || event.ctrlKey || event.metaKey)}
        onDoubleClick={() => store.getState().emit("open", { step: id })}
      >
        {open === undefined ? (
          <i className="outline-fold" />
        ) : (
          <button type="button" tabIndex={-1} className="outline-fold" aria-label={open ? tr("Fold") : tr("Unfold")} onClick={(event) => (event.stopPropagation(), fold(id, open))}>
            {icon(open ? "expand_more" : "chevron_right")}
          </button>
        )}
        {icon(missing ? "extension_off" : (step.icon ?? kind.icon ?? "extension"), "outline-tile")}
        <span className="outline-words">
          <span className="outline-title">
            {step.title || kind?.title || step.kind}
            {step.disabled && <em>{tr("switched off")}</em>}
            {step.pinned && <em>{tr("pinned")}</em>}
            {step.breakpoint && <em>{tr("breakpoint")}</em>}
            {step.stale && <em>{tr("inputs changed")}</em>}
          </span>
          <span className="outline-summary">{[summary, from].filter(Boolean).join(" · ")}</span>
          {problems.length > 0 && <span className="outline-problem">{icon("warning")}{problems.join(" ")}</span>}
          {said && <span className={`outline-said is-${light.status}`}>{said}</span>}
        </span>
        {light && (
          <span className={`outline-light is-${light.status}`}>
            {icon(STATUS[light.status]?.icon ?? "circle")}
            <span>
              {strip && strip.failed > 0
                ? tr("{status}, {failed} of {count} rounds failed", { status: STATUS[light.status]?.word ?? "", failed: grouped(strip.failed), count: grouped(strip.count) })
                : STATUS[light.status]?.word}
            </span>
            <Figures light={light} />
          </span>
        )}
        <span className="outline-tools">
          <Tool name="open_in_full" tip={tr("Open")} words={tr("Open {step}", { step: step.title })} act={() => store.getState().emit("open", { step: id })} />
          {edit && <Tool name="add" tip={tr("Add")} words={tr("Add a step after {step}", { step: step.title })} act={() => add(line)} />}
          {edit && <Tool name="conversion_path" tip={tr("Wires")} words={tr("Wires of {step}", { step: step.title })} act={() => (go(line), setWiresOf(id))} />}
          <Tool name="more_horiz" tip={tr("More")} words={tr("More for {step}", { step: step.title })} act={(event) => (go(line), menu(store, step, event))} />
        </span>
      </div>
      {children}
    </div>
  );
}, sameLine);

function AddLine({ line, active, name, go, add }) {
  const words = name ? tr("Add a step in {step}", { step: name }) : tr("Add a step");
  return (
    <div
      className="outline-line is-add"
      role="treeitem"
      data-line={line.id}
      aria-level={line.level}
      aria-posinset={line.at}
      aria-setsize={line.of}
      aria-label={words}
      tabIndex={active ? 0 : -1}
      style={{ "--level": line.level - 1 }}
      onClick={() => (go(line), add(line))}
    >
      <i className="outline-fold" />
      {icon("add", "outline-tile")}
      <span className="outline-words">{words}</span>
    </div>
  );
}

/** For the pointer and the finger: the keyboard has keys for all of these. */
function Tool({ name, tip, words, act }) {
  return (
    <button type="button" tabIndex={-1} aria-hidden="true" data-tip={tip} title={words} onClick={(event) => (event.stopPropagation(), act(event))}>
      {icon(name)}
    </button>
  );
}

function menu(store, step, event) {
  const { left, bottom } = event.currentTarget.getBoundingClientRect();
  const bounds = event.currentTarget.closest(".weft-flow").getBoundingClientRect();
  const at = { x: left - bounds.left, y: bottom - bounds.top };
  store.setState({ menu: { kind: "step", step, title: tr("What to do with {step}", { step: step.title }), point: { x: 0, y: 0 }, ...at, clientX: left, clientY: bottom, at: Date.now() } });
}

/** On a narrow screen the settings of the flow lie over the list. */
function panel(element) {
  const room = element.closest(".weft-editor");
  if (room) room.dataset.panel = room.dataset.panel === "open" ? "" : "open";
}
