import { createContext, useContext } from "react";
import { useStore } from "zustand";

export const CanvasContext = createContext(null);
export const useCanvasStore = () => useContext(CanvasContext);
export const useCanvas = (selector) => useStore(useContext(CanvasContext), selector);
