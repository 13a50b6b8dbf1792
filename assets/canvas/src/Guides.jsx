import { ViewportPortal, useStore } from "@xyflow/react";

import { useCanvas } from "./context.js";

/** Thin lines that say with what a dragged step lies level. */
export function Guides() {
  const guides = useCanvas((state) => state.guides);
  if (!guides.length) return null;
  return (
    <ViewportPortal>
      <Lines guides={guides} />
    </ViewportPortal>
  );
}

function Lines({ guides }) {
  const thin = useStore((state) => 1 / state.transform[2]);
  return guides.map(({ along, at, from, to }) => {
    const length = to - from;
    const place = along === "y" ? { left: at - thin / 2, top: from, width: thin, height: length } : { left: from, top: at - thin / 2, width: length, height: thin };
    return <i key={`${along}${at}`} className="weft-guide" style={place} />;
  });
}
