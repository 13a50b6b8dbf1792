import { createContext, useContext, useSyncExternalStore } from "react";

export const CanvasContext = createContext(null);
export const useCanvasStore = () => useContext(CanvasContext);

/** What `selector` finds in the canvas's state; it must give the same value for the same state. */
export function useCanvas(selector) {
  const store = useContext(CanvasContext);
  return useSyncExternalStore(store.subscribe, () => selector(store.getState()));
}
