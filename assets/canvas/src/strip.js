/** The marks of a strip: what is told of them, and what each of them means in words. */

import { grouped, tr } from "./tr.js";
import { STATUS } from "./words.js";

const WORD = { "-": tr("still to come"), d: tr("done"), s: tr("skipped"), x: tr("stopped"), r: tr("running"), f: tr("failed"), a: tr("waits for your answer") };
/** The same for a mark of several rounds, which is the worst of them. */
const SOME = {
  "-": WORD["-"],
  d: WORD.d,
  s: tr("at least one skipped"),
  x: tr("at least one stopped"),
  r: tr("at least one is running. Click to see the first that runs."),
  f: tr("at least one failed. Click to see the first that failed."),
  a: tr("at least one waits for your answer. Click to see the first that asks."),
};
const WORST = "-dsxrfa";

/** The strip after what is new of it. */
export function merged(before, { changes, ...news }) {
  const strip = { ...before, ...news };
  const marks = Math.ceil(strip.count / strip.each);
  let letters = strip.marks ?? "";
  for (const [from, some] of changes ?? []) letters = letters.slice(0, from).padEnd(from, "-") + some + letters.slice(from + some.length);
  return { ...strip, marks: letters.slice(0, marks).padEnd(marks, "-") };
}

/** Letters for fewer marks: each the worst of some. */
export function thinned(marks, most) {
  const each = Math.ceil(marks.length / most);
  if (each <= 1) return marks;
  let found = "";
  for (let from = 0; from < marks.length; from += each) found += worst(marks.slice(from, from + each));
  return found;
}

const worst = (letters) => [...letters].reduce((found, letter) => (WORST.indexOf(letter) > WORST.indexOf(found) ? letter : found), "-");

/** What one mark says: `Round 18 of 60: failed`. */
export function markWords({ marks, each, count, total }, mark) {
  const from = mark * each + 1;
  const to = Math.min(count, from + each - 1);
  const said = { first: grouped(from), last: grouped(to), count: grouped(count), how: (from === to ? WORD : SOME)[marks[mark]] };
  if (from === to) return total ? tr("Round {first} of {count}: {how}", said) : tr("Round {first}: {how}", said);
  return total ? tr("Rounds {first} to {last} of {count}: {how}", said) : tr("Rounds {first} to {last}: {how}", said);
}

/** The chosen round in words: `Round 18 of 60 · failed`. */
export function chosenWords({ chosen, count, status, within }) {
  const word = status === "waiting" ? WORD["-"] : (STATUS[status]?.word ?? status);
  return [tr("Round {number} of {count}", { number: grouped(chosen + 1), count: grouped(count) }), word, within].filter(Boolean).join(" · ");
}

export const HEIGHT = 14;
/** How a mark of each kind looks, as [from, to] in pixels from the top: no two are alike without their colours. */
const BARS = { "-": [[12, 13.5]], d: [[5.5, 13.5]], s: [[10, 13.5]], x: [[5.5, 8.5], [10.5, 13.5]], r: [[2.5, 4], [5.5, 13.5]], f: [[0.5, 13.5]], a: [[0.5, 9], [11, 13.5]] };

/** One outline for all marks of a kind, in units of a mark across: a drawing of a handful of parts, however many rounds. */
export function outlines(marks) {
  const gap = marks.length > 100 ? 0.12 : 0.16;
  const found = {};
  for (let at = 0; at < marks.length; at += 1) {
    const letter = marks[at];
    for (const [top, bottom] of BARS[letter] ?? []) found[letter] = `${found[letter] ?? ""}M${at + gap} ${top}H${at + 1 - gap}V${bottom}H${at + gap}Z`;
  }
  return Object.entries(found);
}
