/** Places for steps, so that wires lead to the right and cross little. Pure: it runs in a worker. */

import { Graph, layout } from "@dagrejs/dagre";

const GRID = 8;
const BETWEEN = 64; // from a column to the next: room for wires
const BELOW = 48; // from a step to the one under it: room for its figures
const MARGIN = 24;
const SMALLEST = { width: 248, height: 104 };
const FEW = 120;
const LEVEL = 96; // a step that is off its wire by no more than this is put level with it
const snap = (value) => Math.round(value / GRID) * GRID;

/**
 * `steps` have path, parent, x, y, width, height, top (where the inside of a container begins) and box; `wires` have
 * source, target, from and to (the height of their ports), faint. Only `chosen` steps are moved, all where it is null.
 * Gives new places by path; those of containers with a size.
 */
export function tidy({ steps, wires, chosen }) {
  const inside = new Map();
  for (const step of steps) inside.set(step.parent, [...(inside.get(step.parent) ?? []), step]);
  const picked = chosen && new Set(chosen);
  const to = {};

  const lay = (parent, all) => {
    const held = inside.get(parent) ?? [];
    for (const step of held) if (step.box && inside.has(step.path)) fit(step, lay(step.path, all || picked.has(step.path)));
    const group = all ? held : held.filter((step) => picked.has(step.path));
    if (group.length < 2 && !(all && parent)) return held;
    const corner = all && parent ? { x: MARGIN, y: MARGIN } : { x: least(group, "x"), y: least(group, "y") };
    const places = placed(group, wires);
    for (const step of group) {
      const at = places.get(step.path);
      Object.assign(step, { x: snap(corner.x) + at.x, y: snap(corner.y) + at.y });
      to[step.path] = [step.x, step.y, ...(step.box ? [step.width, step.height] : [])];
    }
    return held;
  };

  const fit = (box, held) => {
    if (!held.some((step) => step.path in to)) return;
    const size = {
      width: snap(Math.max(SMALLEST.width, ...held.map((step) => step.x + step.width + MARGIN))),
      height: snap(Math.max(box.top + SMALLEST.height, ...held.map((step) => box.top + step.y + step.height + MARGIN))),
    };
    if (size.width === box.width && size.height === box.height) return;
    Object.assign(box, size);
    to[box.path] = [box.x, box.y, box.width, box.height];
  };

  lay("", !picked);
  return to;
}

/** Places from 0, 0: what is wired by columns, what is not in rows below. */
function placed(group, wires) {
  const known = new Map(group.map((step) => [step.path, step]));
  const between = wires.filter((wire) => known.has(wire.source) && known.has(wire.target) && wire.source !== wire.target);
  const wired = new Set(between.flatMap((wire) => [wire.source, wire.target]));
  const tied = group.filter((step) => wired.has(step.path));
  const places = tied.length ? columns(tied, between) : new Map();

  const loose = group.filter((step) => !wired.has(step.path)).sort((a, b) => a.y - b.y || a.x - b.x);
  const ends = tied.map((step) => [places.get(step.path).x + step.width, places.get(step.path).y + step.height]);
  const width = Math.max(...ends.map((end) => end[0]), Math.ceil(Math.sqrt(loose.length)) * (200 + BETWEEN));
  let [x, y, high] = [0, Math.max(...ends.map((end) => end[1] + BELOW), 0), 0];
  y = Math.ceil(y / GRID) * GRID;
  for (const step of loose) {
    if (x && x + step.width > width) [x, y, high] = [0, y + high, 0];
    places.set(step.path, { x, y });
    x += snap(step.width + BETWEEN);
    high = Math.max(high, snap(step.height + BELOW));
  }
  return places;
}

function columns(steps, wires) {
  const graph = new Graph({ multigraph: true });
  // The exact ranker takes its time: a large flow is placed by the quick one.
  graph.setGraph({ rankdir: "LR", nodesep: BELOW, ranksep: BETWEEN, edgesep: 16, ranker: steps.length > FEW ? "tight-tree" : "network-simplex" });
  graph.setDefaultEdgeLabel(() => ({}));
  // From top to bottom as they lie: where nothing else decides, that order stays.
  for (const { path, width, height } of [...steps].sort((a, b) => a.y - b.y || a.x - b.x)) graph.setNode(path, { width, height });
  wires.forEach((wire, index) => graph.setEdge(wire.source, wire.target, { weight: wire.faint ? 1 : 3 }, String(index)));
  layout(graph);

  const ranks = new Map();
  for (const step of steps) {
    const { x, y } = graph.node(step.path);
    const middle = Math.round(x);
    ranks.set(middle, [...(ranks.get(middle) ?? []), { step, x: x - step.width / 2, y: y - step.height / 2 }]);
  }
  const ends = new Map(steps.map((step) => [step.path, { into: [], out: [] }]));
  // A reference pulls only where no wire does.
  for (const wire of [...wires].sort((a, b) => a.faint - b.faint)) {
    const [{ out }, { into }] = [ends.get(wire.source), ends.get(wire.target)];
    if (!wire.faint || !into.length || into[0].faint) into.push(wire);
    if (!wire.faint || !out.length || out[0].faint) out.push(wire);
  }
  const places = new Map();
  const inOrder = [...ranks.keys()].sort((a, b) => a - b).map((middle) => ranks.get(middle).sort((a, b) => a.y - b.y));
  for (const rank of inOrder) {
    const left = Math.min(...rank.map((each) => each.x));
    level(rank, (path) => ends.get(path).into.map((wire) => places.get(wire.source)?.y + wire.from - wire.to));
    for (const each of rank) places.set(each.step.path, { x: left, y: each.y });
  }
  // What begins a chain goes by what follows it.
  for (const rank of inOrder.reverse()) {
    level(rank, (path) => (ends.get(path).into.length ? [] : ends.get(path).out.map((wire) => places.get(wire.target).y + wire.to - wire.from)));
    for (const each of rank) places.get(each.step.path).y = each.y;
  }
  const corner = { x: Math.min(...[...places.values()].map((at) => at.x)), y: Math.min(...[...places.values()].map((at) => at.y)) };
  return new Map([...places].map(([path, at]) => [path, { x: snap(at.x - corner.x), y: snap(at.y - corner.y) }]));
}

/** Steps of one column, each moved so that its wire is straight, as far as its neighbours leave room. */
function level(rank, straight, reach = LEVEL) {
  let above = -Infinity;
  rank.forEach((each, index) => {
    const wanted = straight(each.step.path)
      .filter((y) => Math.abs(y - each.y) <= reach)
      .sort((a, b) => a - b);
    const below = (rank[index + 1]?.y ?? Infinity) - BELOW - each.step.height;
    if (wanted.length) each.y = Math.max(above, Math.min(wanted[Math.floor((wanted.length - 1) / 2)], below));
    above = each.y + each.step.height + BELOW;
  });
}

const least = (group, side) => Math.min(...group.map((step) => step[side]));
