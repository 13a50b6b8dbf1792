// A field that may hold an expression: the list of what can be referred to, the marks on `{{ … }}`, the fx button,
// and what the expression gives. Python knows the values; everything that a key has to wait for is here.

const PATH = /[A-Za-z_]\w*(?:\.\w*|\[(?:-?\d*|"[^"\]]*"?|'[^'\]]*'?)\]?)*$/;
const OPERAND_NEXT = /(?:^|[{%(\[,+\-*\/<>=~:!]|\b(?:and|or|not|in|if|elif|else))\s*$/;
const TEMPLATE = /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}|\{#[\s\S]*?#\}/g;
const WHOLE = /^\s*\{\{[\s\S]*\}\}\s*$/;
const MOST = 60;
const ABOVE = 220;
let number = 0;

/** What is being typed at the caret: a path, a filter, a test or a statement; null outside of the braces. */
function placeAt(text, caret, bare) {
  const before = text.slice(0, caret);
  const open = bare ? -2 : Math.max(before.lastIndexOf("{{"), before.lastIndexOf("{%"));
  if (!bare && (open < 0 || Math.max(before.lastIndexOf("}}"), before.lastIndexOf("%}")) > open)) return null;
  const inside = before.slice(open + 2);
  const path = PATH.exec(inside)?.[0] ?? "";
  const rest = inside.slice(0, inside.length - path.length);
  if ((rest.split('"').length - 1) % 2 || (rest.split("'").length - 1) % 2) return null;
  const tool = /\|\s*$/.test(rest) ? "filters" : /\bis\s+(?:not\s+)?$/.test(rest) ? "tests" : "";
  if (tool) return { what: tool, word: path, asked: true, inside };
  if (before[open + 1] === "%" && !rest.trim()) return { what: "words", word: path, asked: true, inside };
  const cut = Math.max(path.lastIndexOf("."), path.lastIndexOf("["));
  return { what: "paths", word: path, base: cut < 0 ? "" : path.slice(0, cut), asked: !!path || OPERAND_NEXT.test(rest), inside };
}

/** How well a row fits what is typed, from 0; -1 for not at all. */
function fit(row, word) {
  const name = row.text.toLowerCase(), wanted = word.toLowerCase();
  if (!wanted) return row.depth ? -1 : 0;
  if (name === wanted) return 3;
  if (name.startsWith(wanted)) return 0;
  const last = name.slice(Math.max(name.lastIndexOf("."), name.lastIndexOf("[")) + 1);
  return last.startsWith(wanted) ? 1 : name.includes(wanted) ? 2 : -1;
}

export default {
  template: `
    <div :class="['weft-expression', { 'is-turned': turned, 'is-expression': expression, 'is-swap': swap, 'is-drop': dropping }]"
      @keydown.capture="key" @input="typed" @click="clicked" @focusin="focused" @focusout="left"
      @dragover.capture="over" @dragleave="dropping = false" @drop.capture="dropped">
      <slot></slot>
      <textarea v-if="swap" v-show="turned" ref="own" class="weft-own" rows="1" spellcheck="false" :value="mine"
        :aria-label="tr('{label}, as an expression', { label })"></textarea>
      <div v-show="marked" ref="marks" class="weft-marks" aria-hidden="true"></div>
      <button v-if="!bare" type="button" :class="['weft-fx', { 'is-on': expression }]" tabindex="-1" :aria-pressed="String(expression)"
        :aria-label="expression ? tr('Give a value for {label}', { label }) : tr('Use an expression for {label}', { label })" @mousedown.prevent @click.stop="turn"
        :title="expression ? tr('Back to a plain value (Alt+=)') : tr('Use an expression (= in an empty field, or Alt+=)')">fx</button>
      <div ref="list" popover="manual" class="weft-offers" role="listbox" :id="listId" :aria-label="tr('What {label} may refer to', { label })">
        <div v-for="(row, place) in rows" :key="row.text" :id="listId + '-' + place" role="option" @mousedown.prevent @click.stop="take(row)"
          :class="['weft-offer', { 'is-active': place === active }]" :aria-selected="String(place === active)">
          <span class="weft-offer-name">{{ row.text }}</span><span v-if="row.kind" class="weft-offer-kind">{{ row.kind }}</span>
          <span class="weft-offer-sample">{{ row.sample || row.source }}</span>
        </div>
        <div v-if="!rows.length" class="weft-offer-none">{{ none }}</div>
        <div class="weft-offer-foot" v-if="rows.length">{{ rows[active]?.source }}<span>{{ tr("↑↓ choose · Enter takes it · Esc closes") }}</span></div>
      </div>
      <div v-if="shown.text && (expression || bare)" :class="['weft-preview', 'weft-prose', 'weft-small', shown.ok ? 'weft-muted' : 'weft-error']" role="status">
        <template v-for="(part, at) in shown.ok ? [shown.text] : shown.text.split('\x60')"><code v-if="at % 2">{{ part }}</code><template v-else>{{ part }}</template></template></div>
      <button v-if="shown.fix && (expression || bare)" type="button" class="weft-fix" @click.stop="mend">{{ tr("Use {name} instead", { name: shown.fix }) }}</button>
    </div>`,
  props: {
    label: { type: String, default: "" },
    bare: Boolean, // the whole text is an expression, without braces
    value: Boolean, // it holds one value, such as a number, so an expression takes its place as a whole
    swap: Boolean, // another control stands in the slot, which an expression replaces
    heard: { type: Number, default: 0 }, // how many turns the server knows of
    on: Boolean, // the expression stands in the place of that control
    text: { type: String, default: "" }, // the expression in the place of that control
    start: { type: String, default: "" }, // that control's value as an expression
    shown: { type: Object, default: () => ({}) },
    kept: { type: Object, default: () => ({}) },
  },
  emits: ["ask", "look", "turn", "typed", "keep"],
  data() {
    return { mine: this.text, turned: this.on, expression: this.on, rows: [], active: 0, open: false, marked: false, dropping: false, none: "", listId: `weft-offers-${++number}` };
  },
  watch: {
    on: "told",
    heard: "told",
    text(now) {
      if (!this.saving) this.mine = now;
      this.$nextTick(this.draw);
    },
    shown() {
      this.draw();
    },
  },
  created() {
    this.turns = 0;
    this.known = {};
    this.tools = {};
    this.memory = { ...this.kept };
  },
  mounted() {
    this.sized = new ResizeObserver(() => this.draw());
    this.follow = () => this.open && this.put();
    window.addEventListener("scroll", this.follow, true);
    window.addEventListener("resize", this.follow);
    this.$nextTick(this.draw);
  },
  updated() {
    this.draw();
  },
  beforeUnmount() {
    clearTimeout(this.later);
    clearTimeout(this.saving);
    this.sized.disconnect();
    window.removeEventListener("scroll", this.follow, true);
    window.removeEventListener("resize", this.follow);
  },
  methods: {
    tr: window.tr,
    /** What the server says of an earlier turn is out of date where it was turned again meanwhile. */
    told() {
      if (this.heard !== this.turns) return;
      this.turned = this.on;
      this.$nextTick(this.draw);
    },
    /** The text that holds, or would hold, the expression. */
    field() {
      return this.swap ? this.$refs.own : this.$el.querySelector(".q-field input, .q-field textarea");
    },
    /** Called by the server: what may follow `base`, and the filters, tests and statements the first time. */
    offer(base, rows, tools) {
      this.known[base] = rows;
      if (tools) this.tools = tools;
      if (this.wanted === base) this.suggest(this.forced);
    },
    /** Called by the server: the values are others now. An open list is asked for anew. */
    forget() {
      this.known = {};
      this.wanted = undefined;
      if (this.open) this.suggest(this.forced);
    },
    /** Called by the server: another text was put in. */
    redraw() {
      this.$nextTick(() => setTimeout(() => this.$el && this.draw()));
    },
    /** In the place of a control the braces may be left out. */
    isBare() {
      return this.bare || (this.swap && !!this.mine.trim() && !/\{[{%]/.test(this.mine));
    },
    focus() {
      const control = this.swap && !this.turned ? this.$el.querySelector("input, [tabindex='0'], .cm-content") : this.field();
      control?.focus();
    },
    draw() {
      const field = this.field();
      if (!field || !this.$refs.marks) return;
      if (this.watched !== field) {
        this.sized.disconnect();
        this.sized.observe((this.watched = field));
        field.setAttribute("aria-autocomplete", "list");
        field.setAttribute("aria-haspopup", "listbox");
        field.addEventListener("scroll", () => this.scroll());
      }
      if (this.swap) {
        field.style.height = "auto";
        if (this.turned) field.style.height = `${field.scrollHeight + 2}px`;
      }
      const text = field.value;
      const has = TEMPLATE.test(text) || text.includes("{{");
      TEMPLATE.lastIndex = 0;
      this.expression = this.swap ? this.turned : has;
      this.marked = !this.bare && has && (!this.swap || this.turned);
      if (this.marked) this.paint(field, text);
    },
    paint(field, text) {
      const marks = this.$refs.marks, style = getComputedStyle(field);
      const box = this.$el.getBoundingClientRect(), rect = field.getBoundingClientRect();
      if (!rect.width) return;
      Object.assign(marks.style, {
        left: `${rect.left - box.left}px`, top: `${rect.top - box.top}px`, width: `${field.clientWidth}px`, height: `${field.clientHeight}px`,
        font: style.font, letterSpacing: style.letterSpacing, padding: style.padding, textAlign: style.textAlign,
        borderWidth: style.borderTopWidth, lineHeight: style.lineHeight,
        whiteSpace: field.tagName === "TEXTAREA" ? "pre-wrap" : "pre",
      });
      const { from, to } = this.seen === text ? this.shown : {};
      const pieces = [];
      let end = 0;
      for (const match of text.matchAll(TEMPLATE)) {
        pieces.push([text.slice(end, match.index), ""], [match[0], "weft-mark", match.index]);
        end = match.index + match[0].length;
      }
      pieces.push([text.slice(end), ""]);
      marks.replaceChildren();
      let at = 0;
      for (const [piece, name] of pieces) {
        const span = document.createElement("span");
        span.className = name;
        const start = Math.max(0, (from ?? -1) - at), stop = Math.min(piece.length, (to ?? -1) - at);
        if (from != null && start < stop && from >= at) {
          const wrong = document.createElement("span");
          wrong.className = "weft-mark-wrong";
          wrong.textContent = piece.slice(start, stop);
          span.append(piece.slice(0, start), wrong, piece.slice(stop));
        } else span.textContent = piece;
        marks.append(span);
        at += piece.length;
      }
      this.scroll();
    },
    scroll() {
      const field = this.field();
      if (field && this.$refs.marks) Object.assign(this.$refs.marks, { scrollTop: field.scrollTop, scrollLeft: field.scrollLeft });
    },

    // What is typed

    typed(event) {
      const field = this.field();
      if (event.target !== field) return;
      if (this.swap) {
        this.mine = field.value;
        this.save();
      }
      this.draw();
      this.look();
      this.suggest(false);
    },
    save() {
      clearTimeout(this.saving);
      this.saving = setTimeout(() => this.saveNow(), 300);
    },
    saveNow() {
      clearTimeout(this.saving);
      this.saving = 0;
      if (this.turned) this.$emit("typed", this.mine);
    },
    look() {
      clearTimeout(this.later);
      this.later = setTimeout(() => this.$emit("look", (this.seen = this.field()?.value ?? "")), 120);
    },
    clicked(event) {
      if (event.target === this.field()) this.suggest(false);
    },
    focused(event) {
      if (event.target === this.field()) this.known = {};
    },
    left(event) {
      if (this.$el.contains(event.relatedTarget)) return;
      this.close();
      if (this.saving) this.saveNow();
    },
    key(event) {
      const field = this.field(), inField = event.target === field;
      const turns = event.altKey && !event.ctrlKey && !event.metaKey && (event.key === "=" || event.code === "Equal" || event.key === "≠");
      if (turns && !this.bare) return this.stop(event), this.turn();
      if (event.key === "=" && !event.ctrlKey && !event.metaKey && !event.altKey && !this.bare) {
        const empty = inField ? !field.value : !event.target.closest?.(".cm-editor, textarea") && this.swap && !this.turned;
        if (empty) return this.stop(event), this.begin();
      }
      if (!inField) return;
      if (event.key === " " && event.ctrlKey) return this.stop(event), this.suggest(true);
      // The braces close themselves; whoever types them anyway passes over those that are there.
      if (event.key === "{" && !this.bare) {
        const { value, selectionStart: at, selectionEnd: to } = field;
        if (value[at - 1] === "{" && value[at - 2] !== "{" && !/^\s*[}%]/.test(value.slice(to))) return this.stop(event), this.write("{}}", at, to, at + 1), this.suggest(false);
      }
      if (event.key === "}" && !this.bare) {
        const { value, selectionStart: at, selectionEnd: to } = field, closing = /^\s*\}\}/.exec(value.slice(at));
        if (at === to && closing) {
          this.stop(event);
          this.passed = at + closing[0].length;
          return field.setSelectionRange(this.passed, this.passed), this.close();
        }
        if (at === to && this.passed === at && value.slice(0, at).endsWith("}}")) return (this.passed = 0), this.stop(event);
      }
      if (!this.open || event.isComposing) return;
      const last = this.rows.length - 1;
      const to = { ArrowDown: this.active === last ? 0 : this.active + 1, ArrowUp: this.active ? this.active - 1 : last, PageDown: Math.min(last, this.active + 8), PageUp: Math.max(0, this.active - 8) }[event.key];
      if (event.key === "Escape") return this.stop(event), this.close();
      if (last < 0 || event.ctrlKey || event.metaKey) return;
      if (to !== undefined) return this.stop(event), this.go(to);
      if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey) return this.stop(event), this.take(this.rows[this.active]);
    },
    stop(event) {
      event.preventDefault();
      event.stopPropagation();
    },

    // The list

    suggest(forced) {
      const field = this.field();
      if (!field || document.activeElement !== field) return this.close();
      let place = placeAt(field.value, field.selectionStart, this.isBare());
      if (!place && forced) {
        this.write("{{  }}", field.selectionStart, field.selectionEnd, field.selectionStart + 3);
        place = placeAt(field.value, field.selectionStart, false);
      }
      if (!place || (!place.asked && !forced)) return this.close();
      this.forced = forced;
      if (place.what === "paths" && !this.known[place.base]) {
        if (this.wanted !== place.base || !this.open) this.$emit("ask", place.base);
        this.wanted = place.base;
        return;
      }
      if (place.what !== "paths" && !this.tools[place.what]) {
        this.$emit("ask", (this.wanted = ""));
        return;
      }
      this.wanted = place.what === "paths" ? place.base : "";
      const all = place.what === "paths" ? this.known[place.base] : this.tools[place.what];
      const fits = all.map((row, at) => [fit(row, place.word), at, row]).filter(([how]) => how >= 0);
      const rows = fits.sort((one, two) => one[0] - two[0] || one[1] - two[1]).slice(0, MOST).map(([, , row]) => row);
      if (rows.length === 1 && rows[0].text === place.word && !forced) return this.close();
      if (!rows.length && !place.word) return this.close();
      this.none = place.what === "paths" ? tr("Nothing before this step is called that.") : tr("There is nothing of that name.");
      const same = this.open && rows.length === this.rows.length && rows.every((row, at) => row.text === this.rows[at].text);
      this.rows = rows;
      if (!same) this.active = 0;
      this.show();
    },
    show() {
      const list = this.$refs.list;
      if (!this.open) list.showPopover();
      this.open = true;
      this.field().setAttribute("aria-controls", this.listId);
      this.$nextTick(() => this.open && (this.put(), this.go(this.active)));
    },
    close() {
      this.wanted = undefined;
      if (!this.open) return;
      this.open = false;
      this.$refs.list.hidePopover();
      this.field()?.removeAttribute("aria-activedescendant");
    },
    put() {
      const list = this.$refs.list, rect = this.field().getBoundingClientRect();
      const width = Math.min(Math.max(rect.width + 24, 380), window.innerWidth - 16);
      const below = window.innerHeight - rect.bottom - 12, above = rect.top - 12;
      const up = below < ABOVE && above > below;
      Object.assign(list.style, {
        width: `${width}px`, left: `${Math.max(8, Math.min(rect.left - 10, window.innerWidth - width - 8))}px`,
        maxHeight: `${Math.min(340, up ? above : below)}px`, top: up ? "auto" : `${rect.bottom + 6}px`, bottom: up ? `${window.innerHeight - rect.top + 6}px` : "auto",
      });
    },
    go(to) {
      this.active = to;
      this.field()?.setAttribute("aria-activedescendant", `${this.listId}-${to}`);
      this.$nextTick(() => this.$refs.list.querySelector(".is-active")?.scrollIntoView({ block: "nearest" }));
    },
    take(row) {
      const field = this.field(), caret = field.selectionStart, place = placeAt(field.value, caret, this.isBare());
      if (!place || !row) return this.close();
      const from = caret - place.word.length;
      const rest = field.value.slice(field.selectionEnd);
      const tail = place.word || field.selectionEnd > caret ? (/^[\w.\[\]]*/.exec(rest)?.[0].length ?? 0) : 0;
      const after = rest.slice(tail), closes = this.isBare() || /^[^{]*?[}%]\}/.test(after);
      const lead = place.inside === place.word && !this.isBare() ? " " : "";
      const end = place.what === "words" ? " %}" : " }}";
      const written = lead + row.text + (closes ? (/^[}%]\}/.test(after) ? " " : "") : end);
      const to = from + lead.length + row.text.length;
      this.write(written, from, field.selectionEnd + tail, to);
      this.close();
      if (row.more) this.suggest(false);
    },
    /** Put a text in like a person would, so that the field's own undo knows of it. */
    write(text, from, to, caret, until = caret) {
      const field = this.field();
      field.focus();
      field.setSelectionRange(from, to);
      if (!document.execCommand(text ? "insertText" : "delete", false, text)) {
        field.setRangeText(text, from, to, "end");
        field.dispatchEvent(new InputEvent("input", { bubbles: true }));
      }
      field.setSelectionRange(caret, until);
      // The field's own code puts the caret behind what was written, in its next tick.
      this.$nextTick(() => field.setSelectionRange(caret, until));
    },

    // A value or an expression

    /** `=` in an empty field, or on a switch. */
    begin() {
      if (this.swap) return this.turn();
      this.write("{{  }}", 0, 0, 3);
      this.suggest(true);
    },
    turn() {
      const field = this.field();
      if (this.swap) return this.turned ? this.unswap() : this.swapIn();
      const text = field.value;
      if (this.expression) {
        this.keep({ expression: text });
        const plain = this.memory.fixed ?? this.shown.plain ?? "";
        this.write(plain, 0, text.length, plain.length);
        return this.close();
      }
      this.keep({ fixed: text });
      const before = this.memory.expression;
      if (before && (this.value || !text)) this.write(before, 0, text.length, before.length);
      else if (text && this.value) {
        this.write(`{{ ${text} }}`, 0, text.length, 3, 3 + text.length);
        this.suggest(true);
      } else {
        const at = document.activeElement === field ? field.selectionEnd : text.length;
        this.write("{{  }}", at, at, at + 3);
        this.suggest(true);
      }
    },
    keep(part) {
      this.memory = { ...this.memory, ...part };
      this.$emit("keep", this.memory);
    },
    swapIn(text = "") {
      this.turned = this.expression = true;
      this.$emit("turn", true, ++this.turns);
      this.$nextTick(() => {
        const own = this.$refs.own;
        own.focus();
        if (text) this.write(text, 0, own.value.length, text.length);
        else {
          const written = own.value.trim() || this.start || "{{  }}";
          this.write(written, 0, own.value.length, 3, Math.max(3, written.length - 3));
        }
        this.draw();
        if (!text) this.suggest(true);
      });
    },
    unswap() {
      if (this.saving) this.saveNow();
      this.close();
      this.turned = this.expression = false;
      this.$emit("turn", false, ++this.turns);
      this.$nextTick(() => this.focus());
    },
    mend() {
      const field = this.field();
      this.write(this.shown.mended, 0, field.value.length, this.shown.mended.length);
    },

    // Something that is dragged here

    over(event) {
      if (!(this.swap || this.value || this.bare) || !event.dataTransfer?.types.includes("text/plain")) return;
      event.preventDefault();
      this.dropping = true;
    },
    dropped(event) {
      this.dropping = false;
      const text = event.dataTransfer?.getData("text/plain") ?? "";
      if (!(this.swap || this.value || this.bare) || !WHOLE.test(text)) return;
      this.stop(event);
      if (this.swap && !this.turned) return this.swapIn(text.trim());
      const put = this.bare ? text.trim().slice(2, -2).trim() : text.trim();
      this.write(put, 0, this.field().value.length, put.length);
    },
  },
};
