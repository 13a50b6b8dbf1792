import { BaseEdge } from "@xyflow/react";
import { memo } from "react";

import { useCanvas, useCanvasStore } from "./context.js";
import { tr, trn } from "./tr.js";
import { litOf, marksOf, wayOf } from "./wirePath.js";
import { CHANGES, capital, short } from "./words.js";

/** A wire between two ports, lit by what runs at its ends. */
export const Wire = memo(function Wire({ id, sourceX, sourceY, targetX, targetY, selected, data: wire }) {
  const store = useCanvasStore();
  const lit = useCanvas((state) => litOf(wire, state.lights));
  const passed = useCanvas((state) => (lit === "is-used" && !state.far ? (state.lights[wire.source].counts?.[wire.source_port] ?? null) : null));
  const onto = useCanvas((state) => state.onto === id);
  const open = useCanvas((state) => state.mode === "edit" && !wire.faint && (state.hovered === id || selected));
  const [path, middleX, middleY] = wayOf({ sourceX, sourceY, targetX, targetY });
  const marks = [...marksOf(wire, lit), selected && "is-selected", onto && "is-onto"];
  return (
    <>
      <BaseEdge id={id} path={path} className={marks.filter(Boolean).join(" ")} interactionWidth={wire.faint ? 0 : 18} />
      {wire.change && (
        <g className={`wire-change is-${wire.change}`} transform={`translate(${middleX} ${middleY})`}>
          <title>{capital(CHANGES[wire.change][1])}</title>
          <circle r="8" />
          <path d={wire.change === "added" ? "M-4 0 H4 M0 -4 V4" : "M-4 0 H4"} />
        </g>
      )}
      {passed !== null && !open && (
        <g className="wire-count" transform={`translate(${middleX} ${middleY})`}>
          <title>{trn("{n} item", "{n} items", passed)}</title>
          <rect x={-width(passed) / 2} y="-8" width={width(passed)} height="16" rx="8" />
          <text y="3.5">{short(passed)}</text>
        </g>
      )}
      {open && (
        <g
          className="wire-cut"
          transform={`translate(${middleX} ${middleY})`}
          onClick={(event) => {
            event.stopPropagation();
            store.getState().emit("gesture", { edits: [{ do: "disconnect", wires: [id] }] });
          }}
        >
          <title>{tr("Remove this wire")}</title>
          <circle r="9" />
          <path d="M-3 -3 L3 3 M3 -3 L-3 3" />
        </g>
      )}
    </>
  );
});

const width = (number) => 10 + 6.5 * short(number).length;
