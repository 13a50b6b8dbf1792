import { BaseEdge, getBezierPath, getSmoothStepPath } from "@xyflow/react";
import { memo } from "react";

import { useCanvas, useCanvasStore } from "./context.js";

/** A wire between two ports, lit by what runs at its ends. */
export const Wire = memo(function Wire({ id, sourceX, sourceY, targetX, targetY, selected, data: wire }) {
  const store = useCanvasStore();
  const source = useCanvas((state) => state.lights[wire.source]);
  const target = useCanvas((state) => state.lights[wire.target]?.status);
  const open = useCanvas((state) => state.mode === "edit" && !wire.faint && (state.hovered === id || selected));
  const [path, middleX, middleY] = way({ sourceX, sourceY, targetX, targetY, sourcePosition: "right", targetPosition: "left" });
  const marks = [
    "wire",
    wire.source_port ? "is-data" : "is-order",
    wire.faint && "is-faint",
    wire.broken && "is-broken",
    selected && "is-selected",
    source?.status === "running" && "is-live",
    source?.status === "done" && target && target !== "skipped" && "is-used",
    untaken(source, target, wire) && "is-untaken",
  ];
  return (
    <>
      <BaseEdge id={id} path={path} className={marks.filter(Boolean).join(" ")} interactionWidth={wire.faint ? 0 : 18} />
      {open && (
        <g
          className="wire-cut"
          transform={`translate(${middleX} ${middleY})`}
          onClick={(event) => {
            event.stopPropagation();
            store.getState().emit("gesture", { edits: [{ do: "disconnect", wires: [id] }] });
          }}
        >
          <title>Remove this wire</title>
          <circle r="9" />
          <path d="M-3 -3 L3 3 M3 -3 L-3 3" />
        </g>
      )}
    </>
  );
});

/** A plain curve forwards; around the steps where a wire leads back. */
function way(ends) {
  return ends.targetX >= ends.sourceX + 8 ? getBezierPath({ ...ends, curvature: 0.3 }) : getSmoothStepPath({ ...ends, borderRadius: 14, offset: 24 });
}

function untaken(source, target, wire) {
  if (source?.status === "skipped" || target === "skipped") return true;
  return source?.status === "done" && Array.isArray(source.taken) && wire.source_port !== "" && !source.taken.includes(wire.source_port);
}
