import { memo } from "react";

import { useCanvas } from "./context.js";
import { handleId, portSize, portY } from "./geometry.js";

const ORDER = { name: "", label: "", type: "" };

/** Where wires begin and end. Plain elements: there are many, and who presses one is heard further up (usePorts). */
export const Ports = memo(function Ports({ id, data: { step, ports, wired } }) {
  const offers = useCanvas((state) => (state.wiring ? offersAt(state.wiring, id, ports) : ""));
  const title = step.title || id;
  const one = (side, port, index) => {
    const handle = handleId(side, port.name);
    const size = portSize(port.name);
    const place = { top: portY(index) - size / 2, [side === "in" ? "left" : "right"]: -size / 2 };
    const marks = `react-flow__handle nodrag nopan port ${side === "in" ? "target" : "source"} connectable connectablestart connectableend`;
    return (
      <i
        key={handle}
        className={`${marks} is-${port.name ? "data" : "order"}${wired.has(handle) ? " is-wired" : ""}${port.lost || port.failure ? " is-lost" : ""}${port.many ? " is-many" : ""}${offerOf(offers, handle)}`}
        data-id={`weft-${id}-${handle}-${side === "in" ? "target" : "source"}`}
        data-nodeid={id}
        data-handleid={handle}
        data-handlepos={side === "in" ? "left" : "right"}
        data-tip={tip(side, port)}
        role="button"
        aria-label={`${side === "in" ? "Input" : "Output"} ${port.name ? `${port.label || port.name}, ${port.type || "not known here"}` : "order"} of ${title}`}
        style={place}
      />
    );
  };
  return (
    <>
      {one("in", ORDER, -1)}
      {one("out", ORDER, -1)}
      {ports.inputs.map((port, index) => one("in", port, index))}
      {ports.outputs.map((port, index) => one("out", port, index))}
    </>
  );
});

/** As one text, so that a step draws again only when one of its own ports has changed. */
function offersAt({ from, fits, aim }, id, { inputs, outputs }) {
  const handles = [handleId("in", ""), handleId("out", ""), ...inputs.map((port) => handleId("in", port.name)), ...outputs.map((port) => handleId("out", port.name))];
  return handles
    .map((handle) => {
      const key = `${id}|${handle}`;
      return `${handle}=${from === key ? "from" : fits.has(key) ? "fits" : "not"}${aim === key ? " is-aimed" : ""};`;
    })
    .join("");
}

function offerOf(offers, handle) {
  if (!offers) return "";
  const at = `;${offers}`.indexOf(`;${handle}=`);
  return ` offer-${offers.slice(at + handle.length + 1, offers.indexOf(";", at))}`;
}

function tip(side, port) {
  if (!port.name) return side === "in" ? "Runs after" : "Then";
  if (port.lost) return `${port.name}: this step has no such ${side === "in" ? "input" : "output"}`;
  const words = port.type ? `${port.label || port.name} · ${port.type}` : port.label || port.name;
  return port.many ? `${words} · takes many wires` : words;
}
