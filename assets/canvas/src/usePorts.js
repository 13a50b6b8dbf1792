import { XYHandle } from "@xyflow/system";
import { useMemo } from "react";

import { tr } from "./tr.js";
import { asEdit, asWire, fitting, refusal } from "./wiring.js";

/** Pressing a port draws a wire by dragging; a click on one port and then on another draws it too. */
export function usePorts(store, inner) {
  return useMemo(() => {
    const portAt = (event) => (store.getState().mode === "edit" ? event.target.closest(".port") : null);

    const press = (event) => {
      const port = portAt(event);
      if (!port || event.button) return;
      const flow = inner.getState();
      XYHandle.onPointerDown(event.nativeEvent, {
        handleDomNode: port,
        nodeId: port.dataset.nodeid,
        handleId: port.dataset.handleid,
        isTarget: port.classList.contains("target"),
        domNode: flow.domNode,
        nodeLookup: flow.nodeLookup,
        lib: flow.lib,
        flowId: flow.rfId,
        connectionMode: flow.connectionMode,
        connectionRadius: flow.connectionRadius,
        dragThreshold: 3,
        autoPanOnConnect: flow.autoPanOnConnect,
        autoPanSpeed: flow.autoPanSpeed,
        panBy: flow.panBy,
        updateConnection: flow.updateConnection,
        cancelConnection: flow.cancelConnection,
        onConnectStart: flow.onConnectStart,
        onConnect: flow.onConnect,
        onConnectEnd: flow.onConnectEnd,
        isValidConnection: flow.isValidConnection,
        getTransform: () => inner.getState().transform,
        getFromHandle: () => inner.getState().connection.fromHandle,
      });
    };

    const click = (event) => {
      const { wiring, emit } = store.getState();
      if (wiring?.choosing) return;
      const port = portAt(event);
      if (!port) return wiring && store.setState({ wiring: null });
      const here = [port.dataset.nodeid, port.dataset.handleid];
      if (!wiring) return store.setState({ wiring: { from: here.join("|"), fits: fitting(store.getState(), ...here) }, refusal: null });
      store.setState({ wiring: null });
      const began = [wiring.from.slice(0, wiring.from.lastIndexOf("|")), wiring.from.slice(wiring.from.lastIndexOf("|") + 1)];
      if (wiring.from === here.join("|")) return;
      if (wiring.fits.has(here.join("|"))) emit("gesture", { edits: [asEdit(asWire(...began, ...here))] });
      else store.setState({ refusal: { text: refusal(store.getState(), asWire(...began, ...here)) || tr("Begin at an output and end at an input."), x: event.clientX, y: event.clientY } });
    };

    return { onMouseDown: press, onTouchStart: press, onClick: click };
  }, [store, inner]);
}
