import { useStoreApi } from "@xyflow/react";
import { useEffect, useLayoutEffect, useRef } from "react";

import { pasteFromMenu } from "./clipboard.js";
import { useCanvas, useCanvasStore } from "./context.js";
import { landing } from "./gestures.js";
import { icon } from "./Icon.jsx";
import { itemsFor } from "./menuItems.js";

const EDGE = 8;
const NONE = {};

/** What can be done with what was pressed with the right button, or long with a finger. */
export function Menu({ element }) {
  const menu = useCanvas((state) => state.menu);
  return menu ? <Opened key={menu.at} menu={menu} element={element} /> : null;
}

function Opened({ menu, element }) {
  const store = useCanvasStore();
  const inner = useStoreApi();
  const place = (point) => landing(store.getState(), inner, point);
  const root = useRef(null);
  const shown = useCanvas((state) => state.shown ?? NONE);
  const items = itemsFor(menu, store.getState().mode);
  const close = () => {
    store.setState({ menu: null });
    element.querySelector(".weft-flow")?.focus({ preventScroll: true });
  };
  useLayoutEffect(() => {
    const { offsetWidth: wide, offsetHeight: high } = root.current;
    root.current.style.left = `${Math.max(EDGE, Math.min(menu.x, element.clientWidth - wide - EDGE))}px`;
    root.current.style.top = `${Math.max(EDGE, Math.min(menu.y, element.clientHeight - high - EDGE))}px`;
    root.current.querySelector("button")?.focus({ preventScroll: true });
  }, [menu, element]);
  useEffect(() => {
    const elsewhere = (event) => root.current?.contains(event.target) || store.setState({ menu: null });
    const away = () => store.setState({ menu: null });
    window.addEventListener("pointerdown", elsewhere, true);
    window.addEventListener("wheel", elsewhere, { capture: true, passive: true });
    window.addEventListener("blur", away);
    return () => {
      window.removeEventListener("pointerdown", elsewhere, true);
      window.removeEventListener("wheel", elsewhere, { capture: true });
      window.removeEventListener("blur", away);
    };
  }, [store]);

  const pressed = (event) => {
    const buttons = [...root.current.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    event.stopPropagation();
    if (to !== undefined) buttons.at(to % buttons.length).focus();
    else if (event.key === "Escape" || event.key === "Tab") close();
    else return;
    event.preventDefault();
  };
  const choose = async ({ id }) => {
    close();
    const { emit, perform, addAt } = store.getState();
    if (id === "search") addAt(menu);
    else if (id === "paste") await pasteFromMenu(store, place(menu.point));
    else if (id === "note") emit("command", { name: "note", ...place(menu.point) });
    else perform(id);
  };
  return (
    <div ref={root} className="weft-canvas-menu" role="menu" aria-label={menu.title} onKeyDown={pressed} onContextMenu={(event) => event.preventDefault()}>
      {items.map((item, at) =>
        item ? (
          <button key={item.text} type="button" role="menuitem" tabIndex={-1} className={item.danger ? "is-danger" : ""} onClick={() => choose(item)}>
            {icon(item.icon)}
            <span>{item.text}</span>
            <kbd>{shown[item.id]}</kbd>
          </button>
        ) : (
          <hr key={at} />
        ),
      )}
    </div>
  );
}
