// The command palette: a field, and below it what fits the words typed so far.
import { ranked } from "weft-ranking";

const SHOWN = 60;

export default {
  template: `
    <div class="hidden"><q-dialog v-model="open" position="top" transition-duration="90" class="weft-palette-dialog" :aria-label="tr('Commands, flows, runs and settings')" @hide="gone">
      <div class="weft-dialog weft-palette">
        <label class="weft-palette-field">
          <i class="q-icon notranslate material-symbols-rounded" aria-hidden="true">search</i>
          <input ref="field" v-model="text" type="text" :placeholder="tr('What do you want to do?')" spellcheck="false" autocomplete="off"
            role="combobox" aria-expanded="true" aria-controls="weft-palette-list" :aria-activedescendant="marked ? 'weft-choice-' + at : null"
            :aria-label="tr('Search commands, flows, runs and settings')" @keydown="key" @input="at = 0" />
          <span class="weft-kbd" aria-hidden="true">Esc</span>
        </label>
        <div id="weft-palette-list" ref="list" class="weft-palette-list" role="listbox" :aria-label="tr('What fits')">
          <template v-for="(each, place) in found" :key="each.id">
            <div v-if="!text.trim() && heading(each) !== heading(found[place - 1])" class="weft-palette-heading" role="presentation">{{ heading(each) }}</div>
            <div :id="'weft-choice-' + place" class="weft-palette-choice" :class="{ 'is-current': place === at, 'is-off': each.why }" role="option"
              :aria-selected="place === at" :aria-disabled="each.why ? 'true' : null" @click="choose(each)" @pointermove="at = place">
              <i class="q-icon notranslate material-symbols-rounded" aria-hidden="true">{{ each.icon }}</i>
              <span class="weft-palette-words"><span class="weft-palette-name">{{ each.title }}</span><span v-if="each.why || each.about" class="weft-palette-about">{{ each.why || each.about }}</span></span>
              <span v-if="text.trim() && each.kind !== 'command'" class="weft-palette-kind">{{ each.group }}</span>
              <kbd v-for="name in each.keys" :key="name" class="weft-kbd">{{ name }}</kbd>
            </div>
          </template>
          <div v-if="loaded && !found.length" class="weft-palette-none">{{ tr("Nothing is called that. Try another word.") }}</div>
          <div v-if="!loaded" class="weft-palette-none">{{ tr("Looking…") }}</div>
        </div>
        <div class="weft-visually-hidden" role="status">{{ loaded && text.trim() ? tr("{count} found", { count: found.length }) : said }}</div>
      </div>
    </q-dialog></div>`,
  emits: ["opened", "chosen"],
  data: () => ({ open: false, text: "", at: 0, choices: [], loaded: false, wanted: false, said: "" }),
  computed: {
    found() {
      return ranked(this.choices, this.text).slice(0, SHOWN);
    },
    marked() {
      return this.found[this.at];
    },
  },
  mounted() {
    window.weftKeys.local.palette = this.show;
  },
  methods: {
    tr: window.tr,
    show() {
      Object.assign(this, { open: true, text: "", at: 0, loaded: false, wanted: false, said: "" });
      this.$emit("opened");
      this.$nextTick(() => this.$refs.field?.focus());
      requestAnimationFrame(() => this.$refs.field?.focus());
    },
    fill(choices) {
      this.choices = choices;
      this.loaded = true;
      if (this.wanted) this.$nextTick(() => this.choose(this.marked));
    },
    key(event) {
      const last = this.found.length - 1;
      const to = { ArrowDown: this.at >= last ? 0 : this.at + 1, ArrowUp: this.at <= 0 ? last : this.at - 1, PageDown: Math.min(last, this.at + 8), PageUp: Math.max(0, this.at - 8) }[event.key];
      if (to !== undefined) this.mark(to);
      else if (event.key === "Enter") this.loaded ? this.choose(this.marked) : (this.wanted = true);
      else if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) this.open = false;
      else return;
      event.preventDefault();
    },
    heading: (choice) => (choice?.lately && !choice.why ? window.tr("Chosen lately") : choice?.group),
    mark(to) {
      this.at = Math.max(0, to);
      this.$nextTick(() => this.$refs.list?.querySelector(".is-current")?.scrollIntoView({ block: "nearest" }));
    },
    choose(choice) {
      if (!choice) return;
      if (choice.why) {
        this.said = choice.why;
        return;
      }
      this.open = false;
      // What it opens is to have the keyboard, which goes back to where it was first.
      this.$nextTick(() => {
        window.weftKeys.ask(choice.id.replace(/^command:/, ""));
        this.$emit("chosen", choice.id);
      });
    },
    gone() {
      this.choices = [];
    },
  },
};
