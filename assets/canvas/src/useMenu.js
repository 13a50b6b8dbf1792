import { useEffect } from "react";

import { tr } from "./tr.js";

const LONG = 500;
const STILL = 10;
const TITLES = {
  steps: tr("What to do with these steps"),
  note: tr("What to do with this note"),
  frame: tr("What to do with this frame"),
  wire: tr("What to do with this wire"),
  ground: tr("What to do here"),
};

/** Opens the menu: the right button, the menu key, Shift+F10, or a finger that stays where it is. */
export function useMenu(store, flow, element) {
  useEffect(() => {
    const open = (target, x, y) => {
      const bounds = element.getBoundingClientRect();
      const state = store.getState();
      const path = target.closest("[data-path]")?.dataset.path;
      const shape = state.shapes.find((each) => each.id === target.closest("[data-shape]")?.dataset.shape);
      const wire = target.closest(".react-flow__edge")?.dataset.id;
      const edge = state.edges.find((each) => each.id === wire && !each.data.faint);
      if (!path && !edge && !shape && !target.closest(".react-flow__pane, .weft-flow")) return false;
      if (edge && state.mode !== "edit") return false;
      const node = state.nodes.find((each) => each.id === path);
      if (node && !node.selected) choose(state, [path]);
      if (edge) chooseWire(edge.id);
      if (shape && !shape.selected) chooseShape(state, shape);
      const many = node && state.nodes.filter((each) => each.selected).length > 1 && node.selected;
      const point = flow.screenToFlowPosition({ x, y }, { snapToGrid: false });
      const kind = many ? "steps" : node ? "step" : shape ? (shape.data.note ? "note" : "frame") : edge ? "wire" : "ground";
      const title = TITLES[kind] ?? tr("What to do with {step}", { step: node.data.step.title });
      store.setState({ menu: { kind, step: node?.data.step ?? shape?.data.frame ?? {}, title, point, x: x - bounds.left, y: y - bounds.top, clientX: x, clientY: y, at: Date.now() } });
      return true;
    };
    const choose = (state, steps) => {
      state.view.select(steps);
      state.emit("select", { steps, wires: [] });
    };
    const chooseShape = (state, { id, data }) => {
      state.view.select([], [id]);
      store.setState({ told: null });
      state.emit("select", { steps: [], wires: [], notes: data.note ? [data.note.id] : [], frames: data.frame ? [data.frame.id] : [] });
    };
    const chooseWire = (id) => {
      store.setState(({ nodes, edges }) => ({
        nodes: nodes.map((node) => (node.selected ? { ...node, selected: false } : node)),
        edges: edges.map((edge) => (Boolean(edge.selected) === (edge.id === id) ? edge : { ...edge, selected: edge.id === id, reconnectable: edge.id === id })),
        told: null,
      }));
      store.getState().emit("select", { steps: [], wires: [id] });
    };

    let held = null;
    const forget = () => {
      clearTimeout(held?.timer);
      held = null;
    };
    const asked = (event) => {
      if (!event.target.closest?.(".weft-flow") || event.target.closest(".weft-canvas-menu, .weft-controls, .weft-map, input, textarea")) return;
      event.preventDefault();
      if (held?.opened || Date.now() - (store.getState().menu?.at ?? 0) < LONG) return;
      forget();
      const { view } = store.getState();
      const focused = element.ownerDocument.activeElement?.closest?.("[data-path]");
      // The menu key points at nothing: what has the keyboard is meant, or what is selected.
      const keyed = event.button !== 2 && event.pointerType !== "mouse" && event.pointerType !== "touch" && !(event.clientX && event.clientY && event.detail);
      if (keyed && focused && view) {
        const { left, bottom } = focused.getBoundingClientRect();
        return open(focused, left + 8, Math.min(bottom, element.getBoundingClientRect().bottom) - 8);
      }
      open(event.target, event.clientX, event.clientY);
    };
    const press = (event) => {
      forget();
      if (event.touches.length !== 1 || event.target.closest(".port, .weft-controls, .weft-map, .weft-canvas-menu") || store.getState().lasso) return;
      const { clientX: x, clientY: y } = event.touches[0];
      const { target } = event;
      held = { x, y, opened: false };
      held.timer = setTimeout(() => {
        if (held) held.opened = open(target, x, y);
      }, LONG);
    };
    const move = (event) => {
      if (!held) return;
      const { clientX, clientY } = event.touches[0];
      // The step under the finger stays where it is while its menu is open.
      if (held.opened) event.stopPropagation();
      else if (event.touches.length > 1 || Math.hypot(clientX - held.x, clientY - held.y) > STILL) forget();
    };
    const lift = (event) => {
      if (held?.opened) {
        if (event.cancelable) event.preventDefault();
        element.addEventListener("click", swallow, { capture: true, once: true });
        setTimeout(() => element.removeEventListener("click", swallow, { capture: true }), 80);
      }
      forget();
    };
    const swallow = (event) => event.stopPropagation();
    const early = { capture: true, passive: false };
    const heard = [
      ["contextmenu", asked],
      ["touchstart", press],
      ["touchmove", move],
      ["touchend", lift],
      ["touchcancel", forget],
    ];
    heard.forEach(([what, how]) => element.addEventListener(what, how, early));
    return () => {
      forget();
      heard.forEach(([what, how]) => element.removeEventListener(what, how, early));
    };
  }, [store, flow, element]);
}
