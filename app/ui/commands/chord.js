/** The keys that are pressed, by the name the table of commands has for them: `ctrl+shift+enter`, `alt+h`, `?`. */
export function chord(event) {
  // AltGr writes signs on many keyboards, and comes as Ctrl and Alt on some systems.
  const writes = event.getModifierState?.("AltGraph");
  const ctrl = (event.ctrlKey || event.metaKey) && !writes;
  const alt = event.altKey && !writes;
  let key = event.key === " " ? "space" : event.key.toLowerCase();
  // By its place where Alt makes another sign of a letter, or where the keyboard has no Latin letters.
  const place = /^(?:Key|Digit)([A-Z0-9])$/.exec(event.code ?? "")?.[1].toLowerCase();
  if (place && (alt || (key.length === 1 && key > "~"))) key = place;
  // A sign that needs Shift on one keyboard needs none on another.
  const shift = event.shiftKey && (alt || key.length > 1 || /[a-z]/.test(key));
  return [ctrl && "ctrl", alt && "alt", shift && "shift", key].filter(Boolean).join("+");
}

/** True where a key press is meant for something that takes text. */
export function isTyping(target) {
  return Boolean(target?.closest?.("input, textarea, select, [contenteditable=''], [contenteditable='true'], .cm-editor"));
}
