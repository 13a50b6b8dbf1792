// The run on a time axis. Python sends the rows that can be seen; here they are placed, zoomed and pointed at.
const ROW = 26;
const ROOM = 1.06;
const SPARE = 8;
const SHAPES = { f: "failed", r: "running", x: "stopped", s: "skipped", d: "done" };
const HIGH = { d: [8, 10], s: [10, 6], x: [8, 10], r: [6, 14], f: [3, 20] };
const SHORT = [1, 2, 5, 10, 20, 50, 100, 200, 500];
const LONG = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400].map((s) => s * 1000);

// As the language of the page writes it: 0.5, in German 0,5.
const point = () => (1.1).toLocaleString(document.documentElement.lang || "en")[1];
const fixed = (number, digits) => number.toFixed(digits).replace(".", point());

export function words(ms) {
  if (ms < 0.0005) return "0 ms";
  if (ms < 1) return `${fixed(ms, ms < 0.1 ? 3 : 2)} ms`;
  if (ms < 99.5) return `${fixed(ms, ms < 10 ? 1 : 0)} ms`;
  const s = ms / 1000;
  if (s < 9.95) return `${fixed(s, s < 1 ? 2 : 1)} s`;
  const whole = Math.round(s);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

const two = (number) => String(number).padStart(2, "0");
function clock(at) {
  const date = new Date(at);
  const ms = String(date.getMilliseconds()).padStart(3, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}${point()}${ms}`;
}

function made(tag, name, text) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text != null) element.textContent = text;
  return element;
}

const sign = (name, more = "") => {
  const icon = made("i", `q-icon notranslate material-symbols-rounded ${more}`, name);
  icon.setAttribute("aria-hidden", "true");
  return icon;
};

export default {
  template: `
    <div class="weft-timeline">
      <div class="tl-top">
        <div class="tl-corner"><slot /></div>
        <div class="tl-ruler" ref="ruler" role="slider" tabindex="0" data-first :aria-label="tr('Moment of the run')" aria-valuemin="0"
          @pointerdown="take" @pointermove="drag" @pointerup="drop" @pointercancel="drop" @keydown="rulerKey" @wheel.prevent="rulerWheel">
          <div class="tl-ticks" ref="ticks"></div>
        </div>
      </div>
      <div class="tl-body" ref="body" role="tree" tabindex="0" :aria-label="tr('Steps of the run, in the order in which they began')"
        @scroll="ask" @keydown="treeKey" @wheel="bodyWheel" @click="click" @pointermove="hover" @pointerleave="unhover">
        <div class="tl-rows" ref="rows"></div>
      </div>
      <div class="tl-over" aria-hidden="true"><div class="tl-playhead" ref="head"></div></div>
      <div class="tl-tip" ref="tip" aria-hidden="true"></div>
    </div>`,
  emits: ["view", "turn", "pick", "moment"],
  mounted() {
    Object.assign(this, { own: { rows: [], first: 0, count: 0, until: 1, begin: 0 }, view: null, active: "", waits: 0, by: 0, next: null });
    this.watcher = new ResizeObserver(() => this.ask());
    this.watcher.observe(this.$refs.body);
    this.ask();
  },
  beforeUnmount() {
    this.watcher.disconnect();
    clearTimeout(this.late);
    clearTimeout(this.asking);
  },
  methods: {
    tr: (...all) => window.tr(...all),

    // What Python says.
    draw(told) {
      this.own = told;
      this.$el.dataset.run = told.run;
      if (!this.dragging) this.at = told.at;
      if (told.answer) this.answered();
      this.paint();
    },
    reset() {
      Object.assign(this, { view: null, active: "", at: null });
      this.$refs.body.scrollTop = 0;
      this.ask();
    },
    reveal(place, id) {
      this.active = id;
      const { body } = this.$refs;
      const top = place * ROW;
      if (top < body.scrollTop) body.scrollTop = top;
      else if (top + ROW > body.scrollTop + body.clientHeight) body.scrollTop = top + ROW - body.clientHeight;
      this.ask();
    },

    // What is seen.
    // A little more than the run took, so that what was last has room for its words.
    whole() {
      return Math.max(this.own.until, 0.001) * ROOM;
    },
    range() {
      return this.view ? [this.view.from, this.view.to] : [0, this.whole()];
    },
    ask() {
      if (this.asking) return;
      this.asking = setTimeout(() => {
        this.asking = 0;
        const { body } = this.$refs;
        if (!body?.clientHeight) return;
        const [from, to] = this.range();
        const first = Math.max(0, Math.floor(body.scrollTop / ROW) - SPARE);
        const count = Math.ceil(body.clientHeight / ROW) + 2 * SPARE;
        this.$emit("view", { first, count, from, to: this.view ? to : null });
      }, 30);
    },
    zoom(factor, at) {
      const [from, to] = this.range();
      const until = this.whole();
      const span = Math.min(until, Math.max(0.01, (to - from) * factor));
      const start = Math.max(0, Math.min(at - ((at - from) / (to - from)) * span, until - span));
      this.view = span >= until * 0.999 ? null : { from: start, to: start + span };
      this.paint();
      this.ask();
    },
    pan(by) {
      if (!this.view) return;
      const { from, to } = this.view;
      const start = Math.max(0, Math.min(from + by, this.whole() - (to - from)));
      this.view = { from: start, to: start + to - from };
      this.paint();
      this.ask();
    },
    time(event) {
      const box = this.$refs.ruler.getBoundingClientRect();
      const [from, to] = this.range();
      return from + Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)) * (to - from);
    },
    place(time) {
      const [from, to] = this.range();
      return Math.max(-2, Math.min(102, ((time - from) / (to - from)) * 100));
    },

    // Drawing.
    paint() {
      const { body, rows, head } = this.$refs;
      if (!body) return;
      this.$el.style.setProperty("--tl-bar", `${body.offsetWidth - body.clientWidth}px`);
      const { own } = this;
      rows.style.height = `${own.count * ROW}px`;
      rows.replaceChildren(...own.rows.map((row, index) => this.row(row, own.first + index)));
      this.ticks();
      const shown = this.at ?? null;
      const place = shown == null ? 0 : this.place(shown);
      head.style.display = shown == null || place < 0 || place > 100 ? "none" : "";
      head.style.left = `${place}%`;
      const { ruler } = this.$refs;
      ruler.setAttribute("aria-valuemax", Math.round(own.until));
      ruler.setAttribute("aria-valuenow", Math.round(shown ?? own.until));
      ruler.setAttribute("aria-valuetext", own.says || tr("Now"));
      this.mark();
    },
    row(row, index) {
      const line = made("div", `tl-row is-${row.kind}${row.id === this.active ? " is-active" : ""}`);
      line.style.top = `${index * ROW}px`;
      line.id = `${this.$el.id}-${index}`;
      line.dataset.id = row.id;
      line.setAttribute("role", "treeitem");
      line.setAttribute("aria-level", row.depth + 1);
      if (row.opens != null) line.setAttribute("aria-expanded", row.opens);
      const end = row.end ?? this.own.until;
      const began = tr("began {time}", { time: clock(this.own.begin + row.start) });
      line.setAttribute("aria-label", [row.name, row.word, began, words(end - row.start), row.note].filter(Boolean).join(", "));
      const label = made("div", "tl-label");
      label.style.paddingLeft = `${8 + row.depth * 14}px`;
      const turn = row.opens == null ? made("span", "tl-turn") : sign(row.opens ? "expand_more" : "chevron_right", "tl-turn");
      label.append(turn, sign(row.icon, `tl-sign is-${row.tone}`), made("span", "tl-name", row.name));
      if (row.note) label.append(made("span", "tl-note", row.note));
      const chart = made("div", "tl-chart");
      if (row.marks) chart.append(...this.marks(row));
      for (const bar of row.bars) chart.append(this.bar(bar, row));
      for (const wait of row.waits) chart.append(this.bar(wait, row, true));
      const last = row.bars.at(-1);
      if (row.kind !== "group" && last) {
        const at = this.place(last[1] ?? this.own.until);
        const from = this.place(last[0]);
        const says = made("span", `tl-says is-${row.tone}`, row.says);
        if (at < 86) says.style.left = `${Math.max(0, at)}%`;
        else if (from < 24) {
          // There is room for it in the bar.
          says.style.right = `${100 - Math.min(100, at)}%`;
          const isFull = !row.marks && !row.waits.length && !["skipped", "stopped", "interrupted", "waited"].includes(last[2]);
          says.classList.add(isFull ? "is-inside" : "is-over");
        } else says.style.right = `${100 - Math.min(100, from)}%`;
        if (at >= 0 && from <= 100) chart.append(says);
      }
      line.append(label, chart);
      return line;
    },
    bar([start, end, status, word, attempt, said], row, waits = false) {
      const from = this.place(start);
      const to = this.place(end ?? this.own.until);
      const bar = made("div", `tl-bar is-${status}${waits ? " is-wait" : ""}${row.marks ? " is-behind" : ""}${end == null ? " is-open" : ""}`);
      bar.style.left = `${from}%`;
      bar.style.width = `${Math.max(0, to - from)}%`;
      bar.told = { name: row.name, start, end, word, attempt, said };
      return bar;
    },
    marks(row) {
      const { marks, own } = { marks: row.marks, own: this.own };
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      const left = this.place(own.from);
      const right = this.place(own.to);
      svg.setAttribute("class", "tl-marks");
      svg.setAttribute("viewBox", `0 0 ${marks.length} 26`);
      svg.setAttribute("preserveAspectRatio", "none");
      svg.style.left = `${left}%`;
      svg.style.width = `${right - left}%`;
      const paths = {};
      const waits = [];
      for (let at = 0; at < marks.length; ) {
        const letter = marks[at];
        let to = at + 1;
        while (to < marks.length && marks[to] === letter) to += 1;
        if (letter === "a") {
          const wait = made("div", "tl-bar is-wait is-asked");
          wait.style.left = `${left + (at / marks.length) * (right - left)}%`;
          wait.style.width = `${((to - at) / marks.length) * (right - left)}%`;
          wait.told = { name: row.name, start: row.start, end: row.end, word: row.word, attempt: 1, said: "" };
          waits.push(wait);
        } else if (HIGH[letter]) paths[letter] = `${paths[letter] || ""}M${at} ${HIGH[letter][0]}H${to}v${HIGH[letter][1]}H${at}Z`;
        at = to;
      }
      for (const [letter, d] of Object.entries(paths)) {
        const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
        path.setAttribute("d", d);
        path.setAttribute("class", `is-${SHAPES[letter]}`);
        svg.append(path);
      }
      return [svg, ...waits];
    },
    ticks() {
      const { ticks, ruler } = this.$refs;
      const [from, to] = this.range();
      const least = ((to - from) * 84) / Math.max(1, ruler.clientWidth);
      let step = [...SHORT.map((n) => n / 100000), ...SHORT.map((n) => n / 1000), ...SHORT, ...LONG].find((each) => each >= least);
      step ??= Math.ceil(least / 86400000) * 86400000;
      const found = [];
      for (let at = Math.ceil(from / step - 1e-6) * step; at <= to; at += step) {
        const tick = made("span", "tl-tick", at < step / 2 ? "0" : words(at));
        tick.style.left = `${this.place(at)}%`;
        found.push(tick);
      }
      ticks.replaceChildren(...found);
    },
    mark() {
      const { rows, body } = this.$refs;
      for (const line of rows.children) line.classList.toggle("is-active", line.dataset.id === this.active);
      const line = rows.querySelector(".is-active");
      if (line) body.setAttribute("aria-activedescendant", line.id);
      else body.removeAttribute("aria-activedescendant");
    },

    // The moment that is looked at. One is asked for at a time; whatever comes meanwhile is asked for next.
    moment(wanted) {
      if (wanted.by && this.waits) {
        this.by += wanted.by;
        return;
      }
      if (this.waits) {
        this.next = wanted;
        this.by = 0;
        return;
      }
      this.waits = 1;
      clearTimeout(this.late);
      this.late = setTimeout(() => this.answered(), 2000);
      this.$emit("moment", wanted);
    },
    answered() {
      if (!this.waits) return;
      this.waits = 0;
      clearTimeout(this.late);
      const next = this.next || (this.by ? { by: this.by } : null);
      this.next = null;
      this.by = 0;
      if (next) this.moment(next);
      else if (this.view && !this.dragging && this.at != null) {
        const { from, to } = this.view;
        if (this.at < from || this.at > to) this.pan(this.at - (from + to) / 2);
      }
    },
    take(event) {
      if (event.button) return;
      this.dragging = true;
      this.$refs.ruler.setPointerCapture(event.pointerId);
      this.drag(event);
    },
    drag(event) {
      if (!this.dragging) return;
      this.at = this.time(event);
      const { head } = this.$refs;
      head.style.display = "";
      head.style.left = `${this.place(this.at)}%`;
      this.moment({ time: this.at });
    },
    drop() {
      if (!this.dragging) return;
      this.dragging = false;
      if (!this.waits) this.ask();
    },
    zoomKey(event) {
      const [from, to] = this.range();
      const middle = this.at != null && this.at >= from && this.at <= to ? this.at : (from + to) / 2;
      if (event.key === "+" || event.key === "=") this.zoom(0.5, middle);
      else if (event.key === "-") this.zoom(2, middle);
      else if (event.key === "0") this.zoom(Infinity, 0);
      else if ((event.ctrlKey || event.metaKey) && event.key === "ArrowLeft") this.pan((from - to) / 4);
      else if ((event.ctrlKey || event.metaKey) && event.key === "ArrowRight") this.pan((to - from) / 4);
      else if (event.key === "Escape" && this.own.at != null) this.moment({ now: true });
      else return false;
      event.preventDefault();
      event.stopPropagation();
      return true;
    },
    rulerKey(event) {
      if (this.zoomKey(event) || event.altKey || event.ctrlKey || event.metaKey) return;
      const many = Math.max(10, Math.round((this.own.events || 0) / 20));
      const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: many, PageDown: -many }[event.key];
      if (by) this.moment({ by: event.shiftKey ? by * 10 : by });
      else if (event.key === "Home") this.moment({ first: true });
      else if (event.key === "End") this.moment({ now: true });
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    rulerWheel(event) {
      const [from, to] = this.range();
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) this.pan(((event.deltaX || event.deltaY) / 600) * (to - from));
      else this.zoom(Math.exp(Math.max(-200, Math.min(200, event.deltaY)) * 0.003), this.time(event));
    },
    bodyWheel(event) {
      if (!event.ctrlKey && !event.metaKey && !event.shiftKey && Math.abs(event.deltaX) <= Math.abs(event.deltaY)) return;
      event.preventDefault();
      const [from, to] = this.range();
      if (event.ctrlKey || event.metaKey) this.zoom(Math.exp(Math.max(-200, Math.min(200, event.deltaY)) * 0.003), this.time(event));
      else this.pan(((event.deltaX || event.deltaY) / 600) * (to - from));
    },
    treeKey(event) {
      if (this.zoomKey(event) || event.altKey || event.ctrlKey || event.metaKey) return;
      const { own } = this;
      const { body } = this.$refs;
      const now = own.rows.findIndex((row) => row.id === this.active);
      const page = Math.max(1, Math.floor(body.clientHeight / ROW) - 1);
      const by = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page }[event.key];
      const row = own.rows[now];
      if (by) this.go(now < 0 ? Math.round(body.scrollTop / ROW) : own.first + now + by);
      else if (event.key === "Home") this.go(0);
      else if (event.key === "End") this.go(own.count - 1);
      else if (row && event.key === "ArrowRight" && row.opens === false) this.$emit("turn", { id: row.id, open: true });
      else if (row && event.key === "ArrowRight" && row.opens) this.go(own.first + now + 1);
      else if (row && event.key === "ArrowLeft" && row.opens) this.$emit("turn", { id: row.id, open: false });
      else if (row && event.key === "ArrowLeft" && row.depth) this.go(this.around(now));
      else if (row && event.key === "Enter") this.$emit("pick", { id: row.id });
      else if (row && event.key === " " && row.opens != null) this.$emit("turn", { id: row.id, open: !row.opens });
      else if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
      event.preventDefault();
      event.stopPropagation();
    },
    around(now) {
      let at = now;
      while (at > 0 && this.own.rows[at].depth >= this.own.rows[now].depth) at -= 1;
      return this.own.first + at;
    },
    go(place) {
      const { own } = this;
      const wanted = Math.max(0, Math.min(place, own.count - 1));
      const row = own.rows[wanted - own.first];
      if (row) this.reveal(wanted, row.id);
      else this.$refs.body.scrollTop = wanted * ROW;
      this.mark();
    },
    click(event) {
      const line = event.target.closest(".tl-row");
      const row = line && this.own.rows.find((each) => each.id === line.dataset.id);
      if (!row) return;
      this.active = row.id;
      this.mark();
      if (event.target.closest(".tl-turn") || row.kind === "group") this.$emit("turn", { id: row.id, open: !row.opens });
      else this.$emit("pick", { id: row.id });
    },
    hover(event) {
      const { tip } = this.$refs;
      const told = event.target.closest?.(".tl-bar")?.told;
      tip.style.display = told ? "block" : "none";
      if (!told) return;
      const end = told.end ?? this.own.until;
      const parts = [made("b", "", `${told.name} · ${told.word}`)];
      const times = { time: clock(this.own.begin + told.start), duration: words(end - told.start) };
      const far = told.end == null ? tr("Began {time}, so far {duration}", times) : tr("Began {time}, took {duration}", times);
      parts.push(made("span", "", far));
      if (told.attempt > 1) parts.push(made("span", "", tr("Try {number}", { number: told.attempt })));
      if (told.said) parts.push(made("span", "tl-said", told.said));
      tip.replaceChildren(...parts);
      const box = this.$el.getBoundingClientRect();
      const left = Math.min(event.clientX - box.left + 12, box.width - tip.offsetWidth - 8);
      const below = event.clientY - box.top + 18;
      tip.style.left = `${Math.max(4, left)}px`;
      tip.style.top = `${below + tip.offsetHeight > box.height ? Math.max(0, event.clientY - box.top - tip.offsetHeight - 10) : below}px`;
    },
    unhover() {
      this.$refs.tip.style.display = "none";
    },
  },
};
