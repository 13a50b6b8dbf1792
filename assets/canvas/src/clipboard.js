/** The clipboard of the system: pieces of flows go there as text, and come from there as text. */

import { tr } from "./tr.js";

const MOST = 700_000;
const PATIENCE = 5_000;

/** A copy that was asked for and is not on the clipboard yet: who pastes meanwhile waits for it. */
export function expectClip(store) {
  let arrived;
  const coming = new Promise((done) => (arrived = done));
  store.setState({ clip: { coming, arrived } });
  setTimeout(() => arrived(null), PATIENCE);
}

/** Put a text on the clipboard; false where the browser does not allow it. An empty one ends the waiting. */
export async function putClip(store, text) {
  const { clip } = store.getState();
  clip?.arrived(text || null);
  const put = Boolean(text) && (await written(text));
  // Not before: until then, what a paste brings is what was copied before.
  if (store.getState().clip === clip) store.setState({ clip: null });
  return put;
}

async function written(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return byHand(text);
  }
}

function byHand(text) {
  const field = Object.assign(document.createElement("textarea"), { value: text, readOnly: true });
  field.style.cssText = "position: fixed; opacity: 0";
  const focused = document.activeElement;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  focused?.focus?.({ preventScroll: true });
  return done;
}

/** Tell Python what is to be pasted; `where` says in which place. */
export async function paste(store, text, where) {
  const { clip, emit } = store.getState();
  const latest = clip ? await clip.coming : null;
  const chosen = latest ?? text;
  if (chosen.length > MOST) return say(store, tr("This is too much to paste. Save it as a file, and import that on the page of all flows."));
  emit("command", { name: "paste", text: chosen, ...where });
}

/** The same from a menu, where nothing has been pressed that brings the text along. */
export async function pasteFromMenu(store, where) {
  if (store.getState().clip) return paste(store, "", where);
  try {
    await paste(store, await navigator.clipboard.readText(), where);
  } catch {
    say(store, tr("The browser keeps the clipboard to itself here. Press Ctrl+V to paste."));
  }
}

function say(store, text) {
  store.getState().emit("command", { name: "say", text });
}
