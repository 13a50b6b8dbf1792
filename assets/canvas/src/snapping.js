/** While steps are dragged, their edges and middles catch on those of the steps around them, and lines show it. */

const NEAR = 6;
/** Edges catch on edges, middles on middles. */
const SIDES = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
  [0.5, 0.5],
];

/** What the dragged steps may catch on: the steps in sight that lie in the same container. */
export function beginSnap(state, inner, dragged, along = []) {
  const { nodeLookup, transform, width, height } = inner.getState();
  const [left, above, zoom] = transform;
  const seen = { x: -left / zoom, y: -above / zoom, width: width / zoom, height: height / zoom };
  const picked = new Set([...dragged.map((node) => node.id), ...along]);
  const parents = new Set(dragged.map((node) => node.parentId));
  const rect = (id) => {
    const { internals, measured, position } = nodeLookup.get(id);
    return { ...internals.positionAbsolute, width: measured.width, height: measured.height, position };
  };
  const around = parents.size > 1 ? [] : state.nodes.filter((node) => !picked.has(node.id) && parents.has(node.parentId) && nodeLookup.has(node.id)).map((node) => rect(node.id));
  return {
    own: new Map(dragged.map((node) => [node.id, rect(node.id)])),
    around: around.filter((each) => each.x < seen.x + seen.width && each.x + each.width > seen.x && each.y < seen.y + seen.height && each.y + each.height > seen.y),
    reach: NEAR / zoom,
  };
}

/** The position changes of a drag, all moved by the little that makes them catch, and the lines to draw. */
export function snapped(snap, changes) {
  const moved = changes.filter((change) => change.type === "position" && change.position && snap.own.has(change.id));
  if (!moved.length || !snap.around.length) return { changes, guides: [] };
  const rects = moved.map(({ id, position }) => {
    const own = snap.own.get(id);
    return { x: own.x + position.x - own.position.x, y: own.y + position.y - own.position.y, width: own.width, height: own.height };
  });
  const whole = union(rects);
  const dx = pull(whole, snap, "x", "width");
  const dy = pull(whole, snap, "y", "height");
  const there = { ...whole, x: whole.x + dx.by, y: whole.y + dy.by };
  const guides = [...(dx.found ? lines(there, snap.around, "x", "width", "y", "height") : []), ...(dy.found ? lines(there, snap.around, "y", "height", "x", "width") : [])];
  const ids = new Set(moved.map((change) => change.id));
  return {
    changes: changes.map((change) => (ids.has(change.id) && change.type === "position" && change.position ? { ...change, position: { x: change.position.x + dx.by, y: change.position.y + dy.by } } : change)),
    guides,
  };
}

function pull(whole, { around, reach }, side, size) {
  let best = null;
  for (const other of around) {
    for (const [mine, theirs] of SIDES) {
      const by = other[side] + other[size] * theirs - (whole[side] + whole[size] * mine);
      if (Math.abs(by) <= reach && (best === null || Math.abs(by) < Math.abs(best))) best = by;
    }
  }
  return { by: best ?? 0, found: best !== null };
}

/** One line for each place where the dragged steps now lie level with another. */
function lines(whole, around, side, size, across, length) {
  const found = new Map();
  for (const other of around) {
    for (const [mine, theirs] of SIDES) {
      const at = whole[side] + whole[size] * mine;
      if (Math.abs(other[side] + other[size] * theirs - at) > 0.5) continue;
      const line = found.get(at) ?? { along: across, at, from: whole[across], to: whole[across] + whole[length] };
      line.from = Math.min(line.from, other[across]);
      line.to = Math.max(line.to, other[across] + other[length]);
      found.set(at, line);
    }
  }
  return [...found.values()];
}

function union(rects) {
  const x = Math.min(...rects.map((rect) => rect.x));
  const y = Math.min(...rects.map((rect) => rect.y));
  return { x, y, width: Math.max(...rects.map((rect) => rect.x + rect.width)) - x, height: Math.max(...rects.map((rect) => rect.y + rect.height)) - y };
}
