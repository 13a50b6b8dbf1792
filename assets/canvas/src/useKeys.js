import { useEffect } from "react";

import { expectClip, paste as pasteText, pasteFromMenu } from "./clipboard.js";
import { GRID } from "./geometry.js";
import { landing } from "./gestures.js";
import { isTyping, meaning, meant } from "./keys.js";
import { wireByKeys } from "./keyWiring.js";
import { foldOf, isShape, pickedShapes, selectShapes } from "./shapes.js";
import { settle } from "./store.js";
import { tr } from "./tr.js";
import { firstStep, stepTowards } from "./walk.js";

let latest = null;

/** The keyboard of a canvas: it hears keys while it has the focus, or while nothing else has. */
export function useKeys(store, inner, element, pointer, setPanning) {
  useEffect(() => {
    latest = element;
    const root = () => element.querySelector(".weft-flow");
    const selected = () => store.getState().nodes.filter((node) => node.selected).map((node) => node.id);
    const shape = () => store.getState().shapes.findLast((each) => each.selected)?.id;
    const focused = () => {
      const at = element.ownerDocument.activeElement?.closest?.("[data-path], [data-shape], [data-line]")?.dataset;
      return at?.path ?? at?.shape ?? (at?.line?.endsWith("/+") ? null : at?.line) ?? selected().at(-1) ?? shape() ?? null;
    };
    const hears = (event) => {
      if (event.defaultPrevented || isTyping(event.target)) return false;
      if (element.contains(event.target)) return true;
      return event.target === document.body && latest === element && !window.weftKeys?.inDialog();
    };

    const go = (path, extend) => {
      if (!path) return;
      const { view, shapes } = store.getState();
      const keys = [...(extend ? shapes.filter((each) => each.selected).map((each) => each.id) : []), ...(isShape(path) ? [path] : [])];
      view.select([...new Set([...(extend ? selected() : []), ...(isShape(path) ? [] : [path])])]);
      selectShapes(store, keys);
      store.setState({ told: null });
      tell();
      view.reveal(path);
      requestAnimationFrame(() => stepElement(element, path)?.focus({ preventScroll: true }));
    };

    const tell = () => {
      const state = store.getState();
      state.emit("select", { steps: selected(), wires: [], notes: pickedShapes(state, "note"), frames: pickedShapes(state, "frame") });
    };

    let nudged = 0;
    /** Steps that were nudged and are not told of yet: another one may be nudged before that. */
    const pushed = new Set();
    const nudge = (key) => {
      const by = { ArrowLeft: [-GRID, 0], ArrowRight: [GRID, 0], ArrowUp: [0, -GRID], ArrowDown: [0, GRID] }[key];
      const { shapes } = store.getState();
      const paths = new Set([...selected(), ...shapes.filter((each) => each.selected).flatMap((each) => each.data.frame?.steps ?? [])]);
      const notes = shapes.filter((each) => each.selected && each.data.note).map((each) => each.data.note);
      notes.forEach((note) => store.getState().emit("gesture", { edits: [{ do: "note", id: note.id, at: [note.x + by[0], note.y + by[1], note.w, note.h] }] }));
      const moves = {};
      for (const { id, parentId, data } of store.getState().nodes) {
        if (!paths.has(id) || paths.has(parentId)) continue;
        moves[id] = [(data.step.x ?? 0) + by[0], (data.step.y ?? 0) + by[1]].map((value) => (parentId ? Math.max(GRID, value) : value));
      }
      if (!Object.keys(moves).length) return;
      settle(store, moves);
      Object.keys(moves).forEach((path) => pushed.add(path));
      clearTimeout(nudged);
      nudged = setTimeout(() => {
        const to = Object.fromEntries(store.getState().nodes.filter((node) => pushed.has(node.id)).map(({ id, data }) => [id, [data.step.x, data.step.y]]));
        pushed.clear();
        if (Object.keys(to).length) store.getState().emit("gesture", { edits: [{ do: "move", to }] });
      }, 250);
    };

    /** Where the pointer is; without one beside the step that has the keyboard, or in the middle of what is seen. */
    const spot = () => {
      const bounds = element.getBoundingClientRect();
      const [left, above, zoom] = inner.getState().transform;
      const beside = stepElement(element, focused() ?? "")?.getBoundingClientRect();
      const { x, y } = pointer.current ?? (beside ? { x: beside.right + 150 * zoom, y: beside.top + 24 * zoom } : { x: bounds.left + bounds.width / 2, y: bounds.top + bounds.height / 2 });
      const at = { x: (x - bounds.left - left) / zoom, y: (y - bounds.top - above) / zoom };
      return { ...landing(store.getState(), inner, at), x, y };
    };
    const search = () => store.getState().emit("command", { name: "search", ...spot() });

    /** The rounds of the step that is meant, or of the nearest container around it. */
    const turn = (by) => {
      const { strips, emit } = store.getState();
      for (let path = focused(); path; path = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "") {
        if (strips[path]) return emit("round", { path, by });
      }
    };

    const own = {
      search,
      outline: () => store.setState(({ outline }) => ({ outline: !outline })),
      map: () => store.setState(({ map }) => ({ map: !map })),
      roundBefore: () => turn(-1),
      roundAfter: () => turn(1),
      all: () => {
        const { nodes, shapes, view } = store.getState();
        view.select(nodes.map((node) => node.id));
        selectShapes(store, shapes.map((each) => each.id));
        tell();
      },
      walk: (event) => go(stepTowards(store.getState(), inner, focused(), event.key), event.shiftKey),
      nudge: (event) => nudge(event.key),
      home: () => go(firstStep(store.getState(), inner)),
      open: () => {
        const at = focused();
        if (at?.startsWith("note:")) store.setState({ writing: at });
        else if (at?.startsWith("frame:")) store.getState().emit("command", { name: "collapse" });
        else if (at) store.getState().emit("open", { step: at });
      },
      clear: () => {
        inner.setState({ connectionClickStartHandle: null });
        inner.getState().cancelConnection();
        // The lasso is put away first, and what it caught stays selected.
        if (store.getState().lasso) return store.setState({ lasso: false });
        store.setState({ wiring: null, refusal: null });
        inner.getState().resetSelectedElements();
        root()?.focus({ preventScroll: true });
      },
      remove: () => {
        const state = store.getState();
        const steps = selected();
        const wires = state.edges.filter((edge) => edge.selected).map((edge) => edge.id);
        const [notes, frames] = [pickedShapes(state, "note"), pickedShapes(state, "frame")];
        if (steps.length || wires.length || notes.length || frames.length) state.emit("gesture", { edits: [{ do: "remove", steps, wires, notes, frames }] });
      },
      takeOut: () => {
        const steps = selected();
        if (steps.length) store.getState().emit("gesture", { edits: [{ do: "take_out", steps }] });
      },
      arrange: (_, { how }) => store.getState().view.arrange(how),
      wire: () => wireByKeys.begin(store, inner, element, focused()),
      lasso: () => store.setState(({ lasso }) => ({ lasso: !lasso, said: lasso ? "" : tr("Lasso: draw around steps to select them.") })),
    };
    const addAt = ({ point, clientX: x, clientY: y }) => store.getState().emit("command", { name: "search", ...landing(store.getState(), inner, point), x, y });
    store.setState({ addAt });

    const down = (event) => {
      if (!hears(event)) return;
      if (event.key === " " && !store.getState().outline && event.target.getAttribute?.("role") !== "button" && event.target.tagName !== "BUTTON") {
        event.preventDefault();
        setPanning(true);
        return;
      }
      if (wireByKeys.handles(event, store, inner, element)) return;
      // A button in the canvas keeps the keys that work it.
      if (event.target.closest?.("button") && ["Enter", "Tab", " "].includes(event.key)) return;
      const found = meaning(event, store.getState().mode, store.getState().keys);
      // What Ctrl+V brings comes with the paste that follows.
      if (!found || found.command === "paste") return;
      if (found.command === "copy" && String(window.getSelection())) return;
      event.preventDefault();
      perform(found, event);
    };
    const perform = (found, event) => {
      if (found.id === "rename" && !selected().length && shape()) return store.setState({ writing: shape() });
      if (found.id === "copy" || found.id === "cut") expectClip(store);
      if (found.id !== "rename" || selected().length) window.weftKeys?.ask(found.id);
      if (found.view) store.getState().view[found.view]();
      else if (found.own) (store.getState().listed?.[found.own] ?? own[found.own])(event, found);
      else if (found.command === "paste") pasteFromMenu(store, spot());
      else if (found.command === "note") store.getState().emit("command", { name: "note", ...spot() });
      else store.getState().emit("command", { name: found.command });
    };
    /** Do a command as its key would. */
    store.setState({ perform: (id) => perform(meant(id)) });
    const up = (event) => {
      if (event.key === " ") setPanning(false);
    };
    const leave = () => setPanning(false);
    const paste = (event) => {
      if (!hears(event) || store.getState().mode !== "edit") return;
      event.preventDefault();
      pasteText(store, event.clipboardData?.getData("text/plain") ?? "", spot());
    };
    const taken = () => {
      latest = element;
    };

    const page = element.ownerDocument;
    page.addEventListener("keydown", down);
    page.addEventListener("keyup", up);
    page.addEventListener("paste", paste);
    window.addEventListener("blur", leave);
    element.addEventListener("focusin", taken);
    window.weftKeys?.canvasIsThere();
    return () => {
      page.removeEventListener("keydown", down);
      page.removeEventListener("keyup", up);
      page.removeEventListener("paste", paste);
      window.removeEventListener("blur", leave);
      element.removeEventListener("focusin", taken);
      clearTimeout(nudged);
    };
  }, [store, inner, element, pointer, setPanning]);
}

export const stepElement = (element, path) => element.querySelector(`[data-path="${CSS.escape(path)}"]`);
