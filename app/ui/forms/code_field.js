// Around a code editor: its colours follow the theme, Esc and then Tab leaves it, and a line can be marked.

export default {
  template: `
    <div :class="['weft-code-editor', { 'is-ready': ready }]" @keydown.capture="key" @focusout="left">
      <slot></slot>
      <div class="weft-code-foot weft-small" :id="foot" aria-live="polite">
        <span v-if="said" class="weft-code-odd weft-prose"><template v-for="(part, at) in said.split('\x60')"><code v-if="at % 2">{{ part }}</code><template v-else>{{ part }}</template></template></span>
        <span v-if="free" class="weft-code-free">{{ tr("Tab now leaves. Esc once more: to the canvas.") }}</span>
        <span v-else class="weft-faint">{{ tr("Tab indents. Esc, then Tab, leaves.") }}</span>
      </div>
    </div>`,
  props: {
    label: { type: String, default: "" },
    editor: Number,
    line: { type: Number, default: 0 },
    wrong: Boolean,
    said: { type: String, default: "" },
  },
  data() {
    return { free: false, ready: false, foot: `weft-code-${this.editor}` };
  },
  watch: {
    line() {
      this.mark();
    },
    wrong() {
      this.mark();
    },
  },
  async mounted() {
    // The editor's program may still be on its way.
    for (let tries = 0; !this.inner()?.editorPromise && tries < 600; tries++) await new Promise((done) => setTimeout(done, 50));
    await this.inner()?.editorPromise;
    if (!this.inner()) return;
    this.look = new MutationObserver(() => this.theme());
    this.look.observe(document.body, { attributes: true, attributeFilter: ["class"] });
    const content = this.$el.querySelector(".cm-content");
    content.setAttribute("aria-label", this.label);
    content.setAttribute("aria-describedby", this.foot);
    this.theme();
    this.mark();
    this.ready = true;
    if (this.wanted) this.focus();
  },
  beforeUnmount() {
    this.look?.disconnect();
  },
  methods: {
    tr: window.tr,
    inner() {
      return getElement(this.editor);
    },
    theme() {
      const dark = document.body.classList.contains("body--dark");
      if (dark !== this.dark) this.inner()?.setTheme(dark ? "githubDark" : "githubLight");
      this.dark = dark;
    },
    mark() {
      const inner = this.inner();
      if (!inner?.editor) return;
      const fits = this.line > 0 && this.line <= inner.editor.state.doc.lines;
      inner.setDecorations(fits ? [{ kind: "line", line: this.line, class: this.wrong ? "weft-code-wrong" : "weft-code-strange" }] : []);
    },
    focus() {
      this.wanted = true;
      this.inner()?.editor?.focus();
    },
    left(event) {
      if (this.$el.contains(event.relatedTarget)) return;
      this.free = this.wanted = false;
    },
    key(event) {
      if (!event.target.closest(".cm-content")) return;
      if (event.key === "Tab" && this.free) return event.stopImmediatePropagation();
      if (event.key === "Escape" && !this.free && !this.$el.querySelector(".cm-tooltip-autocomplete, .cm-panel")) {
        event.preventDefault();
        event.stopPropagation();
        this.free = true;
      } else if (!["Shift", "Control", "Alt", "Meta", "Escape"].includes(event.key)) this.free = false;
    },
  },
};
