/** A flow as lines of a list: each step after those it gets something from, what is inside a container below it. */

import { portName } from "./geometry.js";
import { tr } from "./tr.js";
import { capital } from "./words.js";

/**
 * The lines that are shown, from top to bottom. A line is a step, or the place at the end of a container, or of the
 * flow, where one can be added.
 */
export function linesOf({ nodes, edges, mode }, folded) {
  const inside = new Map();
  for (const node of nodes) {
    if (!inside.has(node.parentId)) inside.set(node.parentId, []);
    inside.get(node.parentId).push(node);
  }
  const before = new Map();
  for (const { source, target } of edges) {
    if (!before.has(target)) before.set(target, []);
    before.get(target).push(source);
  }
  const found = [];
  const list = (parent, level) => {
    const steps = inOrder(inside.get(parent) ?? [], before);
    const adds = mode === "edit";
    steps.forEach((node, at) => {
      const open = node.type === "box" && !folded.has(node.id);
      found.push({ id: node.id, node, level, at: at + 1, of: steps.length + adds, open: node.type === "box" ? open : undefined });
      if (open) list(node.id, level + 1);
    });
    if (adds) found.push({ id: `${parent ?? ""}/+`, add: true, parent: parent ?? "", level, at: steps.length + 1, of: steps.length + 1 });
  };
  list(undefined, 1);
  return found;
}

/** Steps after what they get something from; among those that could be next, the one further left, then further up. */
function inOrder(nodes, before) {
  const left = new Map(nodes.map((node) => [node.id, node]));
  const waits = new Map(nodes.map((node) => [node.id, new Set((before.get(node.id) ?? []).filter((id) => left.has(id) && id !== node.id))]));
  const after = new Map();
  for (const [id, sources] of waits) for (const source of sources) after.set(source, [...(after.get(source) ?? []), id]);
  const ready = nodes.filter((node) => !waits.get(node.id).size).sort(byPlace);
  const found = [];
  while (left.size) {
    // What waits in a circle comes where it stands.
    const next = ready.shift() ?? [...left.values()].sort(byPlace)[0];
    if (!left.delete(next.id)) continue;
    found.push(next);
    const freed = (after.get(next.id) ?? []).filter((id) => left.has(id) && waits.get(id).delete(next.id) && !waits.get(id).size);
    if (freed.length) {
      ready.push(...freed.map((id) => left.get(id)));
      ready.sort(byPlace);
    }
  }
  return found;
}

const byPlace = (a, b) => a.position.x - b.position.x || a.position.y - b.position.y;

/** Says what a port is called: as on its step in another language, and by its key where that is all there is. */
export function portsCalled(nodes) {
  const known = new Map(nodes.map((node) => [node.id, node.data.ports]));
  return (path, side, name) => {
    const label = known.get(path)?.[side].find((port) => port.name === name)?.label;
    return label && label !== name.replaceAll("_", " ") ? label : name;
  };
}

/** What a step gets, and from where: `rows of Read table`, `after Open page`, `uses Prices`. */
export function comesFrom(edges, titles, called, id) {
  const said = edges.filter((edge) => edge.target === id).map(({ data, source }) => {
    const title = titles.get(source) ?? source;
    if (data.faint) return tr("uses {step}", { step: title });
    return data.source_port ? tr("{port} of {step}", { port: called(source, "outputs", data.source_port), step: title }) : tr("after {step}", { step: title });
  });
  return [...new Set(said)].join(", ");
}

/** The wires at a step, as sentences, those that come before those that go. */
export function wiresAt(edges, titles, called, id) {
  const told = (edge) => {
    const output = called(edge.source, "outputs", edge.data.source_port);
    const input = called(edge.target, "inputs", edge.data.target_port);
    const [from, to] = [titles.get(edge.source) ?? edge.source, titles.get(edge.target) ?? edge.target];
    if (edge.target === id) {
      if (!output) return tr("After {step}", { step: from });
      return input ? tr("From {step}: {output} into {input}", { step: from, output, input }) : tr("From {step}: {output}", { step: from, output });
    }
    if (!output) return tr("Before {step}", { step: to });
    return input ? tr("To {step}: {output} into {input}", { step: to, output, input }) : tr("To {step}: {output}", { step: to, output });
  };
  const own = edges.filter((edge) => !edge.data.faint && (edge.target === id || edge.source === id));
  return own.sort((a, b) => (a.target === id ? 0 : 1) - (b.target === id ? 0 : 1)).map((edge) => ({ id: edge.id, text: told(edge) }));
}

/** A port as a person reads it: `rows`, or `only the order`. */
export function portWords(node, side, handle) {
  const name = portName(handle);
  if (!name) return tr("only the order");
  const port = node.data.ports[side].find((each) => each.name === name);
  return port?.label || capital(name);
}

/** The line that a key leads to from the one with this number; null where it leads nowhere. */
export function lineTowards(lines, at, key) {
  const line = lines[at];
  switch (key) {
    case "ArrowDown":
      return lines[at + 1] ?? null;
    case "ArrowUp":
      return lines[at - 1] ?? null;
    case "Home":
      return lines[0] ?? null;
    case "End":
      return lines.at(-1) ?? null;
    case "ArrowRight":
      return line?.open ? lines[at + 1] : null;
    case "ArrowLeft":
      return lines.slice(0, at).findLast((each) => each.level < line.level) ?? null;
    default:
      return null;
  }
}
