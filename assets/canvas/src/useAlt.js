import { useEffect, useRef, useState } from "react";

/** Whether Alt is held: for drawing, and as a ref for what happens between two drawings. */
export function useAlt(dragging) {
  const [held, setHeld] = useState(false);
  const now = useRef(false);
  useEffect(() => {
    const turn = (on) => {
      now.current = on;
      setHeld(on);
    };
    const hear = (event) => {
      if (event.key !== "Alt") return;
      // Elsewhere it opens the browser's menu.
      if (dragging.current) event.preventDefault();
      turn(event.type === "keydown");
    };
    const leave = () => turn(false);
    window.addEventListener("keydown", hear);
    window.addEventListener("keyup", hear);
    window.addEventListener("blur", leave);
    return () => {
      window.removeEventListener("keydown", hear);
      window.removeEventListener("keyup", hear);
      window.removeEventListener("blur", leave);
    };
  }, [dragging]);
  return [held, now];
}
