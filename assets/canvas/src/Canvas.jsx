import { ReactFlow, ReactFlowProvider, SelectionMode, applyEdgeChanges, applyNodeChanges, useReactFlow, useStoreApi } from "@xyflow/react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";

import { CanvasContext, useCanvas, useCanvasStore } from "./context.js";
import { Controls } from "./Controls.jsx";
import { Dots } from "./Dots.jsx";
import { BOX_WIDTH, GRID, STEP_WIDTH, contains, handleId, portName } from "./geometry.js";
import { dropTarget, dropped, frameTarget, landing } from "./gestures.js";
import { FarWires } from "./FarWires.jsx";
import { FoldedFrame, Frame } from "./Frame.jsx";
import { Guides } from "./Guides.jsx";
import { measureOnlyUnknown } from "./known.js";
import { Lasso } from "./Lasso.jsx";
import { Menu } from "./Menu.jsx";
import { MiniMap } from "./MiniMap.jsx";
import { Note } from "./Note.jsx";
import { loose, roomOn, wireAt } from "./onWire.js";
import { Others } from "./Others.jsx";
import { Outline, startsAsList } from "./Outline.jsx";
import { Refusal } from "./Refusal.jsx";
import { Sample } from "./Sample.jsx";
import { beginFrames, endFrames, frameWith, isHidden, isShape, pickedShapes, stepsIn, takeShapes, withShapes } from "./shapes.js";
import { beginSnap, snapped } from "./snapping.js";
import { Box, Step } from "./Step.jsx";
import { pointerTeller } from "./telling.js";
import { tr } from "./tr.js";
import { useAlt } from "./useAlt.js";
import { useClock } from "./useClock.js";
import { useKeys } from "./useKeys.js";
import { useMenu } from "./useMenu.js";
import { usePorts } from "./usePorts.js";
import { FAREST, NEAREST, approach, createView, firstView, nearness, nearnessOnTheWay, rectOf, selectionKey } from "./view.js";
import { useWheel } from "./wheel.js";
import { Wire } from "./Wire.jsx";
import { asEdit, asWire, bestPort, fitting, refusal } from "./wiring.js";

export { CanvasContext };

const NODE_TYPES = { step: Step, box: Box, note: Note, frame: Frame, fold: FoldedFrame };
const EDGE_TYPES = { wire: Wire };
const MANY = 150;
const BUTTONS = [0, 1];
const ADD_KEYS = ["Meta", "Control", "Shift"];
const SNAP = [GRID, GRID];
const QUIET = { hideAttribution: true };
const DRAGGED_KIND = "application/x-weft-node";

export function Canvas({ element }) {
  const loaded = useCanvas((state) => state.loaded > 0);
  if (!loaded) return null;
  return (
    <ReactFlowProvider>
      <Flow element={element} />
    </ReactFlowProvider>
  );
}

function Flow({ element }) {
  const store = useCanvasStore();
  const nodes = useCanvas((state) => state.nodes);
  const edges = useCanvas((state) => state.edges);
  const shapes = useCanvas((state) => state.shapes);
  const folded = useCanvas((state) => state.folded);
  const edit = useCanvas((state) => state.mode === "edit");
  const far = useCanvas((state) => state.far);
  const dots = useCanvas((state) => state.dots);
  const lasso = useCanvas((state) => state.lasso);
  const crowded = useCanvas((state) => state.crowded);
  const outline = useCanvas((state) => Boolean(state.outline));
  const said = useCanvas((state) => state.said);
  const wiring = useCanvas((state) => Boolean(state.wiring));
  const first = useMemo(() => store.getState().firstView, [store]);
  const flow = useReactFlow();
  const inner = useStoreApi();
  useState(() => measureOnlyUnknown(inner));
  const [panning, setPanning] = useState(false);
  const boxing = useRef(false);
  const pointer = useRef(null);
  const snapping = useRef(null);
  const carried = useRef(null);
  const seen = useRef(new Map());
  const drawn = useMemo(() => withShapes(nodes, edges, shapes, folded, seen.current), [nodes, edges, shapes, folded]);
  const pictured = useCanvas((state) => state.pictured) && drawn.edges.length > MANY;
  const wires = useMemo(() => (pictured ? drawn.edges.filter((edge) => edge.selected) : drawn.edges), [drawn.edges, pictured]);
  const [isFree, free] = useAlt(snapping);

  useEffect(() => {
    const view = createView(store, flow, inner);
    const { asked } = store.getState();
    store.setState({ view, asked: [] });
    asked.forEach(([name, args]) => view[name](...args));
    return () => store.setState({ view: null });
  }, [store, flow, inner]);
  useFirstView(store, element);
  useEffect(() => {
    if (store.getState().outline === null) store.setState({ outline: startsAsList() });
  }, [store]);
  useClock(store);
  useKeys(store, inner, element, pointer, setPanning);
  useWheel(store, inner, element);
  useMenu(store, flow, element);
  const portGestures = usePorts(store, inner);

  const tell = useCallback(() => {
    if (boxing.current) return;
    const state = store.getState();
    const steps = state.nodes.filter((node) => node.selected).map((node) => node.id);
    const wires = state.edges.filter((edge) => edge.selected).map((edge) => edge.id);
    const [notes, frames] = [pickedShapes(state, "note"), pickedShapes(state, "frame")];
    const key = selectionKey(steps, wires) + (notes.length || frames.length ? selectionKey(notes, frames) : "");
    if (key === state.told) return;
    store.setState({ told: key });
    state.emit("select", { steps, wires, notes, frames });
  }, [store]);

  const changeNodes = useCallback(
    (changes) => {
      let kept = boxing.current ? changes.filter((change) => !halfBoxed(change, store, inner)) : changes;
      if (snapping.current) {
        const { changes: caught, guides } = free.current ? { changes: kept, guides: [] } : snapped(snapping.current, kept);
        kept = caught;
        if (guides.length || store.getState().guides.length) store.setState({ guides });
      }
      const steps = takeShapes(store, kept, carried.current);
      store.setState((state) => ({ nodes: applyNodeChanges(steps.filter((change) => change.type !== "remove"), state.nodes) }));
      if (kept.some((change) => change.type === "select")) queueMicrotask(tell);
    },
    [store, inner, tell, free],
  );
  const changeEdges = useCallback(
    (changes) => {
      store.setState((state) => ({
        edges: applyEdgeChanges(changes.filter((change) => change.type !== "remove"), state.edges).map((edge) =>
          edge.reconnectable === Boolean(edge.selected) ? edge : { ...edge, reconnectable: Boolean(edge.selected) },
        ),
      }));
      if (changes.some((change) => change.type === "select")) queueMicrotask(tell);
    },
    [store, tell],
  );

  const on = useMemo(() => {
    const emit = (...args) => store.getState().emit(...args);
    const place = (event) => {
      const { clientX: x, clientY: y } = event.changedTouches?.[0] ?? event;
      return flow.screenToFlowPosition({ x, y }, { snapToGrid: false });
    };
    /** The wire that a dragged step would be put on. */
    const wireFor = (state, dragged, drop, event) => {
      const step = loose(state, dragged);
      if (!step || (step.parentId ?? null) !== drop) return null;
      const head = element.querySelector(`[data-path="${CSS.escape(step.id)}"] > .step-head`)?.getBoundingClientRect();
      const middle = head ? [{ x: head.left + head.width / 2, y: head.top + head.height / 2 }] : [];
      return wireAt(state, drop, [pointOf(event), ...middle]);
    };
    const begin = (path, handle) => store.setState({ wiring: { from: `${path}|${handle}`, fits: fitting(store.getState(), path, handle) }, refusal: null });
    const point = pointerTeller(emit);
    const refuse = (text, event) => store.setState({ refusal: text ? { text, x: event.clientX, y: event.clientY, at: Date.now() } : null });
    const connect = (wire) => emit("gesture", { edits: [asEdit(wire)] });

    return {
      onNodeDragStart: (_, __, dragged) => {
        carried.current = beginFrames(store, inner, dragged);
        snapping.current = beginSnap(store.getState(), inner, dragged, stepsIn(carried.current));
      },
      onNodeDrag: (event, _, dragged) => {
        const state = store.getState();
        const along = stepsIn(carried.current);
        const steps = dragged.filter((each) => !isShape(each.id) && !along.includes(each.id));
        const box = steps.length ? dropTarget(state, inner, steps, place(event)) : null;
        const drop = box?.id ?? null;
        const onto = wireFor(state, dragged, drop, event)?.id ?? null;
        const frame = frameTarget(state, inner, dragged, box, place(event), along);
        const into = frame && steps.some((each) => frameWith(state, each.id) !== frame) ? frame.id : null;
        if (drop !== state.drop || onto !== state.onto || into !== state.into) store.setState({ drop, onto, into });
      },
      onNodeDragStop: (event, _, dragged) => {
        snapping.current = null;
        const state = store.getState();
        const wire = wireFor(state, dragged, dropTarget(state, inner, dragged, place(event))?.id ?? null, event);
        const along = stepsIn(carried.current);
        carried.current = null;
        store.setState({ drop: null, onto: null, into: null, guides: [] });
        dropped(store, inner, dragged, place(event), wire, along);
        endFrames(store);
      },
      onNodeClick: (event, node) => {
        // A click on one of several means this one alone; a drag would have moved them all.
        const { nodes, shapes, view } = store.getState();
        if (event.shiftKey || event.ctrlKey || event.metaKey || [...nodes, ...shapes].filter((each) => each.selected).length < 2) return;
        if (isShape(node.id)) view.select([], [node.id]);
        else view.select([node.id]);
        store.setState({ told: null });
        queueMicrotask(tell);
      },
      onNodeDoubleClick: (_, node) => isShape(node.id) || emit("open", { step: node.id }),
      onConnectStart: (_, { nodeId, handleId }) => begin(nodeId, handleId),
      onConnect: connect,
      onConnectEnd: (event, { fromHandle, toHandle, isValid }) => {
        store.setState({ wiring: null });
        if (isValid || !fromHandle || event.clientX == null) return;
        const state = store.getState();
        if (toHandle) {
          refuse(refusal(state, asWire(fromHandle.nodeId, fromHandle.id, toHandle.nodeId, toHandle.id)), event);
          return;
        }
        if (event.target.closest?.(".fold")) return refuse(tr("Expand the frame first, then its steps can be wired."), event);
        const onto = event.target.closest?.("[data-path]")?.dataset.path;
        if (onto && onto !== fromHandle.nodeId) {
          const port = bestPort(state, fromHandle.nodeId, fromHandle.id, onto);
          if (port) connect(asWire(fromHandle.nodeId, fromHandle.id, onto, port));
          else refuse(tr("Nothing on this step takes that."), event);
        } else if (!onto && event.target.closest?.(".react-flow__pane")) {
          const { at, parent } = landing(state, inner, place(event));
          const from = { step: fromHandle.nodeId, port: portName(fromHandle.id), side: fromHandle.type === "source" ? "out" : "in" };
          emit("command", { name: "search", at, parent, x: event.clientX, y: event.clientY, from });
        }
      },
      onReconnectStart: (_, edge, end) => {
        const fixed = end === "source" ? [edge.source, edge.sourceHandle] : [edge.target, edge.targetHandle];
        begin(...fixed);
      },
      onReconnect: (edge, wire) => {
        if (asKey(edge) !== asKey(wire)) emit("gesture", { edits: [{ do: "disconnect", wires: [edge.id] }, asEdit(wire)] });
      },
      onReconnectEnd: (event, edge, _, { isValid, toHandle }) => {
        store.setState({ wiring: null, refusal: null });
        if (!isValid && !toHandle && event.target.closest?.(".react-flow__pane")) {
          emit("gesture", { edits: [{ do: "disconnect", wires: [edge.id] }] });
        }
      },
      isValidConnection: (wire) => !refusal(store.getState(), wire),
      onEdgeMouseEnter: ({ clientX: x, clientY: y }, edge) => store.setState({ hovered: edge.id, hoveredAt: { x, y } }),
      onEdgeMouseLeave: () => store.setState({ hovered: null }),
      onSelectionStart: () => {
        boxing.current = true;
      },
      onSelectionEnd: () => {
        boxing.current = false;
        tell();
        // React Flow lays a sheet over what was boxed, which would swallow clicks on single steps.
        setTimeout(() => inner.setState({ nodesSelectionActive: false }));
      },
      onMove: (_, { zoom }) => {
        approach(store, nearnessOnTheWay(zoom, store.getState()));
      },
      onMoveEnd: (_, viewport) => {
        approach(store, nearness(viewport.zoom));
        emit("viewport", viewport);
      },
      onDoubleClick: (event) => {
        if (store.getState().mode !== "edit" || !event.target.classList.contains("react-flow__pane")) return;
        const { at, parent } = landing(store.getState(), inner, place(event));
        emit("command", { name: "search", at, parent, x: event.clientX, y: event.clientY });
      },
      onDragOver: (event) => {
        if (store.getState().mode !== "edit" || !event.dataTransfer.types.includes(DRAGGED_KIND)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = "copy";
        const state = store.getState();
        const { parent } = landing(state, inner, place(event));
        const onto = wireAt(state, parent, [pointOf(event)])?.id ?? null;
        if (parent !== state.drop || onto !== state.onto) store.setState({ drop: parent, onto });
      },
      onDragLeave: (event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) store.setState({ drop: null, onto: null });
      },
      onDrop: (event) => {
        const kind = event.dataTransfer.getData(DRAGGED_KIND);
        store.setState({ drop: null, onto: null });
        const state = store.getState();
        if (!kind || state.mode !== "edit") return;
        event.preventDefault();
        const { at, parent, frame } = landing(state, inner, place(event));
        const wire = wireAt(state, parent, [pointOf(event)]);
        if (!wire) return emit("gesture", { edits: [{ do: "add", kind, at, parent, ...(frame && { frame }) }] });
        const body = state.catalogue[kind]?.body;
        const found = roomOn(state, inner, wire, at, null, body ? BOX_WIDTH : STEP_WIDTH);
        const added = { do: "add", kind, at: found.at, parent, wire: wire.id };
        emit("gesture", { edits: [added, ...(Object.keys(found.moves).length ? [{ do: "move", to: found.moves }] : [])] });
      },
      onPointerMove: (event) => {
        pointer.current = { x: event.clientX, y: event.clientY };
        if (store.getState().others.length) point(flow.screenToFlowPosition(pointer.current, { snapToGrid: false }));
      },
      onPointerLeave: () => {
        pointer.current = null;
        if (store.getState().others.length) point(null);
      },
    };
  }, [store, flow, inner, element, tell]);

  const { onDoubleClick, onDragOver, onDragLeave, onDrop, onPointerMove, onPointerLeave, ...gestures } = on;
  return (
    <div
      className={`weft-flow${far ? " is-far" : ""}${dots ? " is-dots" : ""}${lasso ? " has-lasso" : ""}${crowded ? " is-crowded" : ""}${outline ? " is-outline" : ""}${edit ? "" : " is-view"}${wiring ? " is-wiring" : ""}${panning ? " is-panning" : ""}`}
      role={outline ? "region" : "application"}
      aria-label={outline ? tr("Flow as a list") : tr("Flow canvas. Arrow keys walk from step to step, Enter opens a step, question mark lists all keys.")}
      tabIndex={0}
      {...portGestures}
      {...{ onDoubleClick, onDragOver, onDragLeave, onDrop, onPointerMove, onPointerLeave }}
    >
      <ReactFlow
        id="weft"
        nodes={drawn.nodes}
        edges={wires}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onNodesChange={changeNodes}
        onEdgesChange={changeEdges}
        {...gestures}
        defaultViewport={first ?? undefined}
        width={element.clientWidth}
        height={element.clientHeight}
        minZoom={FAREST}
        maxZoom={NEAREST}
        snapToGrid={!isFree}
        snapGrid={SNAP}
        onlyRenderVisibleElements={nodes.length > MANY}
        nodesDraggable={edit && !panning}
        nodesConnectable={edit}
        edgesReconnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        multiSelectionKeyCode={ADD_KEYS}
        selectionKeyCode="Shift"
        selectionMode={SelectionMode.Partial}
        panOnDrag={BUTTONS}
        panActivationKeyCode={null}
        zoomOnDoubleClick={false}
        nodeDragThreshold={3}
        paneClickDistance={3}
        nodeClickDistance={3}
        connectionRadius={22}
        connectOnClick={false}
        elevateNodesOnSelect
        proOptions={QUIET}
      >
        <Dots />
        {pictured && <FarWires edges={drawn.edges} />}
        <Guides />
        <Others />
      </ReactFlow>
      <Lasso element={element} />
      <Sample />
      <Controls />
      <MiniMap element={element} />
      {outline && <Outline element={element} />}
      <Refusal />
      <Menu element={element} />
      <div className="weft-said" aria-live="polite">
        {said}
      </div>
    </div>
  );
}

/** Until someone has done anything, a flow stays in view while the page finds its size; after that nothing jumps. */
function useFirstView(store, element) {
  useEffect(() => {
    const sized = new ResizeObserver(() => {
      const { view, nodes, held } = store.getState();
      if (held || !view || !element.clientWidth) return;
      const first = firstView(nodes, element.clientWidth, element.clientHeight);
      store.setState(nearness(first.zoom));
      view.jump(first);
    });
    sized.observe(element);
    const hold = () => store.getState().held || store.setState({ held: true });
    const hands = ["pointerdown", "wheel", "keydown"];
    hands.forEach((kind) => window.addEventListener(kind, hold, { capture: true, passive: true }));
    return () => {
      sized.disconnect();
      hands.forEach((kind) => window.removeEventListener(kind, hold, { capture: true }));
    };
  }, [store, element]);
}

/** A selection box takes a container only when it is around all of it. */
function halfBoxed(change, store, inner) {
  if (change.type !== "select" || !change.selected) return false;
  const node = store.getState().nodes.find((each) => each.id === change.id);
  if (node?.type !== "box" && !change.id.startsWith("frame:")) return false;
  const { userSelectionRect: box, transform } = inner.getState();
  const rect = rectOf(inner, change.id);
  if (!box || !rect) return false;
  const drawn = { x: (box.x - transform[0]) / transform[2], y: (box.y - transform[1]) / transform[2], width: box.width / transform[2], height: box.height / transform[2] };
  return !contains(drawn, rect) || !contains(drawn, { x: rect.x + rect.width, y: rect.y + rect.height });
}

const pointOf = (event) => {
  const { clientX: x, clientY: y } = event.changedTouches?.[0] ?? event;
  return { x, y };
};
const asKey = (wire) => [wire.source, wire.sourceHandle ?? handleId("out", ""), wire.target, wire.targetHandle ?? handleId("in", "")].join("|");
