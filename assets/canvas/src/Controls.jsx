import { useStore } from "@xyflow/react";

import { useCanvas, useCanvasStore } from "./context.js";
import { icon as symbol } from "./Icon.jsx";
import { tr } from "./tr.js";
import { FEW } from "./view.js";
import { WheelChoice } from "./Wheel.jsx";

/** Zoom and overview, at the bottom left. */
export function Controls() {
  const store = useCanvasStore();
  const percent = useStore((state) => Math.round(state.transform[2] * 100));
  const map = useCanvas((state) => state.map);
  const many = useCanvas((state) => state.nodes.length > FEW);
  const lasso = useCanvas((state) => state.lasso);
  const some = useCanvas((state) => state.nodes.length > 0);
  const shown = useCanvas((state) => state.shown) ?? {};
  const view = (name) => () => store.getState().view?.[name]();
  const tip = (text, id) => (shown[id] ? `${text}  ${shown[id]}` : text);
  if (!some) return null;
  return (
    <div className="weft-controls" role="toolbar" aria-label={tr("View")}>
      <Button icon="remove" tip={tip(tr("Zoom out"), "zoom.out")} onClick={view("zoomOut")} />
      <button type="button" className="percent" data-tip={tip(tr("100 %"), "zoom.100")} aria-label={tr("Zoom, {percent} percent. Show at 100 percent", { percent })} onClick={view("zoom100")}>
        {percent} %
      </button>
      <Button icon="add" tip={tip(tr("Zoom in"), "zoom.in")} onClick={view("zoomIn")} />
      <i className="rule" />
      <Button icon="fit_screen" tip={tip(tr("Show everything"), "fit")} onClick={view("fit")} />
      <Button icon="gesture" tip={lasso ? tr("Lasso: draw around steps. Esc to leave") : tip(tr("Select with a lasso"), "lasso")} pressed={lasso} onClick={() => store.setState({ lasso: !lasso })} />
      <WheelChoice />
      <Button icon="list" tip={tip(tr("Show the flow as a list"), "outline")} onClick={() => store.getState().perform("outline")} />
      {many && <Button icon="map" tip={tip(map ? tr("Hide the overview") : tr("Show the overview"), "map")} pressed={map} onClick={() => store.setState({ map: !map })} />}
    </div>
  );
}

function Button({ icon, tip, pressed, onClick }) {
  return (
    <button type="button" data-tip={tip} aria-label={tip.split("  ")[0]} aria-pressed={pressed} onClick={onClick}>
      {symbol(icon)}
    </button>
  );
}
