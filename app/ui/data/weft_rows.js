/** Rows of a value, however many: only those in sight are drawn, and asked for a piece at a time. */

const PIECE = 60;
const HIGH = { tree: 26, table: 30, text: 20 };
/** Browsers cannot make an element any higher; beyond it, rows are passed more quickly. */
const HIGHEST = 15_000_000;
const REFERENCE = "application/x-weft-reference";

class Rows {
  constructor(root, emit) {
    this.root = root;
    this.emit = emit;
    this.spec = null;
    this.pieces = new Map();
    this.asked = new Set();
    /** The current row; -1 is the whole value. */
    this.row = -1;
    this.column = -1;
    this.mark = "";
    this.head = make("div", "rows-head", root);
    this.space = make("div", "rows-space", root);
    this.layer = make("div", "rows-layer", this.space);
    this.layer.role = "presentation";
    this.space.role = "presentation";
    root.addEventListener("scroll", () => this.soon(), { passive: true });
    root.addEventListener("keydown", (event) => this.key(event));
    root.addEventListener("mousedown", (event) => this.press(event));
    root.addEventListener("click", (event) => this.click(event));
    root.addEventListener("dblclick", (event) => this.look(event));
    root.addEventListener("dragstart", (event) => this.drag(event));
    root.addEventListener("dragend", () => document.body.classList.remove("is-dragging-reference"));
    this.sized = new ResizeObserver(() => this.measure());
    this.sized.observe(root);
  }

  end() {
    this.sized.disconnect();
    cancelAnimationFrame(this.frame);
    clearTimeout(this.later);
    document.body.classList.remove("is-dragging-reference");
  }

  show(spec) {
    const before = this.spec;
    this.spec = spec;
    this.pieces.clear();
    this.asked.clear();
    if (spec.rows) this.pieces.set(Math.floor(spec.first / PIECE), spec.rows);
    if (!before || before.sheet !== spec.sheet) {
      this.row = -1;
      this.column = -1;
      this.root.scrollTop = 0;
      this.root.scrollLeft = 0;
    }
    this.row = Math.min(this.row, spec.count - 1);
    this.mark = spec.mark ?? "";
    this.high = HIGH[spec.kind];
    this.root.dataset.kind = spec.kind;
    this.root.role = { tree: "tree", table: "grid", text: "list" }[spec.kind];
    this.root.style.setProperty("--high", `${this.high}px`);
    this.root.style.setProperty("--rows", spec.count);
    if (spec.kind === "table") {
      this.root.setAttribute("aria-rowcount", spec.count + 1);
      this.root.style.setProperty("--columns", ["7ch", ...spec.heads.map((head) => `${head.wide}ch`)].join(" "));
    } else this.root.removeAttribute("aria-rowcount");
    this.whole = spec.count * this.high;
    this.tall = Math.min(this.whole, HIGHEST);
    this.space.style.height = `${this.tall}px`;
    this.drawHead();
    this.draw();
    this.measure();
    if (spec.at) this.go(...spec.at);
    if (spec.keys) this.root.focus({ preventScroll: true });
  }

  /** A piece that was asked for. */
  take(version, first, rows) {
    if (version !== this.spec?.version) return;
    this.asked.delete(first / PIECE);
    this.pieces.set(first / PIECE, rows);
    this.draw();
  }

  /** Bring a row into sight and make it the current one. */
  go(row, column) {
    this.choose(row, column, false);
    const { clientHeight, scrollTop } = this.root;
    const top = this.topOf(row);
    const room = clientHeight - this.head.offsetHeight;
    if (top < scrollTop || top + this.high > scrollTop + room) this.root.scrollTop = top - room / 2;
    this.draw();
    if (column >= 0) this.layer.querySelector(".is-current .is-chosen")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  topOf(row) {
    return this.whole <= this.tall ? row * this.high : (row / this.spec.count) * this.tall;
  }

  measure() {
    if (this.spec?.kind !== "text" || !this.root.clientWidth) return;
    const rule = make("span", "rows-rule", this.root);
    rule.textContent = "0".repeat(100);
    const wide = Math.max(20, Math.floor((this.root.clientWidth - 72) / (rule.getBoundingClientRect().width / 100)));
    rule.remove();
    if (wide === this.wide) return;
    this.wide = wide;
    clearTimeout(this.later);
    this.later = setTimeout(() => this.emit("wide", wide), 80);
  }

  soon() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw());
  }

  draw() {
    const { spec, root, high } = this;
    if (!spec) return;
    const sight = Math.ceil((root.clientHeight || 400) / high) + 2;
    const passed = root.scrollTop / (this.tall || 1);
    const first = Math.max(0, Math.min(this.whole <= this.tall ? Math.floor(root.scrollTop / high) - 4 : Math.floor(passed * spec.count), spec.count - 1));
    const last = Math.min(spec.count, first + sight + 8);
    this.layer.style.transform = `translateY(${this.whole <= this.tall ? first * high : Math.min(root.scrollTop, Math.max(0, this.tall - (last - first) * high))}px)`;
    const drawn = [];
    for (let row = first; row < last; row++) drawn.push(this.drawRow(row));
    this.layer.replaceChildren(...drawn);
    this.say();
    clearTimeout(this.wanting);
    this.wanting = setTimeout(() => this.want(first, last), 30);
  }

  want(first, last) {
    for (let piece = Math.floor(first / PIECE); piece <= Math.floor((last - 1) / PIECE); piece++) {
      if (piece < 0 || this.pieces.has(piece) || this.asked.has(piece)) continue;
      this.asked.add(piece);
      this.emit("want", { version: this.spec.version, first: piece * PIECE, most: PIECE });
    }
    if (this.pieces.size > 60) for (const piece of this.pieces.keys()) if (Math.abs(piece * PIECE - first) > 1200) this.pieces.delete(piece);
  }

  rowAt(row) {
    return this.pieces.get(Math.floor(row / PIECE))?.[row % PIECE];
  }

  drawHead() {
    this.head.replaceChildren();
    this.head.hidden = this.spec.kind !== "table";
    if (this.head.hidden) return;
    this.head.role = "row";
    const corner = make("span", "rows-cell rows-number", this.head);
    corner.role = "columnheader";
    corner.setAttribute("aria-label", tr("Row"));
    for (const head of this.spec.heads) {
      const cell = make("span", `rows-cell${head.number ? " is-number" : ""}`, this.head);
      cell.role = "columnheader";
      cell.textContent = head.name;
      cell.title = head.name;
    }
  }

  drawRow(row) {
    const found = this.rowAt(row);
    const line = make("div", "rows-row");
    line.dataset.row = row;
    line.id = `${this.root.id}-r${row}`;
    const current = row === this.row;
    if (current) line.classList.add("is-current");
    if (!found) {
      line.classList.add("is-coming");
      line.role = { tree: "treeitem", table: "row", text: "listitem" }[this.spec.kind];
      if (this.spec.kind === "table") make("span", "", line).role = "gridcell";
      return line;
    }
    if (this.spec.kind === "tree") this.drawLine(line, found, current);
    else if (this.spec.kind === "table") this.drawCells(line, row, found, current);
    else this.drawText(line, found);
    return line;
  }

  drawLine(line, [depth, name, kind, text, state], current) {
    line.role = "treeitem";
    line.setAttribute("aria-level", depth + 1);
    line.setAttribute("aria-selected", current);
    if (state) line.setAttribute("aria-expanded", state === 2);
    line.style.paddingLeft = `${8 + depth * 18}px`;
    make("span", state ? `rows-fold is-${state === 2 ? "open" : "shut"}` : "rows-fold", line).ariaHidden = "true";
    if (this.spec.root) line.append(grip());
    this.write(make("span", "rows-name", line), name);
    this.write(make("span", `rows-text is-${kind}`, line), text);
  }

  drawCells(line, row, [number, cells], current) {
    line.role = "row";
    line.setAttribute("aria-rowindex", row + 2);
    line.setAttribute("aria-selected", current);
    const first = make("span", "rows-cell rows-number", line);
    first.role = "rowheader";
    first.textContent = number.toLocaleString(document.documentElement.lang || "en");
    if (this.spec.root) first.prepend(grip());
    cells.forEach((text, column) => {
      const cell = make("span", `rows-cell${this.spec.heads[column].number ? " is-number" : ""}`, line);
      cell.role = "gridcell";
      cell.dataset.column = column;
      if (current && column === this.column) cell.classList.add("is-chosen");
      if (text === null) cell.classList.add("is-nothing");
      if (this.spec.root) cell.append(grip());
      this.write(make("span", "rows-cut", cell), text ?? tr("nothing"));
    });
  }

  drawText(line, [number, text]) {
    line.role = "listitem";
    make("span", "rows-number", line).textContent = number || "";
    this.write(make("span", "rows-text", line), text);
  }

  /** The text, with what was looked for marked in it. */
  write(element, text) {
    const word = this.mark.toLowerCase();
    let at = 0;
    for (let found; word && (found = text.toLowerCase().indexOf(word, at)) >= 0; at = found + word.length) {
      element.append(text.slice(at, found));
      make("mark", "", element).textContent = text.slice(found, found + word.length);
    }
    element.append(text.slice(at));
  }

  say() {
    const current = this.layer.querySelector(".is-current");
    if (current) this.root.setAttribute("aria-activedescendant", current.id);
    else this.root.removeAttribute("aria-activedescendant");
  }

  choose(row, column, draw = true) {
    if (!this.spec?.count) return;
    this.row = Math.max(-1, Math.min(row, this.spec.count - 1));
    this.column = this.spec.kind === "table" && this.row >= 0 ? Math.max(-1, Math.min(column, this.spec.heads.length - 1)) : -1;
    clearTimeout(this.telling);
    this.telling = setTimeout(() => this.tell(), 40);
    if (draw) this.draw();
  }

  tell() {
    if (this.spec) this.emit("current", { version: this.spec.version, row: this.row, column: this.column });
  }

  walk(row, column) {
    this.choose(row, column, false);
    const top = this.topOf(Math.max(0, this.row));
    const { clientHeight } = this.root;
    const head = this.head.offsetHeight;
    if (top < this.root.scrollTop) this.root.scrollTop = top;
    else if (top + this.high + head > this.root.scrollTop + clientHeight) this.root.scrollTop = top + this.high + head - clientHeight;
    this.draw();
    if (this.column >= 0) this.layer.querySelector(".is-chosen")?.scrollIntoView({ block: "nearest", inline: "nearest" });
    else if (this.spec.kind === "table") this.root.scrollLeft = 0;
  }

  act(name, more = {}) {
    this.emit("act", { version: this.spec.version, row: this.row, column: this.column, name, ...more });
  }

  key(event) {
    if (!this.spec || event.altKey) return;
    const state = this.rowAt(this.row)?.[4];
    const page = Math.max(1, Math.floor(this.root.clientHeight / this.high) - 2);
    const table = this.spec.kind === "table";
    const held = event.ctrlKey || event.metaKey;
    const name = `${held ? "ctrl+" : ""}${event.shiftKey ? "shift+" : ""}${event.key.toLowerCase()}`;
    const does = {
      arrowdown: () => this.walk(this.row + 1, this.column),
      arrowup: () => this.walk(this.row - 1, this.column),
      pagedown: () => this.walk(this.row + page, this.column),
      pageup: () => this.walk(this.row - page, this.column),
      home: () => this.walk(0, this.column),
      end: () => this.walk(this.spec.count - 1, this.column),
      arrowright: () => (table ? this.walk(this.row, this.column + 1) : state === 1 ? this.act("turn") : this.walk(this.row + 1, -1)),
      arrowleft: () => (table ? this.walk(this.row, this.column - 1) : state === 2 ? this.act("turn") : this.up()),
      enter: () => this.act(state ? "turn" : "look"),
      " ": () => this.act(state ? "turn" : "look"),
      backspace: () => this.act("back"),
      c: () => this.act("copy_value"),
      "shift+c": () => this.act("copy_path"),
      u: () => this.act("use"),
      "ctrl+c": String(window.getSelection()) ? null : () => this.act("copy_value"),
    }[name];
    if (!does) return;
    event.preventDefault();
    event.stopPropagation();
    does();
  }

  /** To the line that holds this one. */
  up() {
    const depth = this.rowAt(this.row)?.[0];
    for (let row = this.row - 1; depth && row >= 0; row--) {
      const above = this.rowAt(row);
      if (!above) return;
      if (above[0] < depth) return this.walk(row, -1);
    }
  }

  press(event) {
    const line = event.target.closest(".rows-row");
    if (!line || this.spec.kind === "text") return;
    const column = Number(event.target.closest("[data-column]")?.dataset.column ?? -1);
    // Drawn anew only afterwards: a drag or a double click needs the element that was pressed.
    this.layer.querySelectorAll(".is-current, .is-chosen").forEach((each) => each.classList.remove("is-current", "is-chosen"));
    line.classList.add("is-current");
    event.target.closest("[data-column]")?.classList.add("is-chosen");
    this.choose(Number(line.dataset.row), column, false);
    this.say();
  }

  click(event) {
    if (event.target.closest(".rows-fold.is-open, .rows-fold.is-shut")) this.act("turn");
  }

  look(event) {
    const line = event.target.closest(".rows-row");
    if (!line || this.spec.kind === "text" || event.target.closest(".rows-fold")) return;
    this.act(this.spec.kind === "tree" && this.rowAt(this.row)?.[4] ? "turn" : "look");
  }

  drag(event) {
    const line = event.target.closest?.(".rows-grip")?.closest(".rows-row");
    if (!line || !this.spec.root) return;
    const found = this.rowAt(Number(line.dataset.row));
    const column = event.target.closest("[data-column]")?.dataset.column;
    const path = this.spec.root + found.at(-1) + (column === undefined ? "" : this.spec.heads[column].suffix);
    event.dataTransfer.effectAllowed = "copy";
    event.dataTransfer.setData("text/plain", `{{ ${path} }}`);
    event.dataTransfer.setData(REFERENCE, path);
    const pill = make("div", "rows-pill", document.body);
    pill.textContent = `{{ ${path} }}`;
    event.dataTransfer.setDragImage(pill, 12, 12);
    setTimeout(() => {
      pill.remove();
      document.body.classList.add("is-dragging-reference");
    });
  }
}

function make(tag, name, parent) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  parent?.append(made);
  return made;
}

function grip() {
  const made = make("span", "rows-grip");
  made.draggable = true;
  made.title = tr("Drag into a setting");
  made.ariaHidden = "true";
  return made;
}

export default {
  template: '<div class="weft-rows" tabindex="0"></div>',
  props: { spec: String },
  emits: ["want", "wide", "current", "act"],
  mounted() {
    this.drawn = new Rows(this.$el, (name, detail) => this.$emit(name, detail));
    if (this.spec) this.drawn.show(JSON.parse(this.spec));
  },
  beforeUnmount() {
    this.drawn.end();
  },
  watch: {
    spec(now) {
      this.drawn.show(JSON.parse(now));
    },
  },
  methods: {
    take(version, first, rows) {
      this.drawn.take(version, first, rows);
    },
  },
};
