// Find in a flow: a field over the canvas, and the places found.
const SOON = 100;

export default {
  template: `
    <search v-if="open" ref="root" class="weft-find" :aria-label="tr('Find in this flow')" @keydown.esc.stop.prevent="shut">
      <div class="weft-find-bar">
        <i class="q-icon notranslate material-symbols-rounded weft-muted" aria-hidden="true">search</i>
        <input ref="field" v-model="text" type="text" :placeholder="tr('Names, settings, values')" :aria-label="tr('Find in this flow')" autocomplete="off" spellcheck="false"
          role="combobox" :aria-expanded="Boolean(hits.length)" aria-controls="weft-find-list" :aria-activedescendant="hits.length ? 'weft-hit-' + at : null" @input="typed" @keydown="key" />
        <span class="weft-find-count" role="status">{{ said }}</span>
        <button v-for="each in steps" :key="each.by" type="button" class="weft-find-icon" :disabled="!hits.length" :aria-label="each.label" :title="each.label" @click="step(each.by)"><i class="q-icon notranslate material-symbols-rounded" aria-hidden="true">{{ each.icon }}</i></button>
        <button type="button" class="weft-find-icon" :aria-label="tr('Close')" :title="tr('Close (Esc)')" @click="shut"><i class="q-icon notranslate material-symbols-rounded" aria-hidden="true">close</i></button>
      </div>
      <div v-if="hits.length" id="weft-find-list" ref="list" class="weft-find-list" role="listbox" :aria-label="tr('Places found')">
        <div v-for="(hit, place) in hits" :id="'weft-hit-' + place" :key="place" class="weft-find-hit" :class="{ 'is-current': place === at }" role="option" :aria-selected="place === at" @click="go(place)">
          <span class="weft-find-where"><span class="weft-strong">{{ hit.step }}</span><span>{{ hit.place }}</span></span>
          <span v-if="hit.text !== hit.step" class="weft-find-text">{{ hit.text.slice(0, hit.start) }}<mark v-if="hit.length">{{ hit.text.slice(hit.start, hit.start + hit.length) }}</mark>{{ hit.text.slice(hit.start + hit.length) }}</span>
        </div>
        <div v-if="more" class="weft-palette-none" v-text="tr('There are more places. Type more of what you look for.')"></div>
      </div>
      <div v-else-if="searched && text.trim()" class="weft-palette-none">{{ values ? tr("It is nowhere in this flow.") : tr("It is nowhere in this flow, and no run is shown whose values could hold it.") }}</div>
    </search>
    <div v-else class="hidden"></div>`,
  emits: ["search", "go", "shut"],
  data: () => ({ open: false, text: "", hits: [], at: -1, more: false, values: false, searched: "", wanted: 0, timer: 0 }),
  computed: {
    steps: () => [
      { by: -1, icon: "keyboard_arrow_up", label: window.tr("The place before") },
      { by: 1, icon: "keyboard_arrow_down", label: window.tr("The next place") },
    ],
    said() {
      if (!this.text.trim() || this.searched !== this.text) return "";
      if (!this.hits.length) return window.tr("Nothing");
      return window.tr("{number} of {count}", { number: Math.max(0, this.at) + 1, count: `${this.hits.length}${this.more ? "+" : ""}` });
    },
  },
  mounted() {
    Object.assign(window.weftKeys.local, { find: this.show, "find.next": () => this.step(1), "find.previous": () => this.step(-1) });
  },
  methods: {
    tr: window.tr,
    show() {
      this.open = true;
      if (this.text) this.look();
      this.$nextTick(() => {
        this.$refs.field?.focus();
        this.$refs.field?.select();
      });
    },
    shut() {
      this.open = false;
      this.hits = [];
      this.at = -1;
      this.searched = "";
      this.$emit("shut");
    },
    typed() {
      clearTimeout(this.timer);
      this.timer = setTimeout(this.look, SOON);
    },
    look() {
      clearTimeout(this.timer);
      this.$emit("search", this.text);
    },
    fill(text, hits, more, values) {
      if (text !== this.text) return;
      const before = this.hits[this.at];
      Object.assign(this, { hits, more, values, searched: text });
      this.at = Math.max(0, hits.findIndex((hit) => before && hit.path === before.path && hit.place === before.place && hit.sort === before.sort));
      if (this.wanted && hits.length) this.go(this.wanted < 0 ? hits.length - 1 : this.at);
      this.wanted = 0;
    },
    key(event) {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") this.mark(this.at + (event.key === "ArrowDown" ? 1 : -1));
      else if (event.key !== "Enter") return;
      else if (this.searched === this.text && this.hits.length) this.go(this.at);
      else {
        this.wanted = 1;
        this.look();
      }
      event.preventDefault();
    },
    /** To the place after the one that is shown, or before it. */
    step(by) {
      if (!this.open) this.show();
      if (this.hits.length && this.searched === this.text) return this.go((this.at + by + this.hits.length) % this.hits.length);
      if (!this.text.trim()) return;
      this.wanted = by;
      this.look();
    },
    mark(to) {
      if (!this.hits.length) return;
      this.at = (to + this.hits.length) % this.hits.length;
      this.$nextTick(() => this.$refs.list?.querySelector(".is-current")?.scrollIntoView({ block: "nearest" }));
    },
    go(to) {
      this.mark(to);
      this.$emit("go", this.at);
    },
  },
};
