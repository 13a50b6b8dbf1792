/** What the wheel does: zoom, pan, or whichever suits what it is turned with. */

import { useEffect } from "react";

export const WHEELS = ["auto", "zooms", "pans"];
const LINE = 20;
const NOTCH = 40;
const PAUSE = 250;
const BLURRED = 1.5;

/** True for a movement on a trackpad: it begins gently, or goes sideways; a wheel goes up and down in notches. */
export function isTrackpad({ deltaX, deltaY, deltaMode, shiftKey }) {
  if (deltaMode) return false;
  return shiftKey ? Math.abs(deltaX || deltaY) < NOTCH : deltaX !== 0 || Math.abs(deltaY) < NOTCH;
}

/** How far one turn moves the view, in pixels; with Shift held, sideways. */
export function panned({ deltaX, deltaY, deltaMode, shiftKey }) {
  const by = deltaMode ? LINE : 1;
  const [x, y] = shiftKey && !deltaX ? [deltaY, 0] : [deltaX, deltaY];
  return { x: -x * by || 0, y: -y * by || 0 };
}

/** Pans with the wheel where that is wanted; a pinch, or Ctrl with the wheel, always zooms, and that is React Flow's. */
export function useWheel(store, inner, element) {
  useEffect(() => {
    let until = 0;
    let trackpad = false;
    let rest = 0;
    const settled = () => {
      element.classList.remove("is-rolling");
      const [x, y, zoom] = inner.getState().transform;
      store.getState().emit("viewport", { x, y, zoom });
    };
    let drawnAt = 0;
    /** While it is zoomed, the flow is moved as one picture, and drawn anew when that begins to look blurred. */
    const zooms = () => {
      const [, , zoom] = inner.getState().transform;
      const rolls = element.classList.contains("is-rolling");
      if (!rolls) drawnAt = zoom;
      const near = zoom < drawnAt * BLURRED && zoom > drawnAt / BLURRED;
      element.classList.toggle("is-rolling", near);
      clearTimeout(rest);
      rest = setTimeout(settled, PAUSE);
    };
    const turn = (event) => {
      if (!event.target.closest?.(".react-flow__renderer") || event.target.closest(".nowheel")) return;
      if (event.ctrlKey || event.metaKey) return zooms();
      // What a movement began as, it stays: a quick flick over a trackpad has large steps in its middle.
      if (event.timeStamp > until) trackpad = isTrackpad(event);
      until = event.timeStamp + PAUSE;
      const { wheel } = store.getState();
      if (wheel === "zooms" || (wheel === "auto" && !trackpad)) return zooms();
      event.preventDefault();
      event.stopPropagation();
      element.classList.add("is-rolling");
      inner.getState().panBy(panned(event));
      clearTimeout(rest);
      rest = setTimeout(settled, PAUSE);
    };
    element.addEventListener("wheel", turn, { capture: true, passive: false });
    return () => {
      clearTimeout(rest);
      element.removeEventListener("wheel", turn, { capture: true });
    };
  }, [store, inner, element]);
}
