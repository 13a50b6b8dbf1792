/** Statuses and figures as a person reads them. */

export const STATUS = {
  waiting: { icon: "schedule", word: "waiting" },
  running: { icon: "progress_activity", word: "running" },
  done: { icon: "check", word: "done" },
  failed: { icon: "priority_high", word: "failed" },
  skipped: { icon: "skip_next", word: "skipped" },
  asked: { icon: "question_mark", word: "waits for your answer" },
  doubt: { icon: "question_mark", word: "may or may not have happened" },
  stopped: { icon: "stop", word: "stopped" },
  paused: { icon: "pause", word: "paused here" },
  rehearsed: { icon: "visibility", word: "rehearsed" },
};

/** What has become of a step or a wire between two versions. */
export const CHANGES = {
  added: ["+", "new"],
  removed: ["−", "removed"],
  changed: ["~", "changed"],
  moved: ["→", "moved"],
};

export function duration(ms) {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 60_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  const seconds = Math.floor(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
  return `${Math.floor(seconds / 3600)} h ${String(Math.floor(seconds / 60) % 60).padStart(2, "0")} min`;
}

export function count(number, word) {
  return `${number.toLocaleString()} ${word}${number === 1 ? "" : "s"}`;
}

/** How many items a step gave: `12 items`, and one number for each output where there are several. */
export function items(counts) {
  const numbers = Object.values(counts);
  return `${numbers.map((number) => number.toLocaleString()).join(" + ")} ${numbers.length === 1 && numbers[0] === 1 ? "item" : "items"}`;
}

/** What a step has used: in money where that is known, else in tokens. */
export function spent({ money, tokens }) {
  if (money) return money < 0.01 ? `$${money.toFixed(4)}` : `$${money.toFixed(2)}`;
  return `${short(tokens)} tokens`;
}

/** Counts that are read at a glance: 12, 3.4K, 1.2M. */
export const short = (number) => (number < 1000 ? String(number) : new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 }).format(number));

/** How much is done, between 0 and 1, from a fraction or from [done, total]. */
export function share(progress) {
  if (progress == null) return null;
  if (Array.isArray(progress)) return progress[1] ? Math.min(1, progress[0] / progress[1]) : 0;
  return Math.min(1, Math.max(0, progress));
}

export function label(step, kind, light) {
  const parts = [step.summary ? `${step.title}, ${step.summary}` : step.title];
  if (step.change) parts.push(CHANGES[step.change][1]);
  if (step.missing) parts.push("not installed here");
  if (step.disabled) parts.push("disabled");
  if (step.breakpoint) parts.push("breakpoint");
  if (step.comments) parts.push(count(step.comments, "open comment"));
  if (step.stale) parts.push("its inputs changed since the last run");
  if (light) {
    const said = light.message || light.would || light.reason;
    const word = STATUS[light.status]?.word ?? light.status;
    parts.push(said ? `${word}: ${said}` : word);
  }
  if (step.problems?.length) parts.push(step.problems.join(" "));
  return [kind?.title && kind.title !== step.title ? kind.title : null, ...parts].filter(Boolean).join(", ");
}

export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
