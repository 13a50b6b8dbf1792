/** Where everything is, known before anything is drawn: no step is measured to be placed. */

export const GRID = 8;
export const STEP_WIDTH = 200;
export const HEAD = 56;
export const ROW = 24;
export const FOOT = 8;
export const PORT = 10;
const ORDER_PORT = 8;
export const BOX_WIDTH = 420;
const BOX = { width: BOX_WIDTH, height: 240, margin: 24 };

export function portsOf(step, kind, extra) {
  // A kind that is not here may well have these ports: only where it is known, they are wrong.
  const lost = (side) => (extra?.[side] ?? []).map((name) => ({ name, label: name, type: "", lost: Boolean(kind) }));
  return {
    inputs: [...(step.inputs ?? kind?.inputs ?? []), ...lost("inputs")],
    outputs: [...(step.outputs ?? kind?.outputs ?? []), ...(step.more_outputs ?? []), ...lost("outputs")],
  };
}

export function isBox(step, kind) {
  return Boolean(kind?.body || (step.w && step.h));
}

/** The height of the title and the port rows; a container's inside begins below it. */
export function top(ports) {
  const rows = Math.max(ports.inputs.length, ports.outputs.length);
  return HEAD + (rows ? rows * ROW + FOOT : 0);
}

export function sizeOf(step, box, ports) {
  if (!box) return { width: STEP_WIDTH, height: top(ports) };
  return {
    width: Math.max(step.w || BOX.width, STEP_WIDTH + 2 * BOX.margin),
    height: Math.max(step.h || BOX.height, top(ports) + HEAD + 2 * BOX.margin),
  };
}

/** What a container needs at least, so that everything in it is inside it. */
export function sizeAround(children) {
  return children.reduce(
    (size, child) => ({
      width: Math.max(size.width, child.position.x + child.width + BOX.margin),
      height: Math.max(size.height, child.position.y + child.height + BOX.margin),
    }),
    { width: 0, height: 0 },
  );
}

export function portY(index) {
  return index < 0 ? HEAD / 2 : HEAD + index * ROW + ROW / 2;
}

export function handlesOf(ports, width) {
  const handle = (type, name, index) => {
    const size = portSize(name);
    return {
      id: handleId(type === "target" ? "in" : "out", name),
      type,
      position: type === "target" ? "left" : "right",
      x: (type === "target" ? 0 : width) - size / 2,
      y: portY(index) - size / 2,
      width: size,
      height: size,
    };
  };
  return [
    handle("target", "", -1),
    handle("source", "", -1),
    ...ports.inputs.map((port, index) => handle("target", port.name, index)),
    ...ports.outputs.map((port, index) => handle("source", port.name, index)),
  ];
}

export const portSize = (name) => (name ? PORT : ORDER_PORT);
export const handleId = (side, name) => `${side}:${name}`;
export const portName = (handle) => (handle ?? "").replace(/^(in|out):/, "");
export const snap = (value) => Math.round(value / GRID) * GRID;
export const contains = (rect, { x, y }) =>
  x >= rect.x && y >= rect.y && x <= rect.x + rect.width && y <= rect.y + rect.height;

/** True for a point in the area that a line goes around. */
export function inside(line, { x, y }) {
  let found = false;
  for (let at = 0, before = line.length - 1; at < line.length; before = at, at += 1) {
    const [a, b] = [line[at], line[before]];
    if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) found = !found;
  }
  return found;
}
