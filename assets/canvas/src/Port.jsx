import { Handle } from "@xyflow/react";
import { memo } from "react";

import { useCanvas } from "./context.js";
import { handleId, portY } from "./geometry.js";

/** Where a wire begins or ends. */
export const Port = memo(function Port({ path, side, port, index, step }) {
  const id = handleId(side, port.name);
  const key = `${path}|${id}`;
  const wired = useCanvas((state) => state.wired.has(key));
  const offer = useCanvas((state) => state.wiring && (state.wiring.from === key ? "from" : state.wiring.fits.has(key) ? "fits" : "not"));
  const aimed = useCanvas((state) => state.wiring?.aim === key);
  const edit = useCanvas((state) => state.mode === "edit");
  const kind = port.name ? "data" : "order";
  return (
    <Handle
      id={id}
      type={side === "in" ? "target" : "source"}
      position={side === "in" ? "left" : "right"}
      isConnectable={edit}
      style={{ top: portY(index) }}
      className={`port is-${kind}${wired ? " is-wired" : ""}${offer ? ` offer-${offer}` : ""}${aimed ? " is-aimed" : ""}${port.lost ? " is-lost" : ""}`}
      data-tip={tip(side, port)}
      aria-label={`${side === "in" ? "Input" : "Output"} ${port.name ? `${port.label}, ${port.type || "not known here"}` : "order"} of ${step}`}
      role="button"
      tabIndex={-1}
    />
  );
});

/** What a port is where it is too small to be used: only the place a wire is drawn to. */
export function FarPort({ side, port, index }) {
  return (
    <i
      className={`react-flow__handle ${side === "in" ? "target" : "source"} port far-port`}
      data-handleid={handleId(side, port.name)}
      data-handlepos={side === "in" ? "left" : "right"}
      style={{ top: portY(index), [side === "in" ? "left" : "right"]: -5 }}
    />
  );
}

function tip(side, port) {
  if (!port.name) return side === "in" ? "Runs after" : "Then";
  if (port.lost) return `${port.label}: this step has no such ${side === "in" ? "input" : "output"}`;
  return port.type ? `${port.label} · ${port.type}` : port.label;
}
