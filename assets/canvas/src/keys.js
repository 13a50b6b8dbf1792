/** What the keys mean while the canvas has the keyboard. Which key is which command's, Python says: it has the table. */

import { chord, isTyping as takesText } from "../../../app/ui/commands/chord.js";

/** `view: name` moves the eye, anything else is the canvas's own; every other command is Python's. */
const MINE = {
  fit: { view: "fit" },
  "zoom.selection": { view: "selection" },
  "zoom.100": { view: "zoom100" },
  "zoom.in": { view: "zoomIn" },
  "zoom.out": { view: "zoomOut" },
  search: { own: "search" },
  remove: { own: "remove" },
  take_out: { own: "takeOut" },
  all: { own: "all" },
  walk: { own: "walk" },
  nudge: { own: "nudge" },
  home: { own: "home" },
  open: { own: "open" },
  clear: { own: "clear" },
  wire: { own: "wire" },
  lasso: { own: "lasso" },
  map: { own: "map" },
  outline: { own: "outline" },
  "round.before": { own: "roundBefore" },
  "round.after": { own: "roundAfter" },
  tidy: { own: "arrange", how: "tidy" },
  "align.left": { own: "arrange", how: "left" },
  "align.centre": { own: "arrange", how: "centre" },
  "align.right": { own: "arrange", how: "right" },
  "align.top": { own: "arrange", how: "top" },
  "align.middle": { own: "arrange", how: "middle" },
  "align.bottom": { own: "arrange", how: "bottom" },
  "distribute.horizontally": { own: "arrange", how: "horizontally" },
  "distribute.vertically": { own: "arrange", how: "vertically" },
};

/** What a key press means in this mode, and null where it means nothing to the canvas. */
export function meaning(event, mode, keys) {
  const id = keys?.[mode]?.[chord(event)];
  return id ? meant(id) : null;
}

/** What a command means to the canvas. */
export const meant = (id) => ({ id, ...(MINE[id] ?? { command: id }) });

/** True where a key press is meant for something that takes text or has its own keys. */
export function isTyping(target) {
  return takesText(target) || Boolean(target?.closest?.(".q-dialog, .q-menu"));
}
