import { ViewportPortal, useStoreApi } from "@xyflow/react";
import { useLayoutEffect, useRef } from "react";

const GAP = 24;
const DENSEST = 16;
const MARGIN = 2;
/** Dots that are so much larger or smaller than they should be look the same, and need not be drawn anew. */
const ALIKE = 1.12;

/** The dotted ground. It lies in the flow and moves with it, so that panning does not paint it again. */
export function Dots() {
  return (
    <ViewportPortal>
      <Ground />
    </ViewportPortal>
  );
}

function Ground() {
  const inner = useStoreApi();
  const ground = useRef(null);

  useLayoutEffect(() => {
    let covered = null;
    const follow = () => {
      const { transform, width, height } = inner.getState();
      const [x, y, zoom] = transform;
      const seen = { left: -x / zoom, above: -y / zoom, right: (width - x) / zoom, below: (height - y) / zoom };
      const alike = covered && zoom < covered.zoom * ALIKE && zoom > covered.zoom / ALIKE;
      if (alike && seen.left >= covered.left && seen.above >= covered.above && seen.right <= covered.right && seen.below <= covered.below) return;
      let gap = GAP;
      while (gap * zoom < DENSEST) gap *= 2;
      const snapped = (at, out) => Math.floor((at + out) / gap) * gap;
      const [wide, high] = [((seen.right - seen.left) * MARGIN) / 2, ((seen.below - seen.above) * MARGIN) / 2];
      covered = { zoom, left: snapped(seen.left, -wide), above: snapped(seen.above, -high), right: snapped(seen.right, wide), below: snapped(seen.below, high) };
      Object.assign(ground.current.style, {
        left: `${covered.left}px`,
        top: `${covered.above}px`,
        width: `${covered.right - covered.left}px`,
        height: `${covered.below - covered.above}px`,
        backgroundSize: `${gap}px ${gap}px`,
      });
      ground.current.style.setProperty("--dot", `${Math.max(0.8, 0.7 / zoom)}px`);
    };
    follow();
    return inner.subscribe(follow);
  }, [inner]);

  return <div ref={ground} className="weft-dots" aria-hidden="true" />;
}
