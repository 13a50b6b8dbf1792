import { useConnection, useStore } from "@xyflow/react";
import { useEffect } from "react";

import { useCanvas, useCanvasStore } from "./context.js";
import { asWire, refusal } from "./wiring.js";

const SHOWN = 2600;

const aimedWrong = (connection) => {
  if (!connection.inProgress || !connection.toHandle || connection.isValid !== false) return null;
  const { fromHandle, toHandle } = connection;
  return JSON.stringify(asWire(fromHandle.nodeId, fromHandle.id, toHandle.nodeId, toHandle.id));
};

/** One short sentence beside the pointer: why this wire cannot be. */
export function Refusal() {
  const store = useCanvasStore();
  const told = useCanvas((state) => state.refusal);
  const wrong = useConnection(aimedWrong);
  const pointer = useStore((state) => (state.connection.inProgress && state.connection.isValid === false ? state.connection.pointer : null));
  const origin = useStore((state) => state.domNode);

  useEffect(() => {
    if (!told) return;
    const timer = setTimeout(() => store.setState({ refusal: null }), SHOWN);
    return () => clearTimeout(timer);
  }, [store, told]);

  const live = wrong && pointer ? { text: refusal(store.getState(), JSON.parse(wrong)), x: pointer.x, y: pointer.y } : null;
  const bounds = origin?.getBoundingClientRect();
  const shown = live ?? (told && bounds ? { text: told.text, x: told.x - bounds.left, y: told.y - bounds.top } : null);
  if (!shown?.text) return null;
  return (
    <div className="weft-refusal" role="status" style={{ left: shown.x + 14, top: shown.y + 14 }}>
      {shown.text}
    </div>
  );
}
