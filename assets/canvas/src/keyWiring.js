/** Drawing a wire without a mouse: W takes a step's output, arrows choose, Enter connects, Esc gives up. */

import { handleId } from "./geometry.js";
import { tr } from "./tr.js";
import { rectOf } from "./view.js";
import { asEdit, asWire, fitting } from "./wiring.js";

export const wireByKeys = {
  begin(store, inner, element, path) {
    const node = store.getState().nodes.find((each) => each.id === path);
    if (!node) return;
    const ports = [...node.data.ports.outputs.filter((port) => !port.lost).map((port) => port.name), ""];
    aimAt(store, element, { choosing: ports.map((name) => `${path}|${handleId("out", name)}`), aim: `${path}|${handleId("out", ports[0])}`, from: null, fits: new Set() });
  },

  /** True where the key belonged to a wire being drawn by keys. */
  handles(event, store, inner, element) {
    const { wiring } = store.getState();
    if (!wiring?.choosing) return false;
    event.preventDefault();
    const { choosing, aim, from } = wiring;
    const index = choosing.indexOf(aim);
    if (event.key === "Escape") store.setState({ wiring: null });
    else if (event.key === "ArrowDown" || event.key === "ArrowRight") aimAt(store, element, { ...wiring, aim: choosing[(index + 1) % choosing.length] });
    else if (event.key === "ArrowUp" || event.key === "ArrowLeft") aimAt(store, element, { ...wiring, aim: choosing.at(index - 1) });
    else if (event.key === "Enter" && from) {
      store.setState({ wiring: null });
      store.getState().emit("gesture", { edits: [asEdit(asWire(...ends(from), ...ends(aim)))] });
    } else if (event.key === "Enter") {
      const fits = fitting(store.getState(), ...ends(aim));
      const near = byDistance(inner, ends(aim)[0], [...fits]);
      if (near.length) aimAt(store, element, { from: aim, fits, choosing: near, aim: near[0] });
      else store.setState({ wiring: null, refusal: { text: tr("Nothing here takes that."), at: Date.now(), ...under(element, aim) } });
    }
    return true;
  },
};

const ends = (key) => {
  const at = key.lastIndexOf("|");
  return [key.slice(0, at), key.slice(at + 1)];
};

function aimAt(store, element, wiring) {
  store.setState({ wiring });
  const [path] = ends(wiring.aim);
  store.getState().view.reveal(path);
  const { nodes } = store.getState();
  const title = nodes.find((node) => node.id === path)?.data.step.title ?? path;
  const name = ends(wiring.aim)[1].split(":")[1];
  store.setState({ said: `${title}, ${name || tr("order")}` });
}

function under(element, key) {
  const [path, handle] = ends(key);
  const bounds = element.querySelector(`[data-nodeid="${CSS.escape(path)}"][data-handleid="${CSS.escape(handle)}"]`)?.getBoundingClientRect();
  return { x: bounds?.right ?? 0, y: bounds?.bottom ?? 0 };
}

function byDistance(inner, path, keys) {
  const here = rectOf(inner, path);
  keys = keys.filter((key) => rectOf(inner, ends(key)[0]));
  const away = (key) => {
    const there = rectOf(inner, ends(key)[0]);
    const ahead = there.x >= here.x ? 0 : 10_000;
    return ahead + Math.hypot(there.x - here.x, there.y - here.y) + (ends(key)[1].endsWith(":") ? 1 : 0);
  };
  return keys.sort((a, b) => away(a) - away(b));
}
