import { useEffect, useRef, useState } from "react";

import { useCanvas, useCanvasStore } from "./context.js";
import { icon } from "./Icon.jsx";
import { tr } from "./tr.js";

const CHOICES = [
  ["auto", tr("Wheel zooms, trackpad pans"), tr("Finds out which of the two you use")],
  ["zooms", tr("Scrolling zooms"), tr("Drag the ground to pan")],
  ["pans", tr("Scrolling pans"), tr("Hold Ctrl, or pinch, to zoom")],
];

/** What scrolling does on the canvas: a choice that is kept. */
export function WheelChoice() {
  const store = useCanvasStore();
  const wheel = useCanvas((state) => state.wheel);
  const [open, setOpen] = useState(false);
  const root = useRef(null);
  const button = useRef(null);
  useEffect(() => {
    if (!open) return undefined;
    root.current.querySelector("[aria-checked=true]")?.focus();
    const elsewhere = (event) => root.current?.contains(event.target) || button.current.contains(event.target) || setOpen(false);
    window.addEventListener("pointerdown", elsewhere, true);
    return () => window.removeEventListener("pointerdown", elsewhere, true);
  }, [open]);
  const close = () => {
    setOpen(false);
    button.current.focus();
  };
  const pressed = (event) => {
    const choices = [...root.current.querySelectorAll("button")];
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    event.stopPropagation();
    if (by) choices.at((choices.indexOf(document.activeElement) + by) % choices.length).focus();
    else if (event.key === "Escape" || event.key === "Tab") close();
    else return;
    event.preventDefault();
  };
  const choose = (name) => {
    store.setState({ wheel: name });
    store.getState().emit("hand", { wheel: name });
    close();
  };
  return (
    <>
      <button ref={button} type="button" data-tip={open ? undefined : tr("Mouse and trackpad")} data-wheel={wheel} aria-label={tr("Mouse and trackpad")} aria-haspopup="menu" aria-expanded={open} onClick={() => setOpen(!open)}>
        {icon("mouse")}
      </button>
      {open && (
        <div ref={root} className="weft-canvas-menu weft-wheel" role="menu" aria-label={tr("What scrolling does")} onKeyDown={pressed}>
          {CHOICES.map(([name, text, more]) => (
            <button key={name} type="button" role="menuitemradio" aria-checked={wheel === name} tabIndex={-1} onClick={() => choose(name)}>
              {icon(wheel === name ? "radio_button_checked" : "radio_button_unchecked")}
              <span>
                {text}
                <small>{more}</small>
              </span>
            </button>
          ))}
        </div>
      )}
    </>
  );
}
