/** Putting steps in order: tidied by the layout engine, aligned, distributed. Each is one edit, and slides into place. */

import { portName, portY, top } from "./geometry.js";
import { settle } from "./store.js";
import { tr } from "./tr.js";
import { rectOf, still } from "./view.js";

const SLIDE = 220;
const MANY = 300; // Sliding more steps than this would stutter.
const NEAR_EDGE = 8;

const ALIGN = {
  left: (rect, all) => ({ x: all.left - rect.x }),
  centre: (rect, all) => ({ x: (all.left + all.right - rect.width) / 2 - rect.x }),
  right: (rect, all) => ({ x: all.right - rect.width - rect.x }),
  top: (rect, all) => ({ y: all.above - rect.y }),
  middle: (rect, all) => ({ y: (all.above + all.below - rect.height) / 2 - rect.y }),
  bottom: (rect, all) => ({ y: all.below - rect.height - rect.y }),
};
const SPREAD = { horizontally: ["x", "width"], vertically: ["y", "height"] };

/** `how` is `tidy`, a side or line to align by, or a direction to distribute in. */
export async function arrange(store, inner, how) {
  const { mode, nodes } = store.getState();
  if (mode !== "edit") return;
  if (how === "tidy") {
    const places = await tidied(store).catch(() => null);
    return places ? carryOut(store, "tidy", places) : sayFailed(store, inner);
  }
  const chosen = outermost(nodes).filter((node) => rectOf(inner, node.id));
  const rects = chosen.map((node) => ({ node, ...rectOf(inner, node.id) }));
  if (how in ALIGN && rects.length > 1) return carryOut(store, `align ${how}`, aligned(rects, how));
  if (how in SPREAD && rects.length > 2) return carryOut(store, `distribute ${how}`, distributed(rects, ...SPREAD[how]));
}

function sayFailed(store, inner) {
  const { left, top: upper, width } = inner.getState().domNode.getBoundingClientRect();
  store.setState({ refusal: { text: tr("The flow could not be tidied. Reload the page and try again."), x: left + width / 2, y: upper + 60, at: Date.now() } });
}

function aligned(rects, how) {
  const all = {
    left: Math.min(...rects.map((rect) => rect.x)),
    right: Math.max(...rects.map((rect) => rect.x + rect.width)),
    above: Math.min(...rects.map((rect) => rect.y)),
    below: Math.max(...rects.map((rect) => rect.y + rect.height)),
  };
  return Object.fromEntries(rects.map((rect) => [rect.node.id, movedBy(rect.node, ALIGN[how](rect, all))]));
}

/** The first and the last stay, and the gaps between all become equal. */
function distributed(rects, side, size) {
  const sorted = [...rects].sort((a, b) => a[side] - b[side] || a[size] - b[size]);
  const [first, last] = [sorted[0], sorted.at(-1)];
  const filled = sorted.reduce((sum, rect) => sum + rect[size], 0);
  const gap = (last[side] + last[size] - first[side] - filled) / (sorted.length - 1);
  let at = first[side];
  return Object.fromEntries(
    sorted.map((rect) => {
      const moved = movedBy(rect.node, { [side]: at - rect[side] });
      at += rect[size] + gap;
      return [rect.node.id, moved];
    }),
  );
}

function movedBy({ parentId, data: { step } }, { x = 0, y = 0 }) {
  const at = [Math.round((step.x ?? 0) + x), Math.round((step.y ?? 0) + y)];
  return parentId ? at.map((value) => Math.max(NEAR_EDGE, value)) : at;
}

/** What is selected, without steps in a container that is selected itself: they move with it. */
function outermost(nodes) {
  const picked = new Set(nodes.filter((node) => node.selected).map((node) => node.id));
  const within = (path) => path && (picked.has(path) || within(above(path)));
  return nodes.filter((node) => picked.has(node.id) && !within(above(node.id)));
}

const above = (path) => path.slice(0, Math.max(0, path.lastIndexOf("/")));

/** Several selected steps, the inside of one selected container, or else the whole flow. */
function tidied(store) {
  const { nodes, edges } = store.getState();
  const known = new Map(nodes.map((node) => [node.id, node]));
  const height = (node, side, handle) => portY(node.data.ports[side].findIndex((port) => port.name === portName(handle)));
  const steps = nodes.map(({ id, parentId, type, width, height, data: { step, ports } }) => ({
    path: id,
    parent: parentId ?? "",
    x: step.x ?? 0,
    y: step.y ?? 0,
    width,
    height,
    top: top(ports),
    box: type === "box",
  }));
  const wires = edges.map((edge) => ({
    source: edge.source,
    target: edge.target,
    from: height(known.get(edge.source), "outputs", edge.sourceHandle),
    to: height(known.get(edge.target), "inputs", edge.targetHandle),
    faint: Boolean(edge.data.faint),
  }));
  const chosen = nodes.filter((node) => node.selected);
  const whole = chosen.length < 2 && chosen[0]?.type !== "box";
  return inWorker({ steps, wires, chosen: whole ? null : chosen.map((node) => node.id) });
}

let worker = null;
let asked = Promise.resolve();

/** The layout engine is fetched when it is first asked for, and works beside the page. */
function inWorker(question) {
  const answer = asked.then(
    () =>
      new Promise((found, failed) => {
        worker ??= new Worker(new URL("./tidy.js", import.meta.url), { type: "module" });
        worker.onmessage = ({ data }) => found(data);
        worker.onerror = (event) => {
          worker = null;
          failed(new Error(event.message || "The layout engine could not be loaded."));
        };
        worker.postMessage(question);
      }),
  );
  asked = answer.catch(() => {});
  return answer;
}

/** Python hears of it at once where nothing slides, and when all stand where they should otherwise. */
function carryOut(store, title, places) {
  const known = new Map(store.getState().nodes.map((node) => [node.id, node.data.step]));
  const differs = ([path, [x, y, w, h]]) => {
    const step = known.get(path);
    return step && (step.x !== x || step.y !== y || (w !== undefined && (step.w !== w || step.h !== h)));
  };
  const to = Object.fromEntries(Object.entries(places).filter(differs));
  if (!Object.keys(to).length) return;
  const finish = () => {
    settle(store, to);
    store.getState().emit("gesture", { edits: [{ do: "arrange", title, to }] });
  };
  if (still() || Object.keys(to).length > MANY) return finish();
  slide(store, to, finish);
}

function slide(store, to, finish) {
  const from = new Map(store.getState().nodes.map(({ id, position, data: { step } }) => [id, { position, x: step.x ?? 0, y: step.y ?? 0 }]));
  const began = performance.now();
  const frame = (now) => {
    const part = Math.min(1, (now - began) / SLIDE);
    if (part >= 1) return finish();
    const eased = 1 - (1 - part) ** 3;
    const nodes = store.getState().nodes.map((node) => {
      const [at, start] = [to[node.id], from.get(node.id)];
      if (!at || !start) return node;
      return { ...node, position: { x: start.position.x + (at[0] - start.x) * eased, y: start.position.y + (at[1] - start.y) * eased } };
    });
    store.setState({ nodes });
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}
