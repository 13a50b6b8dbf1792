import { memo } from "react";

import { useCanvas } from "./context.js";
import { handleId, portSize, portY } from "./geometry.js";
import { tr } from "./tr.js";
import { TYPES } from "./words.js";

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
        aria-label={said(side, port, title)}
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

const typed = (port) => TYPES[port.type] ?? port.type;

function said(side, port, step) {
  if (!port.name) return side === "in" ? tr("Input order of {step}", { step }) : tr("Output order of {step}", { step });
  const words = { port: port.label || port.name, type: typed(port) || tr("not known here"), step };
  return side === "in" ? tr("Input {port}, {type} of {step}", words) : tr("Output {port}, {type} of {step}", words);
}

function tip(side, port) {
  if (!port.name) return side === "in" ? tr("Runs after") : tr("Then");
  if (port.lost) return side === "in" ? tr("{port}: this step has no such input", { port: port.name }) : tr("{port}: this step has no such output", { port: port.name });
  const words = port.type ? `${port.label || port.name} · ${typed(port)}` : port.label || port.name;
  return port.many ? tr("{port} · takes many wires", { port: words }) : words;
}
