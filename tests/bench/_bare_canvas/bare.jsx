import { Background, MiniMap, ReactFlow } from "@xyflow/react";
import { createRoot } from "react-dom/client";

document.head.append(Object.assign(document.createElement("style"), { textContent: STYLES }));

/** React Flow as it comes: its own nodes and wires, drawing only what is visible. */
export function mount(element) {
  const root = createRoot(element);
  return {
    load(text, map, zoom) {
      const { steps, wires } = JSON.parse(text);
      const nodes = steps.map(({ path, x, y, title }) => ({
        id: path,
        position: { x, y },
        data: { label: title },
        sourcePosition: "right",
        targetPosition: "left",
        width: 200,
        height: 80,
      }));
      const edges = wires.map(({ id, source, target }) => ({ id, source, target }));
      root.render(
        <ReactFlow defaultNodes={nodes} defaultEdges={edges} defaultViewport={{ x: 64, y: 64, zoom }} minZoom={0.05} onlyRenderVisibleElements>
          <Background />
          {map && <MiniMap />}
        </ReactFlow>,
      );
    },
  };
}
