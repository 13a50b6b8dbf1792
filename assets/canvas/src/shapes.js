/** Notes and frames. They are kept apart from the steps, and join them only on the way to React Flow. */

import { contains, handleId, handlesOf, top } from "./geometry.js";
import { rectOf } from "./view.js";

export const FRAME_HEAD = 32;
const PAD = 16;
const BELOW = 32;
export const FOLD_WIDTH = 240;
const MOST_PORTS = 8;
const BACK = -2000;
const BEHIND = -1500;

export const isShape = (id) => id.startsWith("note:") || id.startsWith("frame:");
export const noteKey = (id) => `note:${id}`;
export const frameKey = (id) => `frame:${id}`;
const bare = (id) => id.slice(id.indexOf(":") + 1);

/** The notes and frames of a flow that has just come. */
export function loadedShapes({ notes = [], frames = [] }) {
  return told([...notes.map((note) => toNote(note)), ...frames.map((frame) => toFrame(frame))]);
}

/** What is new of them; null takes one away. */
export function patchShapes(store, notes = {}, frames = {}) {
  if (!Object.keys(notes).length && !Object.keys(frames).length) return;
  const { shapes } = store.getState();
  const known = new Map(shapes.map((shape) => [shape.id, shape]));
  for (const [id, change] of Object.entries(notes)) put(known, noteKey(id), change, (old) => toNote({ ...old?.data.note, ...change, id }, old));
  for (const [id, change] of Object.entries(frames)) put(known, frameKey(id), change, (old) => toFrame({ ...old?.data.frame, ...change, id }, old));
  store.setState(told([...known.values()]));
}

function put(known, key, change, make) {
  if (change === null) known.delete(key);
  else known.set(key, make(known.get(key)));
}

/** `folded` has each step that a collapsed frame stands for, with the frame's key. */
function told(shapes) {
  const folded = new Map();
  for (const { id, data } of shapes) if (data.frame?.collapsed) data.frame.steps.forEach((path) => folded.set(path, id));
  return { shapes, folded };
}

function toNote(note, old) {
  const size = { width: note.w, height: note.h };
  const held = old?.dragging ? { position: old.position, dragging: true } : { position: { x: note.x, y: note.y } };
  return { id: noteKey(note.id), type: "note", ...held, ...size, measured: size, data: { note }, selected: Boolean(old?.selected), zIndex: BEHIND };
}

const toFrame = (frame, old) => ({ id: frameKey(frame.id), type: "frame", position: { x: 0, y: 0 }, data: { frame }, selected: Boolean(old?.selected) });

/** The key of the collapsed frame that stands for a step, or for a container that it is in. */
export function foldOf(folded, path) {
  if (!folded.size) return undefined;
  for (let at = path; at; at = at.includes("/") ? at.slice(0, at.lastIndexOf("/")) : "") if (folded.has(at)) return folded.get(at);
}

export const isHidden = (state, path) => foldOf(state.folded, path) !== undefined;

/** The frame that a step is in. */
export const frameWith = (state, path) => state.shapes.find(({ data }) => data.frame?.steps.includes(path));

export const pickedShapes = (state, kind) => state.shapes.filter((shape) => shape.selected && shape.data[kind]).map((shape) => bare(shape.id));

/** Nodes and edges as React Flow draws them: with notes and frames, and a box for each collapsed frame. */
export function withShapes(nodes, edges, shapes, folded, seen) {
  if (!shapes.length) return { nodes, edges };
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const drawn = folded.size ? crossing(edges, folded, byId, seen) : { edges, ports: new Map() };
  const ground = [];
  const inBoxes = new Map();
  for (const shape of shapes) {
    if (shape.data.note) {
      const inBox = nodes.some((node) => node.type === "box" && !node.parentId && overlaps(node, shape));
      ground.push(kept(seen, shape.id, [shape, inBox], () => (inBox ? { ...shape, zIndex: 1 } : shape)));
      continue;
    }
    const node = placedFrame(shape, byId, drawn.ports.get(shape.id), seen);
    if (!node) continue;
    if (!node.parentId) ground.push(node);
    else inBoxes.set(node.parentId, [...(inBoxes.get(node.parentId) ?? []), node]);
  }
  const all = [...ground];
  for (const node of nodes) {
    if (folded.size && foldOf(folded, node.id)) continue;
    all.push(node);
    if (inBoxes.has(node.id)) all.push(...inBoxes.get(node.id));
  }
  return { nodes: all, edges: drawn.edges };
}

/** The same value as the last time where nothing that it is made of has changed. */
function kept(seen, id, parts, make) {
  const old = seen.get(id);
  if (old && old.parts.length === parts.length && old.parts.every((part, at) => part === parts[at])) return old.value;
  const value = make();
  seen.set(id, { parts, value });
  return value;
}

/** Around its steps, wherever they are; a step that is dragged alone has left it until it is let go. */
function placedFrame(shape, byId, ports = { inputs: [], outputs: [] }, seen) {
  const { frame } = shape.data;
  const all = frame.steps.map((path) => byId.get(path)).filter(Boolean);
  if (!all.length) return null;
  const still = all.filter((node) => !node.dragging || frame.moving);
  const held = still.length ? still : all;
  const x = Math.min(...held.map((node) => node.position.x));
  const y = Math.min(...held.map((node) => node.position.y));
  const { parentId } = all[0];
  if (frame.collapsed) {
    const height = top(ports);
    const inside = all.map((node) => node.id).join("|");
    return kept(seen, shape.id, [shape, x, y, parentId, JSON.stringify(ports), inside], () => ({
      ...shape,
      type: "fold",
      parentId,
      position: { x, y },
      width: FOLD_WIDTH,
      height,
      measured: { width: FOLD_WIDTH, height },
      handles: handlesOf(ports, FOLD_WIDTH),
      data: { frame, ports },
    }));
  }
  const right = Math.max(...held.map((node) => node.position.x + node.width));
  const below = Math.max(...held.map((node) => node.position.y + node.height));
  const [width, height] = [right - x + 2 * PAD, below - y + FRAME_HEAD + PAD + BELOW];
  return kept(seen, shape.id, [shape, x, y, width, height, parentId, all.length], () => ({
    ...shape,
    parentId,
    position: { x: x - PAD, y: y - PAD - FRAME_HEAD },
    width,
    height,
    measured: { width, height },
    dragHandle: ".frame-head",
    zIndex: parentId ? 0 : BACK,
    style: { pointerEvents: "none" },
    data: { frame, count: all.length },
  }));
}

/** Wires that end in a collapsed frame end at its box; those that stay inside it are not drawn. */
function crossing(edges, folded, byId, seen) {
  const ports = new Map();
  const drawn = [];
  for (const edge of edges) {
    const [from, to] = [foldOf(folded, edge.source), foldOf(folded, edge.target)];
    if (!from && !to) drawn.push(edge);
    else if (from !== to) {
      const source = from ? [from, portFor(ports, from, "outputs", "out", byId.get(edge.source), edge.sourceHandle, edge.data.faint)] : [edge.source, edge.sourceHandle];
      const target = to ? [to, portFor(ports, to, "inputs", "in", byId.get(edge.target), edge.targetHandle, edge.data.faint)] : [edge.target, edge.targetHandle];
      drawn.push(
        kept(seen, `wire ${edge.id}`, [edge, ...source, ...target], () => ({ ...edge, source: source[0], sourceHandle: source[1], target: target[0], targetHandle: target[1], reconnectable: false })),
      );
    }
  }
  return { edges: drawn, ports };
}

/** The row of a collapsed frame for a port inside it; order and references end at its head, and what is too much. */
function portFor(ports, key, list, side, node, handle, faint) {
  if (!ports.has(key)) ports.set(key, { inputs: [], outputs: [] });
  const name = handle.slice(handle.indexOf(":") + 1);
  if (!name || faint || !node) return handleId(side, "");
  const rows = ports.get(key)[list];
  const id = `${node.id}.${name}`;
  if (!rows.some((row) => row.name === id)) {
    if (rows.length >= MOST_PORTS) return handleId(side, "");
    rows.push({ name: id, label: node.data.ports[list].find((port) => port.name === name)?.label || name, title: node.data.step.title });
  }
  return handleId(side, id);
}

const overlaps = (box, { position, width, height }) =>
  contains({ ...box.position, width: box.width, height: box.height }, { x: position.x + width / 2, y: position.y + height / 2 });

/** The frame at this place that lies in this container: an open one, or the box of a collapsed one. */
export function frameAt(state, inner, point, parent) {
  let found = null;
  for (const shape of state.shapes) {
    if (!shape.data.frame) continue;
    const rect = rectOf(inner, shape.id);
    const node = inner.getState().nodeLookup.get(shape.id);
    if (rect && (node.parentId ?? null) === parent && contains(rect, point)) found = shape;
  }
  return found;
}

/** The steps that go along with frames that are dragged, and where they began. */
export function beginFrames(store, inner, dragged) {
  const { nodes, shapes } = store.getState();
  const keys = new Set(dragged.filter((node) => node.id.startsWith("frame:")).map((node) => node.id));
  if (!keys.size) return null;
  const held = new Map();
  const moving = shapes.map((shape) => {
    if (!keys.has(shape.id)) return shape;
    const steps = new Set(shape.data.frame.steps);
    const at = inner.getState().nodeLookup.get(shape.id).position;
    held.set(shape.id, { at: { ...at }, steps: new Map(nodes.filter((node) => steps.has(node.id)).map((node) => [node.id, { ...node.position }])) });
    return { ...shape, data: { frame: { ...shape.data.frame, moving: true } } };
  });
  store.setState({ shapes: moving });
  return held;
}

export const stepsIn = (held) => [...(held?.values() ?? [])].flatMap(({ steps }) => [...steps.keys()]);

export function endFrames(store) {
  store.setState(({ shapes }) => ({ shapes: shapes.map((shape) => (shape.data.frame?.moving ? { ...shape, data: { frame: { ...shape.data.frame, moving: false } } } : shape)) }));
}

/** What React Flow says of shapes is kept with them; a frame that moves takes its steps along. Gives what is about steps. */
export function takeShapes(store, changes, held) {
  if (!changes.some((change) => change.id && isShape(change.id))) return changes;
  const own = changes.filter((change) => isShape(change.id));
  const rest = changes.filter((change) => !isShape(change.id));
  const named = new Set(rest.filter((change) => change.type === "position").map((change) => change.id));
  for (const change of own) {
    const began = held?.get(change.id);
    if (change.type !== "position" || !change.position || !began) continue;
    const [x, y] = [change.position.x - began.at.x, change.position.y - began.at.y];
    for (const [path, at] of began.steps) {
      if (!named.has(path)) rest.push({ id: path, type: "position", position: { x: at.x + x, y: at.y + y }, dragging: change.dragging });
    }
  }
  store.setState(({ shapes }) => ({ shapes: shapes.map((shape) => own.reduce(changed, shape)) }));
  return rest;
}

function changed(shape, change) {
  if (change.id !== shape.id) return shape;
  if (change.type === "select") return shape.selected === change.selected ? shape : { ...shape, selected: change.selected };
  if (!shape.data.note) return shape;
  if (change.type === "position") return { ...shape, position: change.position ?? shape.position, dragging: change.dragging };
  if (change.type === "dimensions" && change.dimensions && change.setAttributes) return { ...shape, ...change.dimensions, measured: change.dimensions };
  return shape;
}

/** Where dragged notes were let go, as edits. */
export function notesDropped(state, dragged) {
  const edits = [];
  for (const { id } of dragged) {
    const shape = state.shapes.find((each) => each.id === id && each.data.note);
    if (!shape) continue;
    const { note } = shape.data;
    const [x, y] = [Math.round(shape.position.x), Math.round(shape.position.y)];
    if (x !== note.x || y !== note.y) edits.push({ do: "note", id: note.id, at: [x, y, note.w, note.h] });
  }
  return edits;
}

/** A step stands in another frame until Python says otherwise. */
export function joined(store, paths, key) {
  store.setState(({ shapes }) =>
    told(
      shapes.map((shape) => {
        const { frame } = shape.data;
        if (!frame) return shape;
        const left = frame.steps.filter((path) => !paths.includes(path));
        const steps = shape.id === key ? [...left, ...paths] : left;
        return steps.length === frame.steps.length && shape.id !== key ? shape : { ...shape, data: { frame: { ...frame, steps } } };
      }),
    ),
  );
}

export function selectShapes(store, keys) {
  const wanted = new Set(keys);
  store.setState(({ shapes }) =>
    shapes.some((shape) => Boolean(shape.selected) !== wanted.has(shape.id))
      ? { shapes: shapes.map((shape) => (Boolean(shape.selected) === wanted.has(shape.id) ? shape : { ...shape, selected: wanted.has(shape.id) })) }
      : {},
  );
}

