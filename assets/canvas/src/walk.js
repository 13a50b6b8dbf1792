/** Which step an arrow key leads to: along the wires first, by eye otherwise. */

import { foldOf, isHidden } from "./shapes.js";
import { rectOf } from "./view.js";

export function stepTowards(state, inner, from, key) {
  if (!from) return firstStep(state, inner);
  const here = middle(rectOf(inner, from));
  const all = [...state.nodes.filter((node) => !isHidden(state, node.id)), ...state.shapes.filter((shape) => shape.data.note || shape.data.frame.collapsed)];
  const self = all.find((node) => node.id === from);
  if (!here || !self) return firstStep(state, inner);
  if (key === "ArrowRight" || key === "ArrowLeft") {
    const [mine, theirs] = key === "ArrowRight" ? ["source", "target"] : ["target", "source"];
    const wired = state.edges.find((edge) => edge[mine] === from && !edge.data.faint);
    if (wired) return foldOf(state.folded, wired[theirs]) ?? wired[theirs];
  }
  const ahead = {
    ArrowRight: (x, y) => x > 8 && Math.abs(y) < x * 1.5,
    ArrowLeft: (x, y) => x < -8 && Math.abs(y) < -x * 1.5,
    ArrowDown: (x, y) => y > 8 && Math.abs(x) < y * 2.5,
    ArrowUp: (x, y) => y < -8 && Math.abs(x) < -y * 2.5,
  }[key];
  const others = all.filter((node) => node.id !== from && (node.parentId === self.parentId || node.data.frame || self.data.frame));
  const found = others.filter((node) => {
    const there = middle(rectOf(inner, node.id));
    return there && ahead(there.x - here.x, there.y - here.y);
  });
  if (found.length) return nearest(inner, here, found.map((node) => node.id));
  if (key === "ArrowDown" && self.type === "box") return firstStep({ nodes: state.nodes.filter((node) => node.parentId === from) }, inner, from);
  if (key === "ArrowUp" && self.parentId) return self.parentId;
  return null;
}

export function firstStep({ nodes }, inner, parent) {
  const candidates = nodes.filter((node) => (node.parentId ?? undefined) === parent);
  return candidates.reduce((best, node) => (!best || node.position.x < best.position.x ? node : best), null)?.id ?? null;
}

function nearest(inner, here, paths) {
  const away = (path) => {
    const there = middle(rectOf(inner, path));
    return there ? Math.hypot(there.x - here.x, there.y - here.y) : Infinity;
  };
  return paths.reduce((best, path) => (away(path) < away(best) ? path : best));
}

const middle = (rect) => rect && { x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 };
