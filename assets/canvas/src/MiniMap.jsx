import { useReactFlow, useStoreApi } from "@xyflow/react";
import { useEffect, useRef } from "react";

import { useCanvas, useCanvasStore } from "./context.js";
import { foldOf } from "./shapes.js";
import { tr } from "./tr.js";
import { FEW, around } from "./view.js";

const WIDTH = 176;
const HEIGHT = 112;
const PAD = 8;
const CALM = 200;

/** The whole flow, small. Drawn once for each change of the flow; panning only moves the frame. */
export function MiniMap({ element }) {
  const shown = useCanvas((state) => state.map && state.nodes.length > FEW);
  return shown ? <Drawing element={element} /> : null;
}

function Drawing({ element }) {
  const store = useCanvasStore();
  const inner = useStoreApi();
  const flow = useReactFlow();
  const canvas = useRef(null);
  const frame = useRef(null);

  useEffect(() => {
    let scale = { x: 0, y: 0, by: 1 };
    let asked = 0;
    let tones = null;
    const draw = () => {
      asked = 0;
      tones ??= tonesOf(canvas.current);
      scale = paint(canvas.current, store.getState(), inner.getState().nodeLookup, tones);
      follow();
    };
    const ask = () => {
      asked ||= requestAnimationFrame(draw);
    };
    // How steps stand may change many times a second: the overview need not keep up with every one.
    let resting = 0;
    const askLater = () => {
      resting ||= setTimeout(() => {
        resting = 0;
        ask();
      }, CALM);
    };
    let seen = null;
    const follow = () => {
      const { transform, width, height } = inner.getState();
      seen = transform;
      const [x, y, zoom] = transform;
      const left = clamp((-x / zoom - scale.x) * scale.by + PAD, 0, WIDTH);
      const above = clamp((-y / zoom - scale.y) * scale.by + PAD, 0, HEIGHT);
      const right = clamp(((width - x) / zoom - scale.x) * scale.by + PAD, 0, WIDTH);
      const below = clamp(((height - y) / zoom - scale.y) * scale.by + PAD, 0, HEIGHT);
      Object.assign(frame.current.style, { transform: `translate(${left}px, ${above}px)`, width: `${right - left}px`, height: `${below - above}px` });
    };
    draw();
    const stops = [
      store.subscribe((state, before) => {
        if (state.nodes !== before.nodes || state.folded !== before.folded) ask();
        else if (state.lights !== before.lights) askLater();
      }),
      inner.subscribe((state) => {
        if (state.transform !== seen) follow();
      }),
    ];
    const theme = new MutationObserver(() => {
      tones = null;
      ask();
    });
    theme.observe(element.ownerDocument.body, { attributeFilter: ["class"] });
    canvas.current.go = (event) => {
      const bounds = canvas.current.getBoundingClientRect();
      flow.setCenter((event.clientX - bounds.left - PAD) / scale.by + scale.x, (event.clientY - bounds.top - PAD) / scale.by + scale.y, { zoom: flow.getZoom() });
    };
    return () => {
      stops.forEach((stop) => stop());
      theme.disconnect();
      cancelAnimationFrame(asked);
      clearTimeout(resting);
    };
  }, [store, inner, flow, element]);

  const go = (event) => event.buttons === 1 && canvas.current.go(event);
  const take = (event) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    go(event);
  };
  return (
    <div className="weft-map" role="img" aria-label={tr("Overview of the flow")} onPointerDown={take} onPointerMove={go}>
      <canvas ref={canvas} style={{ width: WIDTH, height: HEIGHT }} />
      <i ref={frame} />
    </div>
  );
}

/** Read once for each theme: asking for a colour makes the browser work out the styles of all that has changed. */
function tonesOf(canvas) {
  const styles = getComputedStyle(canvas);
  const colour = (name) => styles.getPropertyValue(`--weft-${name}`).trim();
  return { plain: colour("wire"), box: colour("line"), picked: colour("accent"), running: colour("running"), done: colour("done"), failed: colour("failed"), asked: colour("asked"), doubt: colour("asked"), paused: colour("accent"), rehearsed: colour("done") };
}

function paint(canvas, { nodes, lights, folded }, lookup, tones) {
  const dense = window.devicePixelRatio || 1;
  canvas.width = WIDTH * dense;
  canvas.height = HEIGHT * dense;
  const rects = nodes.filter((node) => !foldOf(folded, node.id)).map((node) => ({ node, position: lookup.get(node.id)?.internals.positionAbsolute ?? node.position, width: node.width, height: node.height }));
  const all = rects.length ? around(rects) : { x: 0, y: 0, width: 1, height: 1 };
  const by = Math.min((WIDTH - 2 * PAD) / all.width, (HEIGHT - 2 * PAD) / all.height, 0.2);
  const scale = { x: all.x - ((WIDTH - 2 * PAD) / by - all.width) / 2, y: all.y - ((HEIGHT - 2 * PAD) / by - all.height) / 2, by };
  const pen = canvas.getContext("2d");
  pen.scale(dense, dense);
  for (const { node, position, width, height } of rects) {
    pen.fillStyle = node.type === "box" ? tones.box : (tones[lights[node.id]?.status] ?? (node.selected ? tones.picked : tones.plain));
    pen.beginPath();
    pen.roundRect((position.x - scale.x) * by + PAD, (position.y - scale.y) * by + PAD, Math.max(2, width * by), Math.max(1.5, height * by), Math.min(2, height * by * 0.2));
    pen.fill();
  }
  return scale;
}

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
