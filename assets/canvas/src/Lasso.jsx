import { useStoreApi } from "@xyflow/react";
import { useEffect, useState } from "react";

import { useCanvas, useCanvasStore } from "./context.js";
import { inside } from "./geometry.js";
import { trn } from "./tr.js";
import { rectOf } from "./view.js";

const FINE = 4;

/** A line drawn around steps selects them: with Alt and Shift held, or wherever one draws while the lasso is chosen. */
export function Lasso({ element }) {
  const store = useCanvasStore();
  const inner = useStoreApi();
  const chosen = useCanvas((state) => state.lasso);
  const [line, setLine] = useState(null);

  useEffect(() => {
    let drawn = null;
    let pointer = null;
    let bounds = null;
    const at = (event) => ({ x: event.clientX - bounds.left, y: event.clientY - bounds.top });
    const begins = ({ button, altKey, shiftKey, target }) =>
      !button && element.contains(target) && (store.getState().lasso ? target.closest(".react-flow__renderer") : altKey && shiftKey && target.closest(".react-flow__pane"));
    const press = (event) => {
      if (pointer !== null) return event.stopPropagation();
      if (!begins(event)) return;
      event.stopPropagation();
      bounds = element.getBoundingClientRect();
      pointer = event.pointerId;
      drawn = [at(event)];
    };
    /** React Flow hears of presses in three ways, and would pan or box. */
    const hush = (event) => {
      if (pointer === null) return;
      event.stopPropagation();
      if (event.cancelable) event.preventDefault();
      element.querySelector(".weft-flow")?.focus({ preventScroll: true });
    };
    const move = (event) => {
      if (event.pointerId !== pointer) return;
      const next = at(event);
      const last = drawn.at(-1);
      if (Math.hypot(next.x - last.x, next.y - last.y) < FINE) return;
      drawn.push(next);
      setLine([...drawn]);
    };
    const done = (event) => {
      if (event.pointerId !== pointer) return;
      const around = drawn;
      end();
      // The click that follows would select what lies under the end of the line, or nothing.
      window.addEventListener("click", swallow, { capture: true, once: true });
      setTimeout(() => window.removeEventListener("click", swallow, { capture: true }), 50);
      if (event.type === "pointerup" && around.length > 2) select(store, inner, around, event.ctrlKey || event.metaKey);
    };
    const end = () => {
      pointer = drawn = null;
      setLine(null);
    };
    const swallow = (event) => event.stopPropagation();
    const escape = (event) => {
      if (event.key !== "Escape" || pointer === null) return;
      event.stopPropagation();
      end();
    };
    const early = { capture: true, passive: false };
    const heard = [
      ["pointerdown", press],
      ["mousedown", hush],
      ["touchstart", hush],
      ["pointermove", move],
      ["pointerup", done],
      ["pointercancel", done],
      ["keydown", escape],
    ];
    // At the window: React hears at the canvas itself, and whoever hears first there is not ours to say.
    heard.forEach(([what, how]) => window.addEventListener(what, how, early));
    return () => heard.forEach(([what, how]) => window.removeEventListener(what, how, early));
  }, [store, inner, element]);

  if (!line && !chosen) return null;
  return (
    <svg className={line ? "weft-lasso is-drawing" : "weft-lasso"} aria-hidden="true">
      {line && <path d={`M${line.map(({ x, y }) => `${x} ${y}`).join("L")}Z`} />}
    </svg>
  );
}

/** Selects every step whose middle is in the line, and every container that is in it as a whole. */
function select(store, inner, line, more) {
  const [left, above, zoom] = inner.getState().transform;
  const around = line.map(({ x, y }) => ({ x: (x - left) / zoom, y: (y - above) / zoom }));
  const { nodes, view, emit } = store.getState();
  const caught = nodes.filter((node) => {
    if (more && node.selected) return true;
    const rect = rectOf(inner, node.id);
    if (!rect) return false;
    const { x, y, width, height } = rect;
    if (node.type !== "box") return inside(around, { x: x + width / 2, y: y + height / 2 });
    return [[x, y], [x + width, y], [x, y + height], [x + width, y + height]].every(([x, y]) => inside(around, { x, y }));
  });
  const steps = caught.map((node) => node.id);
  view.select(steps);
  store.setState({ said: trn("{n} step selected", "{n} steps selected", steps.length) });
  emit("select", { steps, wires: [] });
}
