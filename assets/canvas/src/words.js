/** Statuses and figures as a person reads them. */

import { formatted, grouped, tr, trn } from "./tr.js";

export const STATUS = {
  waiting: { icon: "schedule", word: tr("waiting") },
  running: { icon: "progress_activity", word: tr("running") },
  done: { icon: "check", word: tr("done") },
  failed: { icon: "priority_high", word: tr("failed") },
  skipped: { icon: "skip_next", word: tr("skipped") },
  asked: { icon: "question_mark", word: tr("waits for your answer") },
  doubt: { icon: "question_mark", word: tr("may or may not have happened") },
  stopped: { icon: "stop", word: tr("stopped") },
  paused: { icon: "pause", word: tr("paused here") },
  rehearsed: { icon: "visibility", word: tr("rehearsed") },
};

/** What has become of a step or a wire between two versions. */
export const CHANGES = {
  added: ["+", tr("new")],
  removed: ["−", tr("removed")],
  changed: ["~", tr("changed")],
  moved: ["→", tr("moved")],
};

/** What may go into a port or come out of it, in one word. */
export const TYPES = { any: tr("any"), text: tr("text"), number: tr("number"), boolean: tr("boolean"), list: tr("list"), record: tr("record"), file: tr("file") };

const TENTHS = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
const CENTS = { useGrouping: false, minimumFractionDigits: 2, maximumFractionDigits: 2 };
const PARTS_OF_CENTS = { useGrouping: false, minimumFractionDigits: 4, maximumFractionDigits: 4 };
const BRIEF = { notation: "compact", maximumFractionDigits: 1 };

export function duration(ms) {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 60_000) return `${formatted(Math.floor(ms / 100) / 10, TENTHS)} s`;
  const seconds = Math.floor(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
  return `${Math.floor(seconds / 3600)} h ${String(Math.floor(seconds / 60) % 60).padStart(2, "0")} min`;
}

/** How many items a step gave: `12 items`, and one number for each output where there are several. */
export function items(counts) {
  const numbers = Object.values(counts);
  return numbers.length === 1 ? trn("{n} item", "{n} items", numbers[0]) : tr("{numbers} items", { numbers: numbers.map(grouped).join(" + ") });
}

/** What a step has used: in money where that is known, else in tokens. */
export function spent({ money, tokens }) {
  if (money) return tr("${amount}", { amount: formatted(money, money < 0.01 ? PARTS_OF_CENTS : CENTS) });
  return tr("{count} tokens", { count: short(tokens) });
}

/** Counts that are read at a glance: 12, 3.4K, 1.2M. */
export const short = (number) => (number < 1000 ? String(number) : formatted(number, BRIEF));

/** How much is done, between 0 and 1, from a fraction or from [done, total]. */
export function share(progress) {
  if (progress == null) return null;
  if (Array.isArray(progress)) return progress[1] ? Math.min(1, progress[0] / progress[1]) : 0;
  return Math.min(1, Math.max(0, progress));
}

export function label(step, kind, light) {
  const parts = [step.summary ? `${step.title}, ${step.summary}` : step.title];
  if (step.change) parts.push(CHANGES[step.change][1]);
  if (step.missing) parts.push(tr("not installed here"));
  if (step.disabled) parts.push(tr("disabled"));
  if (step.breakpoint) parts.push(tr("breakpoint"));
  if (step.comments) parts.push(trn("{n} open comment", "{n} open comments", step.comments));
  if (step.stale) parts.push(tr("its inputs changed since the last run"));
  if (light) {
    const said = light.message || light.would || light.reason;
    const word = STATUS[light.status]?.word ?? light.status;
    parts.push(said ? `${word}: ${said}` : word);
  }
  if (step.problems?.length) parts.push(step.problems.join(" "));
  return [kind?.title && kind.title !== step.title ? kind.title : null, ...parts].filter(Boolean).join(", ");
}

export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
