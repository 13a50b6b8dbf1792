/** What a finished gesture says to Python, and how it looks until Python answers. */

import { HEAD, contains, snap, STEP_WIDTH, top } from "./geometry.js";
import { roomOn } from "./onWire.js";
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
  return { at: placeIn(inner, box, corner), parent: box?.id ?? null };
}

/** Where the dragged steps would go: the container under the pointer. */
export function dropTarget(state, inner, dragged, point) {
  return boxAt(state, inner, point, new Set(dragged.map((node) => node.id)));
}

/** A drag has ended: one edit for all that moved, one more for each that changed its container or came onto a wire. */
export function dropped(store, inner, dragged, point, wire = null) {
  const state = store.getState();
  const box = dropTarget(state, inner, dragged, point);
  const moves = {};
  const edits = [];
  for (const node of dragged) {
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
  if (edits.length) state.emit("gesture", { edits });
}
