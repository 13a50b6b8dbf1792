/** What the keys mean while the canvas has the keyboard. */

const COMMANDS = {
  z: "undo",
  "shift+z": "redo",
  y: "redo",
  enter: "run",
  s: "save",
  c: "copy",
  x: "cut",
  d: "duplicate",
};
/** By the key's place: with Alt held, some systems write other letters. */
const ARRANGE = {
  KeyA: "left",
  KeyH: "centre",
  KeyD: "right",
  KeyW: "top",
  KeyV: "middle",
  KeyS: "bottom",
  "shift+KeyH": "horizontally",
  "shift+KeyV": "vertically",
  "shift+KeyT": "tidy",
};
const WATCHING = new Set(["run", "save", "copy", "help"]);

/** `view: name` moves the eye, `command: name` is Python's, anything else is the canvas's own. */
export function meaning(event, mode) {
  const found = look(event);
  if (found?.command && mode === "view" && !WATCHING.has(found.command)) return null;
  if (mode === "view" && ["remove", "takeOut", "nudge", "wire", "arrange"].includes(found?.own)) return null;
  return found;
}

function look(event) {
  const key = event.key.toLowerCase();
  if (event.altKey) {
    const how = !event.ctrlKey && !event.metaKey && ARRANGE[event.shiftKey ? `shift+${event.code}` : event.code];
    return how ? { own: "arrange", how } : null;
  }
  if (event.ctrlKey || event.metaKey) {
    if (key === "backspace") return { own: "takeOut" };
    if (key === "a") return { own: "all" };
    if (key === "1") return { view: "fit" };
    if (key.startsWith("arrow")) return { own: "nudge" };
    const command = COMMANDS[event.shiftKey ? `shift+${key}` : key];
    return command ? { command } : null;
  }
  if (key.startsWith("arrow")) return { own: "walk" };
  if (key === "?") return { command: "help" };
  if (event.shiftKey) return key === "+" ? { view: "zoomIn" } : null;
  switch (key) {
    case "delete":
    case "backspace":
      return { own: "remove" };
    case "escape":
      return { own: "clear" };
    case "enter":
      return { own: "open" };
    case "home":
      return { own: "home" };
    case "w":
      return { own: "wire" };
    case "1":
      return { view: "fit" };
    case "2":
      return { view: "selection" };
    case "0":
      return { view: "zoom100" };
    case "+":
    case "=":
      return { view: "zoomIn" };
    case "-":
      return { view: "zoomOut" };
    case "n":
    case "/":
    case "tab":
      return { command: "search" };
    case "f2":
      return { command: "rename" };
    case "d":
      return { command: "disable" };
    case "f9":
      return { command: "breakpoint" };
    case "[":
    case ",":
      return { own: "roundBefore" };
    case "]":
    case ".":
      return { own: "roundAfter" };
    default:
      return null;
  }
}

/** True where a key press is meant for something that takes text or has its own keys. */
export function isTyping(target) {
  return Boolean(target?.closest?.("input, textarea, select, [contenteditable=''], [contenteditable='true'], .cm-editor, .q-dialog, .q-menu"));
}
