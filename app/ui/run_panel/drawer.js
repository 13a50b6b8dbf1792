// The drawer below the canvas: its height is drawn here while it is dragged, and told once it is let go.
const LEAST = 120;
const STEP = 24;

export default {
  template: `
    <section class="weft-drawer" :class="{ 'is-open': open }" :style="open ? { height: shown + 'px' } : {}" :aria-label="tr('Run panel')" @keydown="key">
      <div v-show="open" class="weft-drawer-grip" role="separator" tabindex="0" aria-orientation="horizontal"
        :aria-label="tr('Height of the run panel')" aria-valuemin="120" :aria-valuemax="most" :aria-valuenow="shown"
        @pointerdown="take" @pointermove="drag" @pointerup="drop" @pointercancel="drop" @keydown="grip"></div>
      <slot />
    </section>`,
  props: { open: Boolean, height: Number, heard: Number },
  emits: ["height", "toggle"],
  data() {
    return { wanted: this.height, most: this.room(), opens: this.open, asked: 0 };
  },
  computed: {
    shown() {
      return Math.max(LEAST, Math.min(this.wanted, this.most));
    },
  },
  watch: {
    height(height) {
      this.wanted = height;
    },
    open(open) {
      // What is older than the last press of the key says nothing about it.
      if (this.heard === this.asked) this.opens = open;
    },
  },
  mounted() {
    window.weftKeys.local.panel = this.toggle;
    this.resized = () => (this.most = this.room());
    window.addEventListener("resize", this.resized);
  },
  beforeUnmount() {
    window.removeEventListener("resize", this.resized);
  },
  methods: {
    tr: (...all) => window.tr(...all),
    room() {
      return Math.max(LEAST, Math.round(window.innerHeight * 0.7));
    },
    take(event) {
      if (event.button) return;
      this.from = { y: event.clientY, height: this.shown };
      event.target.setPointerCapture(event.pointerId);
    },
    drag(event) {
      if (this.from) this.wanted = this.from.height + this.from.y - event.clientY;
    },
    drop() {
      if (!this.from) return;
      this.from = null;
      this.$emit("height", (this.wanted = this.shown));
    },
    grip(event) {
      const by = { ArrowUp: STEP, ArrowDown: -STEP, PageUp: 4 * STEP, PageDown: -4 * STEP }[event.key];
      if (!by) return;
      event.preventDefault();
      event.stopPropagation();
      this.wanted = this.shown + by;
      this.$emit("height", (this.wanted = this.shown));
    },
    key(event) {
      const tab = event.target.closest?.("[role=tab]");
      if (tab && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
        const tabs = [...this.$el.querySelectorAll("[role=tab]")];
        const next = tabs[(tabs.indexOf(tab) + (event.key === "ArrowLeft" ? tabs.length - 1 : 1)) % tabs.length];
        event.preventDefault();
        next.focus();
      } else if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector(".q-menu, .q-dialog")) {
        event.preventDefault();
        this.canvas();
      }
    },
    /** By its key: the keyboard is in here, or no longer, at once, so that the next key means what it should. */
    toggle() {
      this.opens = !this.opens;
      this.asked += 1;
      if (this.opens) this.$el.querySelector("[role=tab][tabindex='0']")?.focus({ preventScroll: true });
      else this.leave();
      this.$emit("toggle", { open: this.opens, number: this.asked });
    },
    /** After a press of its key, only where it was the last one and the keyboard is where that put it: who went on is left alone. */
    enter(name, press) {
      this.$nextTick(() => {
        const tab = this.$el.querySelector(`[data-tab="${name}"]`);
        if (press && (press !== this.asked || document.activeElement !== tab)) return;
        (this.$el.querySelector(`[data-page="${name}"] [data-first]`) || tab)?.focus({ preventScroll: true });
      });
    },
    leave() {
      if (this.$el.contains(document.activeElement)) this.canvas();
    },
    canvas() {
      document.querySelector(".weft-flow")?.focus({ preventScroll: true });
    },
  },
};
