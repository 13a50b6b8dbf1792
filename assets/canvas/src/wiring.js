/** What fits what while a wire is being drawn. The table of types comes from Python; here it is only looked up. */

import { handleId, portName } from "./geometry.js";
import { tr } from "./tr.js";
import { capital } from "./words.js";

/** Every port that takes a wire from this one, as `path|handle`. */
export function fitting(state, path, handle) {
  const self = nodeAt(state, path);
  const found = new Set();
  if (!self) return found;
  for (const node of state.nodes) {
    if (node === self || node.parentId !== self.parentId) continue;
    for (const other of candidates(state, self, handle, node)) found.add(`${node.id}|${other}`);
  }
  return found;
}

/** Why this wire cannot be; an empty text where it can. */
export function refusal(state, { source, sourceHandle, target, targetHandle }) {
  const [start, end] = [nodeAt(state, source), nodeAt(state, target)];
  return start && end ? between(state, start, sourceHandle, end, targetHandle) : tr("This step is gone.");
}

/** The port of a step that a wire dropped on the step itself goes to. */
export function bestPort(state, path, handle, onto) {
  const [self, node] = [nodeAt(state, path), nodeAt(state, onto)];
  if (!self || !node) return null;
  const fit = candidates(state, self, handle, node);
  const many = (other) => Boolean(portOf(node, handle.startsWith("out:") ? "inputs" : "outputs", other)?.many);
  const free = (other) => !node.data.wired.has(other) || many(other);
  const data = (other) => portName(other) !== "";
  const valued = portName(handle) !== "" && (fit.find((each) => data(each) && free(each)) ?? fit.find(data));
  return valued || fit.find((each) => !data(each)) || fit[0] || null;
}

/** A drawn line as a wire from output to input, whichever end it was begun at. */
export function asWire(path, handle, onto, other) {
  return handle.startsWith("out:")
    ? { source: path, sourceHandle: handle, target: onto, targetHandle: other }
    : { source: onto, sourceHandle: other, target: path, targetHandle: handle };
}

export function asEdit({ source, sourceHandle, target, targetHandle }) {
  return { do: "connect", source, source_port: portName(sourceHandle), target, target_port: portName(targetHandle) };
}

function candidates(state, self, handle, node) {
  const inwards = handle.startsWith("out:");
  const ports = node.data.ports[inwards ? "inputs" : "outputs"].filter((port) => !port.lost);
  const handles = ["", ...ports.map((port) => port.name)].map((name) => handleId(inwards ? "in" : "out", name));
  return handles.filter((other) => !(inwards ? between(state, self, handle, node, other) : between(state, node, other, self, handle)));
}

function between(state, start, from, end, to) {
  if (start === end) return tr("A step does not follow itself.");
  if (start.parentId !== end.parentId) return tr("A wire stays inside one container. Use a reference to reach further.");
  const output = portOf(start, "outputs", from);
  const input = portOf(end, "inputs", to);
  if (!input) return "";
  if (!output) {
    const only = start.data.ports.outputs.filter((each) => !each.lost && fits(state.accepts, each.type, input.type));
    return only.length === 1 ? "" : tr("“{input}” needs a value. Begin at a named output.", { input: capital(input.label || input.name) });
  }
  if (fits(state.accepts, output.type, input.type)) return "";
  const word = (type) => state.words[type] ?? type;
  return tr("{output} does not fit {input}.", { output: capital(word(output.type)), input: word(input.type) });
}

const nodeAt = (state, path) => state.nodes.find((node) => node.id === path);

function portOf(node, side, handle) {
  const name = portName(handle);
  return name ? node.data.ports[side].find((port) => port.name === name) : null;
}

function fits(accepts, output, input) {
  return accepts[input] ? accepts[input].includes(output) : output === input;
}
