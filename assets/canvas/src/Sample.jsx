import { useStoreApi } from "@xyflow/react";
import { useEffect, useLayoutEffect, useRef } from "react";

import { useCanvas, useCanvasStore } from "./context.js";
import { grouped, tr } from "./tr.js";
import { shine } from "./wirePath.js";

const PAUSE = 200;
const EDGE = 12;

/** What passed along the wire under the pointer: how much, and the first of it. */
export function Sample() {
  const store = useCanvasStore();
  const inner = useStoreApi();
  const hovered = useCanvas((state) => state.hovered);
  const at = useCanvas((state) => state.hoveredAt);
  const edge = useCanvas((state) => (hovered ? state.edges.find((each) => each.id === hovered) : null));
  const wire = edge?.data;
  const lit = useCanvas((state) => (wire ? shine(state.lights[wire.source], state.lights[wire.target]?.status, wire) : ""));
  const reason = useCanvas((state) => (lit === "is-untaken" ? (state.lights[wire.target]?.reason ?? "") : ""));
  const passed = useCanvas((state) => Boolean(wire?.source_port) && lit !== "is-untaken" && ["done", "rehearsed"].includes(state.lights[wire.source]?.status));
  const sample = useCanvas((state) => (state.sample?.wire === hovered ? state.sample : null));
  const root = useRef(null);

  useEffect(() => {
    if (!passed) return undefined;
    const asked = setTimeout(() => store.getState().emit("sample", { wire: hovered }), PAUSE);
    return () => {
      clearTimeout(asked);
      store.setState({ sample: null });
    };
  }, [store, hovered, passed]);

  const words = lit === "is-untaken" ? { head: tr("This way was not taken"), lines: reason ? [reason] : [] } : passed ? sample : null;
  useLayoutEffect(() => {
    if (!words || !root.current) return;
    const { left, top, width, height } = inner.getState().domNode.getBoundingClientRect();
    const { offsetWidth: wide, offsetHeight: high } = root.current;
    const x = Math.max(EDGE, Math.min(at.x - left + 16, width - wide - EDGE));
    const below = at.y - top + 20;
    root.current.style.transform = `translate(${x}px, ${below + high < height - EDGE ? below : Math.max(EDGE, at.y - top - high - 20)}px)`;
  });
  if (!words) return null;
  return (
    <div ref={root} className="weft-sample" role="tooltip">
      <b>{words.head}</b>
      {words.picture && <img src={`/kept/${words.picture}`} alt="" />}
      {words.lines.map((line, number) => (
        <span key={number}>{line}</span>
      ))}
      {words.more > 0 && <small>{tr("and {count} more", { count: grouped(words.more) })}</small>}
    </div>
  );
}
