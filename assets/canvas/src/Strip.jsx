import { useMemo, useRef, useState } from "react";

import { useCanvasStore } from "./context.js";
import { icon } from "./Icon.jsx";
import { HEIGHT, chosenWords, markWords, outlines, thinned } from "./strip.js";
import { grouped, tr, trn } from "./tr.js";

const WIDEST = 14;
const FEW = 40;
const STEPS = { ArrowLeft: { by: -1 }, ArrowRight: { by: 1 }, ArrowUp: { failed: -1 }, ArrowDown: { failed: 1 }, PageUp: { by: -10 }, PageDown: { by: 10 }, Home: { mark: 0 }, End: { newest: true }, Escape: { newest: true } };

/** The rounds of a container: a mark for each, or for several where there are many. */
export function Strip({ id, strip, title, roomBelow }) {
  const store = useCanvasStore();
  const [aimed, setAimed] = useState(null);
  const track = useRef(null);
  const { marks, chosen, newest } = strip;
  const choose = (what) => store.getState().emit("round", { path: id, ...what });
  const markAt = (event) => {
    const { left, width } = track.current.getBoundingClientRect();
    return Math.max(0, Math.min(marks.length - 1, Math.floor(((event.clientX - left) / width) * marks.length)));
  };
  const pressed = (event) => {
    const step = STEPS[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    event.preventDefault();
    choose(step);
  };
  const at = chosen ?? newest;
  return (
    <div className="strip nodrag nopan" style={{ width: `min(100% - 24px, ${marks.length * WIDEST}px)` }}>
      <div
        ref={track}
        className="strip-track"
        role="slider"
        tabIndex={0}
        aria-label={tr("Rounds of {step}. Left and right go from round to round, up and down from failure to failure, Escape to the newest.", { step: title })}
        aria-valuemin={1}
        aria-valuemax={strip.count}
        aria-valuenow={(at ?? 0) + 1}
        aria-valuetext={chosen == null ? tr("Newest round, {count} in all, {failed} failed", { count: grouped(strip.count), failed: strip.failed }) : chosenWords(strip)}
        onKeyDown={pressed}
        onClick={(event) => {
          event.stopPropagation();
          choose({ mark: markAt(event) });
        }}
        onDoubleClick={(event) => event.stopPropagation()}
        onPointerMove={(event) => setAimed(markAt(event))}
        onPointerLeave={() => setAimed(null)}
      >
        <Marks marks={marks} />
        {at != null && <i className={`strip-cursor${chosen == null ? " is-newest" : ""}`} style={placed(Math.floor(at / strip.each), marks.length)} />}
        {aimed != null && aimed < marks.length && (
          <>
            <i className="strip-aim" style={placed(aimed, marks.length)} />
            <span className={roomBelow ? "strip-tip is-below" : "strip-tip"} style={{ left: `${((aimed + 0.5) / marks.length) * 100}%` }}>
              {markWords(strip, aimed)}
            </span>
          </>
        )}
      </div>
    </div>
  );
}

/** The chosen round in words, in the place of the summary. */
export function Chosen({ id, strip }) {
  const store = useCanvasStore();
  const leave = (event) => {
    event.stopPropagation();
    store.getState().emit("round", { path: id, newest: true });
  };
  const words = chosenWords(strip);
  const first = words.indexOf(" ") + 1;
  return (
    <span className="strip-words" data-tip={words}>
      <span>
        {/* The first word gives way where a container is narrow: how the round went is what counts. */}
        <i>{words.slice(0, first)}</i>
        {words.slice(first)}
      </span>
      <button type="button" className="nodrag" data-tip={tr("Back to the newest round")} aria-label={tr("Back to the newest round")} onClick={leave}>
        {icon("close")}
      </button>
    </span>
  );
}

/** Plays the failed rounds anew. */
export function Retry({ id, strip }) {
  const store = useCanvasStore();
  const words = trn("Retry the failed round", "Retry {n} failed rounds", strip.failed);
  const retry = (event) => {
    event.stopPropagation();
    store.getState().emit("retry", { step: id });
  };
  return (
    <button type="button" className="strip-retry nodrag" data-tip={words} aria-label={words} onClick={retry}>
      {icon("replay")}
      {tr("Retry {count}", { count: grouped(strip.failed) })}
    </button>
  );
}

/** Seen from far away: how the rounds went, in few marks, to look at only. */
export function FarStrip({ strip }) {
  return (
    <div className="strip is-far" aria-hidden="true">
      <Marks marks={thinned(strip.marks, FEW)} />
    </div>
  );
}

function Marks({ marks }) {
  const parts = useMemo(() => outlines(marks), [marks]);
  return (
    <svg viewBox={`0 0 ${marks.length} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {parts.map(([letter, outline]) => (
        <path key={letter} className={`mark-${letter === "-" ? "none" : letter}`} d={outline} />
      ))}
    </svg>
  );
}

const placed = (mark, of) => ({ left: `${(mark / of) * 100}%`, width: `${100 / of}%` });
