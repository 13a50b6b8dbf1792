import { ViewportPortal, useStore, useStoreApi } from "@xyflow/react";
import { getEdgePosition } from "@xyflow/system";
import { useMemo } from "react";

import { useCanvas } from "./context.js";
import { litOf, marksOf, wayOf } from "./wirePath.js";

/** So wide is a stretch of the flow that is drawn anew as one. */
const STRETCH = 2560;

/** All wires as a few pictures: seen from so far away that none could be pointed at, single ones would only cost. */
export function FarWires({ edges }) {
  return (
    <ViewportPortal>
      <Wires edges={edges} />
    </ViewportPortal>
  );
}

function Wires({ edges }) {
  const inner = useStoreApi();
  const nodes = useStore((state) => state.nodes);
  const lights = useCanvas((state) => state.lights);
  const placed = useMemo(() => edges.map((edge) => placedWire(edge, inner.getState().nodeLookup)).filter(Boolean), [edges, nodes, inner]);
  const drawn = useMemo(() => together(placed, lights), [placed, lights]);
  return [...drawn].map(([depth, pictures]) => (
    <svg key={depth} className="far-wires" style={{ zIndex: depth - 1 }} aria-hidden="true">
      {[...pictures].map(([key, { marks, paths }]) => (
        <path key={key} className={`react-flow__edge-path ${marks}`} d={paths.join("")} />
      ))}
    </svg>
  ));
}

const lines = new WeakMap();

/** Where a wire runs and how deep it lies: above the container that it is in, below the steps that it joins. */
function placedWire(edge, lookup) {
  const [source, target] = [lookup.get(edge.source), lookup.get(edge.target)];
  if (!source || !target || edge.selected) return null;
  const place = getEdgePosition({ id: edge.id, sourceNode: source, targetNode: target, sourceHandle: edge.sourceHandle, targetHandle: edge.targetHandle, connectionMode: "strict" });
  if (!place) return null;
  const { sourceX, sourceY, targetX, targetY } = place;
  const at = `${sourceX} ${sourceY} ${targetX} ${targetY}`;
  let line = lines.get(edge);
  if (line?.at !== at) lines.set(edge, (line = { at, path: wayOf(place)[0] }));
  return { wire: edge.data, path: line.path, depth: Math.max(source.internals.z, target.internals.z), stretch: Math.floor(sourceX / STRETCH) };
}

/** Wires that look alike and lie near each other, as one path. */
function together(placed, lights) {
  const drawn = new Map();
  for (const { wire, path, depth, stretch } of placed) {
    const marks = marksOf(wire, litOf(wire, lights)).filter(Boolean).join(" ");
    const key = `${stretch} ${marks}`;
    if (!drawn.has(depth)) drawn.set(depth, new Map());
    const pictures = drawn.get(depth);
    if (pictures.has(key)) pictures.get(key).paths.push(path);
    else pictures.set(key, { marks, paths: [path] });
  }
  return drawn;
}
