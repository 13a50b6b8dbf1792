import { ViewportPortal, useStore, useStoreApi } from "@xyflow/react";
import { useEffect, useState } from "react";

import { useCanvas } from "./context.js";
import { tr } from "./tr.js";
import { rectOf } from "./view.js";

/** How long a pointer that does not move is shown. */
const RESTS = 3000;

/** What other windows on this flow have selected, and where their pointers are. */
export function Others() {
  const others = useCanvas((state) => state.others);
  if (!others.length) return null;
  return (
    <ViewportPortal>
      <All others={others} />
    </ViewportPortal>
  );
}

function All({ others }) {
  const inner = useStoreApi();
  const near = useStore((state) => 1 / state.transform[2]);
  // Drawn again when steps move or change their size.
  useCanvas((state) => state.nodes);
  return others.map((other) => (
    <div key={other.number} className="weft-other" style={{ "--other": `var(--weft-${other.color})`, "--near": near }} aria-hidden="true">
      {other.selected.map((path) => <Outline key={path} rect={rectOf(inner, path)} number={other.number} near={near} />)}
      {other.pointer && <Pointer at={other.pointer} number={other.number} />}
    </div>
  ));
}

function Outline({ rect, number, near }) {
  if (!rect) return null;
  const wide = 4 * near;
  return (
    <span className="weft-other-box" style={{ left: rect.x - wide, top: rect.y - wide, width: rect.width + 2 * wide, height: rect.height + 2 * wide }}>
      <span className="weft-other-name">{tr("Window {number}", { number })}</span>
    </span>
  );
}

function Pointer({ at: [x, y], number }) {
  const [rests, setRests] = useState(false);
  useEffect(() => {
    setRests(false);
    const timer = setTimeout(() => setRests(true), RESTS);
    return () => clearTimeout(timer);
  }, [x, y]);
  if (rests) return null;
  return (
    <span className="weft-other-pointer" style={{ transform: `translate(${x}px, ${y}px)` }}>
      <svg viewBox="0 0 16 16">
        <path d="M2 1.5 13.5 7 8.6 8.7 6.6 13.5Z" />
      </svg>
      <span className="weft-other-name">{number}</span>
    </span>
  );
}
