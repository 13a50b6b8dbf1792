/** Where the eye is: fitting, focusing, zooming. */

import { arrange } from "./arrange.js";
import { selectShapes } from "./shapes.js";

export const NEAREST = 2;
export const FAREST = 0.05;
/** Below this, steps are drawn as icon and title only. */
export const FAR = 0.5;
/** Below this, not even a title can be read: steps are tiles with a large icon, in the colour of how they stand. */
export const DOTS = 0.22;
/** Up to here, a flow needs no overview. */
export const FEW = 8;
const READABLE = 0.6;
const LATE = 1.4;

/** Which of the three ways of drawing steps suits a zoom, and whether wires are drawn as a picture. */
export const nearness = (zoom) => ({ far: zoom < FAR, dots: zoom < DOTS, pictured: zoom < DOTS });

/** The same while it is still zoomed: less is drawn at once, more only well beyond or when the movement rests. */
export const nearnessOnTheWay = (zoom, { far, dots, pictured }) => ({
  far: zoom < FAR * (far ? LATE : 1),
  dots: zoom < DOTS * (dots ? LATE : 1),
  pictured: pictured || zoom < DOTS,
});

export function approach(store, now) {
  const before = store.getState();
  if (Object.keys(now).some((key) => now[key] !== before[key])) store.setState(now);
}

const PADDING = 48;

/** The whole flow when it can be read; else its beginning. */
export function firstView(nodes, width, height) {
  const roots = nodes.filter((node) => !node.parentId);
  if (!roots.length || !width || !height) return { x: width / 3, y: height / 3, zoom: 1 };
  const rect = around(roots);
  const zoom = Math.min((width - 2 * PADDING) / rect.width, (height - 2 * PADDING) / rect.height, 1);
  if (zoom >= READABLE) {
    return { x: (width - rect.width * zoom) / 2 - rect.x * zoom, y: (height - rect.height * zoom) / 2 - rect.y * zoom, zoom };
  }
  const near = 0.8;
  const first = roots.reduce((best, node) => (node.position.x < best.position.x ? node : best));
  const tall = rect.height * near + 2 * PADDING > height;
  const middle = tall ? first.position.y + first.height / 2 : rect.y + rect.height / 2;
  const highest = tall ? PADDING - rect.y * near : Infinity;
  return { x: PADDING - rect.x * near, y: Math.min(height / 2 - middle * near, highest), zoom: near };
}

export function around(nodes) {
  const left = Math.min(...nodes.map((node) => node.position.x));
  const above = Math.min(...nodes.map((node) => node.position.y));
  const right = Math.max(...nodes.map((node) => node.position.x + node.width));
  const below = Math.max(...nodes.map((node) => node.position.y + node.height));
  return { x: left, y: above, width: right - left, height: below - above };
}

export const still = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** What Python and the keys may ask of the view. `flow` is React Flow's instance, `inner` its store. */
export function createView(store, flow, inner) {
  const smooth = () => ({ duration: still() ? 0 : 180 });
  const all = { padding: 0.12, maxZoom: 1, minZoom: FAREST };
  const hold = () => store.setState({ held: true });
  const middle = (path, always) => {
    const rect = rectOf(inner, path);
    if (!rect || (!always && isSeen(inner, rect))) return;
    hold();
    flow.setCenter(rect.x + rect.width / 2, rect.y + rect.height / 2, { zoom: flow.getZoom(), ...smooth() });
  };
  // Pressed again while it still moves, it goes on from where it was going to.
  let goal = 1;
  let until = 0;
  const zoomBy = (factor) => {
    hold();
    const now = performance.now();
    goal = Math.min(NEAREST, Math.max(FAREST, (now < until ? goal : flow.getZoom()) * factor));
    until = now + smooth().duration + 60;
    return flow.zoomTo(goal, smooth());
  };
  return {
    jump: (viewport) => flow.setViewport(viewport),
    fit: () => (hold(), flow.fitView({ ...all, ...smooth() })),
    zoomIn: () => zoomBy(1.2),
    zoomOut: () => zoomBy(1 / 1.2),
    zoom100: () => (hold(), flow.zoomTo(1, smooth())),
    selection: () => {
      const chosen = store.getState().nodes.filter((node) => node.selected);
      if (chosen.length) return hold(), flow.fitView({ nodes: chosen, padding: 0.2, maxZoom: 1.25, minZoom: FAREST, ...smooth() });
    },
    arrange: (how) => arrange(store, inner, how),
    focus: (path) => middle(path, true),
    reveal: (path) => middle(path, false),
    select: (paths, shapes = []) => {
      const wanted = new Set(paths);
      selectShapes(store, shapes);
      store.setState(({ nodes, edges }) => ({
        nodes: nodes.map((node) => (Boolean(node.selected) === wanted.has(node.id) ? node : { ...node, selected: wanted.has(node.id) })),
        edges: edges.map((edge) => (edge.selected ? { ...edge, selected: false, reconnectable: false } : edge)),
        told: selectionKey([...wanted], []),
      }));
    },
    center: () => {
      const { width, height, transform } = inner.getState();
      return [Math.round((width / 2 - transform[0]) / transform[2]), Math.round((height / 2 - transform[1]) / transform[2])];
    },
  };
}

export const selectionKey = (steps, wires) => JSON.stringify([[...steps].sort(), [...wires].sort()]);

export function rectOf(inner, path) {
  const node = inner.getState().nodeLookup.get(path);
  if (!node) return null;
  return { ...node.internals.positionAbsolute, width: node.measured.width, height: node.measured.height };
}

function isSeen(inner, rect) {
  const { width, height, transform } = inner.getState();
  const left = rect.x * transform[2] + transform[0];
  const above = rect.y * transform[2] + transform[1];
  return left >= 0 && above >= 0 && left + rect.width * transform[2] <= width && above + rect.height * transform[2] <= height;
}
