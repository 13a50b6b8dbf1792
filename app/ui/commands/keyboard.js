// The list of all keys, where each can be changed by pressing another one.
export default {
  template: `
    <div class="hidden"><q-dialog v-model="open" transition-duration="90" :aria-label="tr('Keys{apart}', { apart: '' })">
      <div class="weft-dialog weft-dialog-wide weft-keyboard">
        <div class="weft-row">
          <div class="weft-dialog-title weft-grow" role="heading" aria-level="2">{{ tr("Keys{apart}", { apart: "" }) }}</div>
          <button v-if="anyChanged" type="button" class="weft-keyboard-button" @click="$emit('reset', '')">{{ tr("Reset all") }}</button>
        </div>
        <label class="weft-keyboard-search">
          <i class="q-icon notranslate material-symbols-rounded" aria-hidden="true">search</i>
          <input ref="field" v-model="text" type="text" :placeholder="tr('Search by name or key')" :aria-label="tr('Search keys')" autocomplete="off" spellcheck="false" />
        </label>
        <div class="weft-keyboard-list" tabindex="0" role="group" :aria-label="tr('All keys')">
          <section v-for="group in found" :key="group.title" :aria-label="group.title">
            <div class="weft-keyboard-heading" role="heading" aria-level="3">{{ group.title }}</div>
            <div v-for="row in group.rows" :key="row.id || row.title" class="weft-keyboard-row" :class="{ 'is-pressed': pressing === row.id && row.id }">
              <span class="weft-grow">{{ row.title }}</span>
              <template v-if="pressing === row.id && row.id">
                <span class="weft-keyboard-press" role="status">{{ tr("Press the new key. Esc leaves it as it is.") }}</span>
              </template>
              <template v-else>
                <kbd v-for="name in row.keys" :key="name" class="weft-kbd">{{ name }}</kbd>
                <span v-if="!row.keys.length" class="weft-muted weft-small">{{ tr("No key") }}</span>
                <span v-if="row.changed" class="weft-keyboard-changed">{{ tr("Changed") }}</span>
              </template>
              <button v-if="row.id" type="button" class="weft-keyboard-button" :data-row="row.id" :aria-label="tr('Change the key of {title}', row)"
                @click="begin(row.id, $event)" @keydown="press" @blur="pressing === row.id && !asked && (pressing = '')">{{ pressing === row.id ? tr("Waiting…") : tr("Change") }}</button>
              <button v-if="row.id && row.changed" type="button" class="weft-keyboard-button" :aria-label="tr('Reset the key of {title}', row)" @click="reset(row.id)">{{ tr("Reset") }}</button>
              <div v-if="said.id === row.id && row.id" class="weft-keyboard-said" role="alert">
                <span class="weft-grow">{{ said.text }}</span>
                <button v-if="said.chord" type="button" class="weft-keyboard-button" @click="takeIt">{{ tr("Use it here") }}</button>
                <button v-if="said.chord" type="button" class="weft-keyboard-button" @click="leaveIt">{{ tr("Leave it") }}</button>
              </div>
            </div>
          </section>
          <div v-if="!found.length" class="weft-palette-none">{{ tr("Nothing is called that. Try another word.") }}</div>
        </div>
        <div class="weft-dialog-actions"><button type="button" class="weft-keyboard-button" @click="open = false">{{ tr("Close") }}</button></div>
      </div>
    </q-dialog></div>`,
  emits: ["pressed", "reset"],
  data: () => ({ open: false, text: "", groups: [], anyChanged: false, pressing: "", said: {}, asked: false }),
  computed: {
    found() {
      const wanted = this.text.trim().toLowerCase().split(/\s+/).filter(Boolean);
      const fits = (group, row) => wanted.every((word) => `${row.title} ${row.words} ${row.keys.join(" ")} ${group.title}`.toLowerCase().includes(word));
      return this.groups.map((group) => ({ ...group, rows: group.rows.filter((row) => fits(group, row)) })).filter((group) => group.rows.length);
    },
  },
  methods: {
    tr: window.tr,
    show(groups, anyChanged) {
      Object.assign(this, { open: true, text: "", pressing: "", said: {}, groups, anyChanged });
      this.$nextTick(() => this.$refs.field?.focus());
      requestAnimationFrame(() => this.$refs.field?.focus());
    },
    fill(groups, anyChanged, said) {
      Object.assign(this, { groups, anyChanged, said: said ?? {} });
      this.$nextTick(() => said?.chord && document.querySelector(".weft-keyboard-said button")?.focus());
    },
    begin(id, event) {
      this.pressing = id;
      this.said = {};
      event.currentTarget.focus();
    },
    press(event) {
      if (!this.pressing || ["Control", "Shift", "Alt", "Meta", "AltGraph"].includes(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      const id = this.pressing;
      this.pressing = "";
      if (event.key !== "Escape") this.$emit("pressed", { id, chord: window.weftKeys.chord(event), take: false });
    },
    takeIt() {
      this.$emit("pressed", { id: this.said.id, chord: this.said.chord, take: true });
      this.leaveIt();
    },
    leaveIt() {
      const { id } = this.said;
      this.said = {};
      this.focus(id);
    },
    reset(id) {
      this.$emit("reset", id);
      this.focus(id);
    },
    focus(id) {
      this.$nextTick(() => document.querySelector(`[data-row="${id}"]`)?.focus());
    },
  },
};
