import { createElement } from "react";
import { createRoot } from "react-dom/client";

import { Canvas, CanvasContext } from "./Canvas.jsx";
import { keeping } from "./keeping.js";
import { putClip } from "./clipboard.js";
import { frameKey, noteKey } from "./shapes.js";
import { stepElement } from "./useKeys.js";
import { createCanvas, light, load, patch, strips } from "./store.js";
import { tame } from "./tame.js";

let styled = false;

/** The step may be drawn a moment later, once it has come into sight; until then the canvas has the keyboard. */
function takeKeys(element, path, tries = 30) {
  // The list gives its lines the keyboard itself.
  if ((path && element.querySelector("[data-line]")) || (tries < 30 && window.weftKeys?.inDialog())) return;
  const step = path && stepElement(element, path);
  (step || element.querySelector(".weft-flow"))?.focus({ preventScroll: true });
  if (path && !step && tries) requestAnimationFrame(() => takeKeys(element, path, tries - 1));
}

/** Draw a canvas into `element`; what the person does comes out of `emit(name, detail)`. */
export function mount(element, emit) {
  if (!styled) tame();
  if (!styled) document.head.append(Object.assign(document.createElement("style"), { textContent: STYLES }));
  styled = true;

  const sent = keeping(emit);
  const store = createCanvas(sent.emit);
  const root = createRoot(element);
  root.render(createElement(CanvasContext.Provider, { value: store }, createElement(Canvas, { element })));

  sent.again();

  // What is asked of the view before there is one is done when there is.
  const view = (name) => (...args) => {
    const state = store.getState();
    if (state.view) return state.view[name](...args);
    store.setState({ asked: [...state.asked, [name, args]] });
  };
  return {
    load: (flow) => load(store, typeof flow === "string" ? JSON.parse(flow) : flow, element),
    patch: (changes) => patch(store, changes),
    lights: (changes, clear) => light(store, changes, clear),
    strips: (changes, clear) => strips(store, changes, clear),
    others: (others) => store.setState({ others }),
    took: sent.took,
    hand: (choices) => store.setState(choices),
    sample: (sample) => store.setState({ sample }),
    select: view("select"),
    fit: view("fit"),
    focus: view("focus"),
    reveal: view("reveal"),
    zoom_in: view("zoomIn"),
    zoom_out: view("zoomOut"),
    zoom_100: view("zoom100"),
    center: view("center"),
    arrange: view("arrange"),
    zoom_selection: view("selection"),
    keys: (keys, shown) => store.setState({ keys, shown }),
    perform: (id) => store.getState().perform?.(id),
    edit_note: (id) => store.setState({ writing: noteKey(id) }),
    name_frame: (id) => store.setState({ writing: frameKey(id) }),
    clip: (text) => putClip(store, text),
    take_keys: (path) => takeKeys(element, path),
    unmount: () => root.unmount(),
  };
}
