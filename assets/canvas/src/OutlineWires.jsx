import { useEffect, useRef, useState } from "react";

import { useCanvas, useCanvasStore } from "./context.js";
import { handleId } from "./geometry.js";
import { icon } from "./Icon.jsx";
import { portWords, portsCalled, wiresAt } from "./outline.js";
import { tr } from "./tr.js";
import { asEdit, asWire, fitting } from "./wiring.js";

/** The wires of a step in words: each can be removed, and new ones made with two choices. */
export function OutlineWires({ id, titles, close }) {
  const store = useCanvasStore();
  const edges = useCanvas((state) => state.edges);
  const nodes = useCanvas((state) => state.nodes);
  const node = nodes.find((each) => each.id === id);
  const outputs = [...(node?.data.ports.outputs ?? []).filter((port) => !port.lost).map((port) => handleId("out", port.name)), handleId("out", "")];
  const [output, setOutput] = useState(outputs[0]);
  const [target, setTarget] = useState("");
  const first = useRef(null);
  const second = useRef(null);
  useEffect(() => first.current?.focus(), []);
  const fits = [...fitting(store.getState(), id, output)].map((each) => each.split("|"));
  const wired = new Set(edges.filter((edge) => edge.source === id && edge.sourceHandle === output).map((edge) => `${edge.target}|${edge.targetHandle}`));
  const free = fits.filter(([path, handle]) => !wired.has(`${path}|${handle}`));
  const known = wiresAt(edges, titles, portsCalled(nodes), id);
  const send = (edit) => store.getState().emit("gesture", { edits: [edit] });
  const connect = () => {
    const [path, handle] = target.split("|");
    if (path) send(asEdit(asWire(id, output, path, handle)));
    setTarget("");
    second.current.focus(); // The button is disabled now, and would let the keyboard fall.
  };
  const pressed = (event) => {
    event.stopPropagation();
    if (event.key !== "Escape") return;
    event.preventDefault();
    close();
  };
  return (
    <div className="outline-wires" role="group" aria-label={tr("Wires of {step}", { step: titles.get(id) })} onKeyDown={pressed}>
      {known.map((wire) => (
        <div key={wire.id} className="outline-wire">
          <span>{wire.text}</span>
          <button type="button" aria-label={tr("Remove the wire: {wire}", { wire: wire.text })} onClick={() => (send({ do: "disconnect", wires: [wire.id] }), first.current.focus())}>
            {icon("link_off")}
            {tr("Remove")}
          </button>
        </div>
      ))}
      {!known.length && <div className="outline-wire">{tr("It has no wires yet.")}</div>}
      <div className="outline-connect">
        <label>
          {tr("Pass on")}
          <select ref={first} aria-label={tr("Pass on")} value={output} onChange={(event) => (setOutput(event.target.value), setTarget(""))}>
            {outputs.map((each) => (
              <option key={each} value={each}>
                {portWords(node, "outputs", each)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {tr("to")}
          <select ref={second} aria-label={tr("To which step")} value={target} onChange={(event) => setTarget(event.target.value)}>
            <option value="">{free.length ? tr("Choose a step") : tr("Nothing else takes that")}</option>
            {free.map(([path, handle]) => (
              <option key={`${path}|${handle}`} value={`${path}|${handle}`}>
                {`${titles.get(path)}: ${portWords(nodes.find((each) => each.id === path), "inputs", handle)}`}
              </option>
            ))}
          </select>
        </label>
        <button type="button" disabled={!target} onClick={connect}>
          {tr("Connect")}
        </button>
        <button type="button" onClick={close}>
          {tr("Close")}
        </button>
      </div>
    </div>
  );
}
