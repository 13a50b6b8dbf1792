import { NodeToolbar } from "@xyflow/react";

import { icon } from "./Icon.jsx";
import { tr } from "./tr.js";

/** Notes and frames lie behind the steps, and this would with them. */
const ABOVE = { zIndex: 5 };
const COLOURS = { amber: tr("Amber"), pink: tr("Pink"), violet: tr("Violet"), blue: tr("Blue"), cyan: tr("Cyan"), green: tr("Green"), slate: tr("Slate") };

/** The colours of a note or a frame, and what else can be done with it. It is as large from far away as from near. */
export function ColourBar({ label, color, choose, more = [] }) {
  return (
    <NodeToolbar isVisible style={ABOVE} position="top" align="start" offset={8} className="colour-bar nodrag nopan" role="toolbar" aria-label={label} onDoubleClick={(event) => event.stopPropagation()}>
      {Object.entries(COLOURS).map(([each, name]) => (
        <button
          key={each}
          type="button"
          className="colour"
          style={{ "--paper": `var(--weft-${each})` }}
          aria-label={name}
          aria-pressed={each === color}
          data-tip={name}
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
