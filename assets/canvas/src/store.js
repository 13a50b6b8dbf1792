/** What is on the canvas. Python's truth comes in by load, patch and light; gestures change positions and selection only. */

import { createStore } from "zustand/vanilla";

import { handleId, handlesOf, isBox, portsOf, sizeAround, sizeOf, top } from "./geometry.js";
import { loadedShapes, patchShapes } from "./shapes.js";
import { merged } from "./strip.js";
import { firstView, nearness } from "./view.js";
import { STATUS } from "./words.js";

export function createCanvas(emit) {
  return createStore(() => ({
    emit,
    loaded: 0,
    nodes: [],
    edges: [],
    shapes: [],
    folded: new Map(),
    writing: null,
    into: null,
    clip: null,
    parents: new Set(),
    extras: new Map(),
    catalogue: {},
    accepts: {},
    words: {},
    mode: "edit",
    lights: {},
    strips: {},
    now: Date.now(),
    firstView: null,
    view: null,
    asked: [],
    held: false,
    wiring: null,
    refusal: null,
    hovered: null,
    drop: null,
    onto: null,
    guides: [],
    others: [],
    far: false,
    dots: false,
    pictured: false,
    map: true,
    outline: null,
    listed: null,
    wheel: "auto",
    crowded: false,
    lasso: false,
    menu: null,
    sample: null,
    said: "",
  }));
}

export function load(store, flow, element) {
  const catalogue = flow.catalogue ?? {};
  const wires = flow.wires ?? [];
  const extras = lostPorts(flow.steps, wires, catalogue);
  const nodes = fitted(byDepth(flow.steps.map((step) => toNode(step, catalogue, extras))));
  const byId = nodesById(nodes);
  const edges = wires.filter((wire) => byId.has(wire.source) && byId.has(wire.target)).map((wire) => toEdge(wire, byId));
  const view = flow.viewport ?? (element.clientWidth ? firstView(nodes, element.clientWidth, element.clientHeight) : null);
  store.setState((state) => ({
    loaded: state.loaded + 1,
    ...loadedShapes(flow),
    writing: null,
    into: null,
    nodes: withWires(placed(nodes), edges),
    edges,
    parents: parentsOf(nodes),
    extras,
    catalogue,
    accepts: flow.accepts ?? {},
    words: flow.words ?? {},
    mode: flow.mode ?? "edit",
    lights: flow.lights ?? {},
    strips: Object.fromEntries(Object.entries(flow.strips ?? {}).map(([path, strip]) => [path, merged({}, strip)])),
    now: Date.now(),
    firstView: view,
    held: Boolean(flow.viewport),
    ...nearness(view?.zoom ?? 1),
    menu: null,
    sample: null,
    wiring: null,
    refusal: null,
    hovered: null,
  }));
  if (view) store.getState().view?.jump(view);
}

export function patch(store, { steps = {}, wires = {}, notes, frames, catalogue, mode }) {
  patchShapes(store, notes, frames);
  const state = store.getState();
  const kinds = catalogue ? { ...state.catalogue, ...catalogue } : state.catalogue;

  let edges = state.edges;
  if (Object.keys(wires).length) {
    const known = new Set(edges.map((edge) => edge.id));
    edges = edges.filter((edge) => wires[edge.id] !== null).map((edge) => (wires[edge.id] ? { ...edge, data: wires[edge.id] } : edge));
    edges.push(...Object.values(wires).filter((wire) => wire && !known.has(wire.id)).map((wire) => ({ id: wire.id, data: wire })));
  }

  const before = nodesById(state.nodes);
  const allSteps = new Map(state.nodes.map((node) => [node.id, node.data.step]));
  for (const [path, change] of Object.entries(steps)) {
    if (change === null) allSteps.delete(path);
    else allSteps.set(path, { ...allSteps.get(path), ...change, path });
  }
  const found = lostPorts([...allSteps.values()], edges.map((edge) => edge.data), kinds);
  const extras = sameExtras([...found], [...state.extras]) ? state.extras : found;

  let nodes = [];
  let moved = false;
  for (const [path, step] of allSteps) {
    const old = before.get(path);
    const same = old && !(path in steps) && !catalogue && sameExtras(extras.get(path), state.extras.get(path));
    if (same) {
      nodes.push(old);
      continue;
    }
    const next = toNode(step, kinds, extras);
    if (old) Object.assign(next, { selected: old.selected, measured: old.measured }, old.dragging && { position: old.position, dragging: true });
    moved ||= !old || old.parentId !== next.parentId;
    nodes.push(next);
  }
  if (moved) nodes = byDepth(nodes);
  nodes = placed(fitted(nodes));

  const byId = nodesById(nodes);
  edges = edges
    .filter((edge) => byId.has(edge.data.source) && byId.has(edge.data.target))
    .map((edge) => {
      const stale = wires[edge.id] || extras !== state.extras || catalogue;
      return stale ? toEdge(edge.data, byId, edge) : edge;
    });
  store.setState({ nodes: withWires(nodes, edges), edges, parents: parentsOf(nodes), extras, catalogue: kinds, ...(mode && { mode }) });
}

/** Steps stay where a gesture has put them, until Python says otherwise. */
export function settle(store, moves) {
  const nodes = store.getState().nodes.map((node) => {
    const at = moves[node.id];
    const still = node.dragging ? { ...node, dragging: false } : node;
    if (!at) return still;
    const size = at.length > 2 ? { w: at[2], h: at[3] } : {};
    return resized({ ...still, position: { x: at[0], y: at[1] }, data: { ...node.data, step: { ...node.data.step, x: at[0], y: at[1], ...size } } });
  });
  store.setState({ nodes: placed(fitted(nodes)) });
}

/** A container in the size that it is given; `fitted` makes it larger where its steps need that. */
function resized(node) {
  if (node.type !== "box") return node;
  const { step, ports } = node.data;
  const { width, height } = sizeOf(step, true, ports);
  return { ...node, width, height, measured: { width, height }, handles: handlesOf(ports, width) };
}

export function light(store, changes, clear) {
  const { lights, nodes } = store.getState();
  const next = clear ? {} : { ...lights };
  let said = "";
  for (const [path, change] of Object.entries(changes ?? {})) {
    if (change === null) delete next[path];
    else {
      next[path] = { ...next[path], ...change };
      if (["failed", "asked", "paused"].includes(change.status)) {
        const title = nodes.find((node) => node.id === path)?.data.step.title ?? path;
        said = `${title}: ${next[path].message ?? STATUS[change.status].word}`;
      }
    }
  }
  store.setState({ lights: next, now: Date.now(), ...(said && { said }) });
}

/** How the rounds of containers stand: what is new of them, None for a container that has none. */
export function strips(store, changes, clear) {
  const next = clear ? {} : { ...store.getState().strips };
  for (const [path, change] of Object.entries(changes ?? {})) {
    if (change === null) delete next[path];
    else next[path] = merged(next[path], change);
  }
  store.setState({ strips: next });
}

function toNode(step, catalogue, extras) {
  const kind = catalogue[step.kind];
  const ports = portsOf(step, kind, extras.get(step.path));
  const box = isBox(step, kind);
  const { width, height } = sizeOf(step, box, ports);
  return {
    id: step.path,
    type: box ? "box" : "step",
    parentId: step.parent || undefined,
    position: { x: step.x ?? 0, y: step.y ?? 0 },
    width,
    height,
    measured: { width, height },
    handles: handlesOf(ports, width),
    data: { step, kind, ports },
    // The inside of a container lets the pointer through: it pans, and takes a selection box, like the background.
    ...(box && { dragHandle: ".step-head", style: { pointerEvents: "none" } }),
  };
}

function toEdge(wire, nodes, old) {
  const end = (path, side, port) => {
    const ports = nodes.get(path)?.data.ports[side === "in" ? "inputs" : "outputs"] ?? [];
    return handleId(side, ports.some((each) => each.name === port) ? port : "");
  };
  return {
    id: wire.id,
    type: "wire",
    source: wire.source,
    sourceHandle: end(wire.source, "out", wire.source_port),
    target: wire.target,
    targetHandle: end(wire.target, "in", wire.target_port),
    selectable: !wire.faint,
    focusable: false,
    reconnectable: Boolean(old?.selected) && !wire.faint,
    selected: Boolean(old?.selected) && !wire.faint,
    data: wire,
  };
}

/** Ports that a wire names and the catalogue does not know: drawn, so that a broken wire can be seen and removed. */
function lostPorts(steps, wires, catalogue) {
  const known = new Map(steps.map((step) => [step.path, portsOf(step, catalogue[step.kind])]));
  const lost = new Map();
  const note = (path, side, name) => {
    if (!name || !known.has(path) || known.get(path)[side].some((port) => port.name === name)) return;
    const ports = lost.get(path) ?? { inputs: [], outputs: [] };
    if (!ports[side].includes(name)) ports[side].push(name);
    lost.set(path, ports);
  };
  for (const wire of wires) {
    if (wire.faint) continue;
    note(wire.source, "outputs", wire.source_port);
    note(wire.target, "inputs", wire.target_port);
  }
  return lost;
}

const sameExtras = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const depth = (node) => node.id.split("/").length;
const byDepth = (nodes) => nodes.map((node, index) => [depth(node), index, node]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map((each) => each[2]);
const parentsOf = (nodes) => new Set(nodes.map((node) => node.parentId));
const nodesById = (nodes) => new Map(nodes.map((node) => [node.id, node]));

/** Steps in a container are placed from where its inside begins; React Flow counts from the container's corner. */
function placed(nodes) {
  const byId = nodesById(nodes);
  return nodes.map((node) => {
    const parent = byId.get(node.parentId);
    if (!parent || node.dragging) return node;
    const y = (node.data.step.y ?? 0) + top(parent.data.ports);
    return node.position.y === y ? node : { ...node, position: { ...node.position, y } };
  });
}

/** Containers at least as large as what is in them; `nodes` has containers before their steps. */
export function fitted(nodes) {
  const inside = new Map();
  for (const node of nodes) if (node.parentId) inside.set(node.parentId, [...(inside.get(node.parentId) ?? []), node]);
  if (!inside.size) return nodes;
  const sized = nodesById(nodes);
  for (const node of [...nodes].reverse()) {
    if (node.type !== "box") continue;
    const { step, ports } = node.data;
    const from = top(ports);
    const children = (inside.get(node.id) ?? []).map((child) => {
      const latest = sized.get(child.id);
      return { ...latest, position: { x: child.data.step.x ?? 0, y: (child.data.step.y ?? 0) + from } };
    });
    const given = sizeOf(step, true, ports);
    const needed = sizeAround(children);
    const width = Math.max(given.width, needed.width);
    const height = Math.max(given.height, needed.height);
    if (width !== node.width || height !== node.height) {
      sized.set(node.id, { ...node, width, height, measured: { width, height }, handles: handlesOf(ports, width) });
    }
  }
  return nodes.map((node) => sized.get(node.id));
}

const NONE = new Set();

/** Each step told which of its ports have wires; a step whose ports are as they were stays the same value. */
function withWires(nodes, edges) {
  const wired = new Map();
  const note = (path, handle) => wired.set(path, (wired.get(path) ?? new Set()).add(handle));
  for (const edge of edges) {
    if (edge.data.faint) continue;
    note(edge.source, edge.sourceHandle);
    note(edge.target, edge.targetHandle);
  }
  return nodes.map((node) => {
    const now = wired.get(node.id) ?? NONE;
    const before = node.data.wired;
    const same = before && before.size === now.size && [...now].every((handle) => before.has(handle));
    return same ? node : { ...node, data: { ...node.data, wired: now } };
  });
}
