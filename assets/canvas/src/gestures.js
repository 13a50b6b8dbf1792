/** What a finished gesture says to Python, and how it looks until Python answers. */

import { HEAD, contains, snap, STEP_WIDTH, top } from "./geometry.js";
import { roomOn } from "./onWire.js";
import { frameAt, frameWith, isShape, joined, notesDropped } from "./shapes.js";
import { settle } from "./store.js";
import { rectOf } from "./view.js";

const NEAR_EDGE = 8;

/** The innermost container whose inside is at this place of the flow; steps in `without` do not count, nor what they hold. */
export function boxAt(state, inner, point, without = new Set()) {
  let found = null;
  for (const node of state.nodes) {
    if (node.type !== "box" || [...without].some((path) => node.id === path || node.id.startsWith(`${path}/`))) continue;
    const rect = rectOf(inner, node.id);
    if (rect && contains({ ...rect, y: rect.y + HEAD, height: rect.height - HEAD }, point)) found = node;
  }
  return found;
}

/** A place in a container as Python counts it: from where the inside begins. */
export function placeIn(inner, box, point) {
  if (!box) return [Math.round(point.x), Math.round(point.y)];
  const rect = rectOf(inner, box.id);
  return [
    Math.max(NEAR_EDGE, Math.round(point.x - rect.x)),
    Math.max(NEAR_EDGE, Math.round(point.y - rect.y - top(box.data.ports))),
  ];
}

/** Where a new step lands when it is let go here: its middle under the pointer. */
export function landing(state, inner, point) {
  const box = boxAt(state, inner, point);
  const corner = { x: snap(point.x - STEP_WIDTH / 2), y: snap(point.y - HEAD / 2) };
  return { at: placeIn(inner, box, corner), parent: box?.id ?? null, frame: frameAt(state, inner, point, box?.id ?? null)?.data.frame.id ?? null };
}

/** Where the dragged steps would go: the container under the pointer. */
export function dropTarget(state, inner, dragged, point) {
  return boxAt(state, inner, point, new Set(dragged.map((node) => node.id)));
}

/** The frame that dragged steps would be in: the one under the pointer, in the container under the pointer. */
export function frameTarget(state, inner, dragged, box, point, along) {
  const steps = dragged.filter((node) => !isShape(node.id) && !along.includes(node.id));
  if (!steps.length || !state.shapes.length) return undefined;
  return frameAt(state, inner, point, box?.id ?? null);
}

/**
 * A drag has ended: one edit for all that moved, one more for each that changed its container or came onto a wire.
 * The steps `along` have been taken along by their frame, and stay in it and in their container.
 */
export function dropped(store, inner, dragged, point, wire = null, along = []) {
  const state = store.getState();
  const steps = dragged.filter((node) => !isShape(node.id) && !along.includes(node.id));
  const box = dropTarget(state, inner, steps, point);
  const moves = movedAlong(state, along);
  const edits = [];
  const frame = frameTarget(state, inner, dragged, box, point, along);
  const joins = steps.filter((node) => frame !== undefined && frame !== (frameWith(state, node.id) ?? null)).map((node) => node.id);
  for (const node of steps) {
    const rect = rectOf(inner, node.id);
    const known = state.nodes.find((each) => each.id === node.id);
    if (!rect || !known) continue;
    const at = placeIn(inner, box, rect);
    if ((box?.id ?? null) !== (known.parentId ?? null)) {
      edits.push({ do: "reparent", path: node.id, parent: box?.id ?? null, at });
    } else if (at[0] !== known.data.step.x || at[1] !== known.data.step.y) {
      moves[node.id] = at;
    }
  }
  if (wire) {
    const [{ id, measured }] = dragged;
    const known = state.nodes.find((each) => each.id === id).data.step;
    const room = roomOn(state, inner, wire, moves[id] ?? [known.x, known.y], id, measured.width);
    Object.assign(moves, room.moves, { [id]: room.at });
    edits.push({ do: "insert", path: id, wire: wire.id });
  }
  if (Object.keys(moves).length) edits[wire ? "push" : "unshift"]({ do: "move", to: moves });
  settle(store, moves);
  edits.push(...notesDropped(state, dragged));
  const left = joins.filter((path) => frame || !edits.some((edit) => edit.do === "reparent" && edit.path === path));
  if (left.length) {
    const paths = left.map((path) => (edits.some((edit) => edit.do === "reparent" && edit.path === path) ? [box?.id, path.slice(path.lastIndexOf("/") + 1)].filter(Boolean).join("/") : path));
    edits.push({ do: "join", steps: paths, frame: frame?.data.frame.id ?? "" });
    joined(store, left, frame?.id);
  }
  if (edits.length) state.emit("gesture", { edits });
}

/** Where steps have come that their frame has taken along. */
function movedAlong(state, along) {
  const moves = {};
  const known = new Map(state.nodes.map((node) => [node.id, node]));
  for (const path of along) {
    const { position, parentId, data } = known.get(path);
    const at = [Math.round(position.x), Math.round(position.y - (parentId ? top(known.get(parentId).data.ports) : 0))];
    if (at[0] !== data.step.x || at[1] !== data.step.y) moves[path] = at.map((value) => (parentId ? Math.max(NEAR_EDGE, value) : value));
  }
  return moves;
}
