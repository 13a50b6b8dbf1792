// The keyboard of a page, from its first moment on: this stands in its head, before anything else is loaded.
(() => {
  /* CHORD */

  const MODIFIERS = new Set(["Control", "Shift", "Alt", "Meta", "AltGraph", "CapsLock", "Dead", "Process"]);
  const PATIENCE = 8000;
  /** So long is waited for what a key has asked for, unless it is there before, or Python says that nothing comes. */
  const SOON = 4000;
  /** Until what Python has sent is drawn. */
  const DRAWN = 120;
  /** A field that is left says what was typed into it within a few milliseconds, and that has to come first. */
  const LEFT = 60;

  const replayed = new WeakSet();
  const waiting = [];
  const offered = new Set();
  let commands = {};
  let page = null;
  let canvas = false;
  let awaitsCanvas = false;
  let pending = 0;
  let asked = 0;
  let watched = 0;
  let replaying = false;
  let canvasKeys = {};

  /** One that is on its way out counts no more: who has closed it means the page again. */
  const isLeaving = (element) => element.matches('[class*="-leave-active"]') || element.querySelector(':scope > [class*="-leave-active"]');
  const inDialog = () => [...document.querySelectorAll(".q-dialog, .q-menu")].some((element) => !isLeaving(element));
  const isReady = () => page && (canvas || !awaitsCanvas);
  const isHeld = () => !isReady() || pending || asked;
  const isBusy = () => isHeld() || replaying;
  const strong = (name) => /^(shift\+)?f\d|ctrl\+/.test(name);
  const found = (name) => Object.keys(commands).find((id) => offered.has(id) && commands[id].keys.includes(name));
  const means = (name) => found(name) ?? (awaitsCanvas ? canvasKeys[name] : undefined);

  /** Whether a key has to wait for its turn: the page is not there yet, or what was asked for is not. */
  function waits(event, name) {
    if (replayed.has(event) || MODIFIERS.has(event.key) || !isBusy()) return false;
    if (isTyping(event.target) && !waiting.length && !replaying) return false;
    if (waiting.length || pending || asked || replaying) return event.key.length > 1 ? !/^f\d+$/i.test(event.key) || Boolean(means(name)) : !(event.ctrlKey || event.metaKey) || Boolean(means(name));
    return Boolean(means(name));
  }

  function first(event) {
    const name = chord(event);
    if (event.key === "Escape" && asked && !waiting.length) answered();
    if (waits(event, name)) {
      stop(event);
      waiting.push(event);
      return;
    }
    // Enter would press the button that has the keyboard, too.
    if (event.key === "Enter" && !isTyping(event.target) && strong(name) && found(name) && !inDialog()) {
      return event.repeat ? stop(event) : take(event, found(name), false);
    }
    // In a text, some keys mean a command before they mean anything to the field.
    const id = isTyping(event.target) && strong(name) && !event.repeat ? found(name) : undefined;
    if (id && commands[id].typing === "all" && !inDialog()) take(event, id, true);
  }

  function then(event) {
    if (event.defaultPrevented) return;
    const name = chord(event);
    const id = found(name);
    if (!id || (event.repeat && !commands[id].repeats) || inDialog()) return;
    const typing = isTyping(event.target);
    if (typing && !(strong(name) && commands[id].typing && !event.target.closest(".cm-editor"))) return;
    take(event, id, typing);
  }

  function take(event, id, typing) {
    stop(event);
    if (local[id]) {
      if (commands[id].asks) ask();
      return local[id]();
    }
    if (!isReady()) return waiting.push(event);
    if (!typing) return send(id);
    document.activeElement?.blur();
    pending += 1;
    setTimeout(() => {
      pending -= 1;
      send(id);
      flush();
    }, LEFT);
  }

  function send(id) {
    if (commands[id]?.asks) ask();
    page?.(id);
  }

  /** From now on, what is typed is for what opens. */
  function ask() {
    clearTimeout(asked);
    clearInterval(watched);
    asked = setTimeout(answered, SOON);
    // What had the keyboard all along is not heard to get it.
    watched = setInterval(() => isTyping(document.activeElement) && answered(), LEFT);
  }

  function answered() {
    clearTimeout(asked);
    clearInterval(watched);
    asked = 0;
    flush();
  }

  /** Python has done what it was asked: where no dialog is on its way, nothing comes any more. */
  function nothingMore() {
    setTimeout(() => asked && !inDialog() && answered(), DRAWN);
  }

  async function flush() {
    if (replaying) return;
    replaying = true;
    while (waiting.length && !isHeld()) {
      replay(waiting.shift());
      // One at a time: a field says what was typed a moment later, and Enter has to come after that.
      await new Promise((resolve) => setTimeout(resolve));
    }
    replaying = false;
  }

  function replay(event) {
    const { key, code, ctrlKey, shiftKey, altKey, metaKey } = event;
    const writes = event.getModifierState("AltGraph");
    const again = new KeyboardEvent("keydown", { key, code, ctrlKey, shiftKey, altKey, metaKey, modifierAltGraph: writes, bubbles: true, cancelable: true });
    replayed.add(again);
    const target = document.activeElement ?? document.body;
    if (!target.dispatchEvent(again) || !target.matches?.("input, textarea")) return;
    if (key === "Enter") target.form?.requestSubmit();
    else if (key === "Backspace") document.execCommand("delete");
    else if (key.length === 1 && (writes || !(ctrlKey || altKey || metaKey))) document.execCommand("insertText", false, key);
  }

  function stop(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  const local = {};
  window.weftKeys = {
    /** What a page without Python does by itself. */
    local,
    /** The keys of every command, and what each means to a canvas; again after a change. */
    bind: (all, onCanvas) => {
      commands = all;
      canvasKeys = onCanvas;
    },
    offer: (ids) => ids.forEach((id) => offered.add(id)),
    awaitCanvas: () => (awaitsCanvas = true),
    /** The page takes commands from now on. */
    pageIsThere: (takes) => {
      page = takes;
      flush();
    },
    canvasIsThere: () => {
      canvas = true;
      flush();
    },
    chord,
    inDialog,
    ask: (id) => commands[id]?.asks && ask(),
    nothingMore,
  };

  // Who closes a dialog with Enter lets go of the key over the button that has the keyboard by then, and Quasar would
  // open its menu: a key counts where it went down.
  let enteredAt = null;
  addEventListener("keydown", (event) => event.key === "Enter" && (enteredAt = event.target), true);
  addEventListener("keyup", (event) => event.key === "Enter" && event.target !== enteredAt && event.stopImmediatePropagation(), true);

  document.addEventListener("keydown", first, true);
  document.addEventListener("keydown", then);
  document.addEventListener("focusin", (event) => asked && isTyping(event.target) && setTimeout(answered));
  setTimeout(() => {
    if (isReady()) return;
    awaitsCanvas = false;
    if (!page) waiting.length = 0;
    flush();
  }, PATIENCE);
})();
