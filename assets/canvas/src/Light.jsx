import { useLayoutEffect, useRef } from "react";

import { useCanvas } from "./context.js";
import { icon } from "./Icon.jsx";
import { Thumbnail } from "./Thumbnail.jsx";
import { grouped, tr, trn } from "./tr.js";
import { STATUS, duration, items, share, spent } from "./words.js";

/** How a step stands: a sign on its corner, and under it figures and words. Nothing here changes a step's size. */
export function Light({ light, far, path }) {
  const status = STATUS[light.status];
  const sign = useRef(null);
  const talks = !far && (light.status === "running" ? Boolean(light.text) : Boolean(light.message || light.would));
  useLayoutEffect(() => {
    // Its words hang over the neighbours below, so the whole step lies above them.
    const node = sign.current?.closest(".react-flow__node");
    node?.toggleAttribute("data-talks", talks);
    return () => node?.removeAttribute("data-talks");
  }, [talks]);
  if (!status) return null;
  return (
    <>
      <span ref={sign} className={`badge is-${light.status}${light.reused ? " is-reused" : ""}`}>
        {icon(light.reused && light.status === "done" ? "cached" : status.icon)}
      </span>
      {!far && <Below light={light} />}
      {light.picture && <Thumbnail path={path} picture={light.picture} wordy={talks} />}
    </>
  );
}

function Below({ light }) {
  const part = light.status === "running" ? share(light.progress) : null;
  return (
    <div className="below">
      {part != null && (
        <span className="progress" role="progressbar" aria-label={tr("Progress")} aria-valuenow={Math.round(part * 100)}>
          <i style={{ transform: `scaleX(${part})` }} />
        </span>
      )}
      <Figures light={light} />
      <Card light={light} />
    </div>
  );
}

export function Figures({ light }) {
  const parts = [];
  if (light.status === "running") parts.push(light.started ? <Elapsed key="time" since={light.started} /> : tr("running"));
  else if (light.reused) parts.push(tr("reused"));
  else if (light.by_hand) parts.push(tr("given by hand"));
  else if (light.status === "waiting") parts.push(light.reason || STATUS.waiting.word);
  else if (light.ms != null && light.status !== "rehearsed") parts.push(duration(light.ms));
  if (["skipped", "stopped", "asked", "paused", "rehearsed"].includes(light.status)) parts.unshift(STATUS[light.status].word);
  if (Array.isArray(light.progress) && light.status === "running") parts.push(tr("{done} of {total}", { done: grouped(light.progress[0]), total: grouped(light.progress[1]) }));
  if (light.items != null && light.status !== "running") parts.push(typeof light.items === "number" ? trn("{n} item", "{n} items", light.items) : light.items);
  else if (light.status !== "running" && light.counts) parts.push(items(light.counts));
  if (light.money || light.tokens) parts.push(spent(light));
  if (!parts.length) return null;
  return <span className={`figures is-${light.status}`}>{parts.flatMap((part, index) => (index ? [" · ", part] : [part]))}</span>;
}

function Elapsed({ since }) {
  const now = useCanvas((state) => state.now);
  return <span className="elapsed">{duration(Math.max(0, now - since))}</span>;
}

function Card({ light }) {
  if (light.status === "running" && light.text) {
    return (
      <div className="card is-text">
        <span>{light.text}</span>
      </div>
    );
  }
  if (light.status === "rehearsed" && light.would) {
    return (
      <div className="card is-rehearsed">
        <p>{light.would}</p>
      </div>
    );
  }
  if (["failed", "asked", "paused", "doubt", "stopped"].includes(light.status) && light.message) {
    return (
      <div className={`card is-${light.status}`}>
        <p>{light.message}</p>
        {light.hint && <p className="hint">{light.hint}</p>}
      </div>
    );
  }
  if (light.status === "skipped" && light.reason) return <div className="card is-reason">{light.reason}</div>;
  return null;
}

/** How far a container is: rounds done of rounds to do. */
export function Rounds({ rounds }) {
  const { done, total, failed } = Array.isArray(rounds) ? { done: rounds[0], total: rounds[1] } : rounds;
  return (
    <span className="rounds">
      {grouped(done)}
      {total != null && ` / ${grouped(total)}`}
      {failed ? <b> {tr("{count} failed", { count: grouped(failed) })}</b> : null}
    </span>
  );
}
