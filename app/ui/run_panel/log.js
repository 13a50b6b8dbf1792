// The lines of a log: of a hundred thousand only those in sight are here. It follows the end unless it was scrolled up.
const ROW = 22;
const SPARE = 20;
const SIGNS = { info: "", warning: "warning", error: "error", text: "notes", reached: "link" };
const words = () => ({ info: tr("Info"), warning: tr("Warning"), error: tr("Error"), text: tr("Text"), reached: tr("Reached") });

export default {
  template: `
    <div class="weft-lines" ref="body" role="listbox" tabindex="0" data-first :aria-label="tr('Log of the run')" @scroll="scrolled" @keydown="key" @click="click">
      <div class="weft-lines-all" ref="all"></div>
    </div>`,
  emits: ["view", "pick", "open"],
  mounted() {
    Object.assign(this, { own: { lines: [], first: 0, count: 0 }, follows: true, active: -1 });
    this.watcher = new ResizeObserver(() => this.ask());
    this.watcher.observe(this.$refs.body);
  },
  beforeUnmount() {
    this.watcher.disconnect();
    clearTimeout(this.asking);
  },
  methods: {
    tr: (...all) => window.tr(...all),
    draw(told) {
      const { body } = this.$refs;
      this.own = told;
      if (!body) return;
      this.$refs.all.style.height = `${told.count * ROW}px`;
      this.paint();
      if (this.follows && body.clientHeight) {
        const end = told.count * ROW - body.clientHeight;
        if (body.scrollTop < end - 1) body.scrollTop = end;
      }
      if (!this.covers()) this.ask();
    },
    reset() {
      this.active = -1;
      this.follows = true;
    },
    range() {
      const { body } = this.$refs;
      const top = this.follows ? Math.max(0, this.own.count * ROW - body.clientHeight) : body.scrollTop;
      return [Math.max(0, Math.floor(top / ROW)), Math.ceil(body.clientHeight / ROW) + 1];
    },
    covers() {
      const { own } = this;
      const { body } = this.$refs;
      if (!body.clientHeight) return true;
      const [first, count] = this.range();
      return own.first <= first && own.first + own.lines.length >= Math.min(own.count, first + count);
    },
    ask() {
      if (this.asking) return;
      this.asking = setTimeout(() => {
        this.asking = 0;
        const { body } = this.$refs;
        if (!body?.clientHeight) return;
        const [first, count] = this.range();
        this.$emit("view", { first: Math.max(0, first - SPARE), count: count + 2 * SPARE });
      }, 30);
    },
    paint() {
      const { own } = this;
      const levels = words();
      this.$refs.all.replaceChildren(
        ...own.lines.map(([seq, time, level, step, text], index) => {
          const line = document.createElement("div");
          line.className = `weft-line is-${level}${seq === this.active ? " is-active" : ""}`;
          line.style.top = `${(own.first + index) * ROW}px`;
          line.id = `${this.$el.id}-${seq}`;
          line.dataset.seq = seq;
          line.setAttribute("role", "option");
          line.setAttribute("aria-selected", seq === this.active);
          line.setAttribute("aria-posinset", own.first + index + 1);
          line.setAttribute("aria-setsize", own.count);
          for (const [name, said] of [
            ["time", time],
            ["level", ""],
            ["step", step],
            ["text", text],
          ]) {
            const part = document.createElement("span");
            part.className = `weft-line-${name}`;
            part.textContent = said;
            if (name === "level") {
              if (SIGNS[level]) {
                const icon = document.createElement("i");
                icon.className = "q-icon notranslate material-symbols-rounded";
                icon.setAttribute("aria-hidden", "true");
                icon.textContent = SIGNS[level];
                part.append(icon);
              }
              part.append(levels[level]);
            }
            line.append(part);
          }
          return line;
        }),
      );
      const shown = this.active >= 0 && this.$refs.all.querySelector(".is-active");
      if (shown) this.$refs.body.setAttribute("aria-activedescendant", shown.id);
      else this.$refs.body.removeAttribute("aria-activedescendant");
    },
    scrolled() {
      const { body } = this.$refs;
      this.follows = body.scrollTop + body.clientHeight >= this.own.count * ROW - 4;
      if (!this.covers()) this.ask();
    },
    choose(index) {
      const { own } = this;
      const { body } = this.$refs;
      const wanted = Math.max(0, Math.min(index, own.count - 1));
      const line = own.lines[wanted - own.first];
      if (wanted * ROW < body.scrollTop) body.scrollTop = wanted * ROW;
      else if ((wanted + 1) * ROW > body.scrollTop + body.clientHeight) body.scrollTop = (wanted + 1) * ROW - body.clientHeight;
      if (!line) return;
      this.active = line[0];
      this.paint();
      this.$emit("open", { seq: line[0] });
    },
    key(event) {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const { own } = this;
      const now = own.lines.findIndex(([seq]) => seq === this.active);
      const page = Math.max(1, Math.floor(this.$refs.body.clientHeight / ROW) - 1);
      const by = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page }[event.key];
      if (by) this.choose(now < 0 ? own.first + own.lines.length - 1 : own.first + now + by);
      else if (event.key === "Home") this.choose(0);
      else if (event.key === "End") this.choose(own.count - 1);
      else if (event.key === "Enter" && now >= 0) this.$emit("pick", { seq: this.active });
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    click(event) {
      const line = event.target.closest(".weft-line");
      if (!line || String(getSelection())) return;
      const index = this.own.lines.findIndex(([seq]) => seq === Number(line.dataset.seq));
      if (index >= 0) this.choose(this.own.first + index);
    },
  },
};
