/** The line of a wire, and how it is marked: the same whether it is drawn by itself or as part of a picture. */

import { getBezierPath, getSmoothStepPath } from "@xyflow/react";

import { PORT } from "./geometry.js";

/** A plain curve forwards; around the steps where a wire leads back. Gives the path and its middle. */
export function wayOf({ sourceX, sourceY, targetX, targetY }) {
  // From port to port, not from rim to rim: far away, where no ports are drawn, a wire still touches its steps.
  const ends = { sourceX: sourceX - PORT / 2, sourceY, targetX: targetX + PORT / 2, targetY, sourcePosition: "right", targetPosition: "left" };
  return ends.targetX >= ends.sourceX + 8 ? getBezierPath({ ...ends, curvature: 0.3 }) : getSmoothStepPath({ ...ends, borderRadius: 14, offset: 24 });
}

/** What a wire is: its classes, but for what a person does with it. */
export const marksOf = (wire, lit) => ["wire", wire.source_port ? "is-data" : "is-order", wire.faint && "is-faint", wire.broken && "is-broken", wire.change && `is-${wire.change}`, lit];

/** How a wire is lit by the steps at its ends. */
export const litOf = (wire, lights) => (wire.faint ? "" : shine(lights[wire.source], lights[wire.target]?.status, wire));

export function shine(source, target, wire) {
  if (!source) return target === "skipped" ? "is-untaken" : "";
  if (source.status === "running") return "is-live";
  const done = source.status === "done" || source.status === "rehearsed";
  const left = Array.isArray(source.taken) && wire.source_port !== "" && !source.taken.includes(wire.source_port);
  if (source.status === "skipped" || target === "skipped" || (done && left)) return "is-untaken";
  return done && target ? "is-used" : "";
}
