/** A step that is let go on a wire: which wire that is, and the room it takes there. */

import { STEP_WIDTH, snap } from "./geometry.js";
import { isHidden } from "./shapes.js";
import { rectOf } from "./view.js";

const GAP = 56;
const LEVEL = 8;
const parentOf = (path) => (path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : null);

/** The wire under the pointer, or under the middle of what is dragged, that lies in this container. */
export function wireAt(state, parent, points) {
  for (const { x, y } of points) {
    for (const found of document.elementsFromPoint(x, y)) {
      if (!found.classList.contains("react-flow__edge-interaction")) continue;
      const id = found.closest(".react-flow__edge").dataset.id;
      const edge = state.edges.find((each) => each.id === id);
      if (edge && !edge.data.broken && !isHidden(state, edge.source) && !isHidden(state, edge.target) && parentOf(edge.source) === parent) return edge;
    }
  }
  return null;
}

/** A single step that no wire touches yet may be put on one. */
export function loose(state, dragged) {
  const node = dragged.length === 1 && state.nodes.find((each) => each.id === dragged[0].id);
  return node && !node.data.wired.size ? node : null;
}

/** Where on the wire the step comes to lie, and where the steps behind it go so that there is room. */
export function roomOn(state, inner, edge, [x, y], path = null, width = STEP_WIDTH) {
  const byId = new Map(state.nodes.map((node) => [node.id, node]));
  const [source, target] = [byId.get(edge.source), byId.get(edge.target)];
  const [start, end] = [source.data.step, target.data.step];
  const first = (start.x ?? 0) + rectOf(inner, source.id).width + GAP;
  if ((end.x ?? 0) < first - GAP) return { at: [x, y], moves: {} };
  const at = [Math.max(x, snap(first)), Math.abs((start.y ?? 0) - (end.y ?? 0)) < LEVEL ? (start.y ?? 0) : y];
  // In a wide gap it stays where it was let go; in a narrow one what is behind it makes room.
  const last = (end.x ?? 0) - GAP - width;
  if (at[0] > last && last >= first) at[0] = last;
  const by = snap(at[0] + width + GAP - (end.x ?? 0));
  const behind = state.nodes.filter((node) => node.id !== path && node.parentId === target.parentId && (node.data.step.x ?? 0) >= (end.x ?? 0));
  const moves = by > 0 ? Object.fromEntries(behind.map(({ id, data: { step } }) => [id, [(step.x ?? 0) + by, step.y ?? 0]])) : {};
  return { at, moves };
}
