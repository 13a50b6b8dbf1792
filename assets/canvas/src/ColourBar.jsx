import { NodeToolbar } from "@xyflow/react";

import { icon } from "./Icon.jsx";

/** Notes and frames lie behind the steps, and this would with them. */
const ABOVE = { zIndex: 5 };
const COLOURS = ["amber", "pink", "violet", "blue", "cyan", "green", "slate"];

/** The colours of a note or a frame, and what else can be done with it. It is as large from far away as from near. */
export function ColourBar({ label, color, choose, more = [] }) {
  return (
    <NodeToolbar isVisible style={ABOVE} position="top" align="start" offset={8} className="colour-bar nodrag nopan" role="toolbar" aria-label={label} onDoubleClick={(event) => event.stopPropagation()}>
      {COLOURS.map((each) => (
        <button
          key={each}
          type="button"
          className="colour"
          style={{ "--paper": `var(--weft-${each})` }}
          aria-label={each.charAt(0).toUpperCase() + each.slice(1)}
          aria-pressed={each === color}
          data-tip={each.charAt(0).toUpperCase() + each.slice(1)}
          onClick={() => each !== color && choose(each)}
        />
      ))}
      {more.length > 0 && <i className="rule" />}
      {more.map(([name, words, work]) => (
        <button key={name} type="button" aria-label={words.replace(/ \(.*\)$/, "")} data-tip={words} onClick={work}>
          {icon(name)}
        </button>
      ))}
    </NodeToolbar>
  );
}
