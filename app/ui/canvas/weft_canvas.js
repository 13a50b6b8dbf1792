import { mount } from "weft-canvas";

const CALLS = ["load", "patch", "lights", "strips", "others", "took", "hand", "sample", "select", "fit", "focus", "reveal", "zoom_in", "zoom_out", "zoom_100", "center", "arrange", "zoom_selection", "take_keys", "edit_note", "name_frame", "clip", "keys", "perform"];

export default {
  template: '<div class="weft-canvas"></div>',
  props: { first: String },
  emits: ["gesture", "select", "open", "command", "viewport", "round", "retry", "hand", "sample", "pointer"],
  mounted() {
    this.canvas = mount(this.$el, (name, detail) => this.$emit(name, detail));
    // What was said while the page was built came with it: the flow is drawn before there is a way to the studio.
    for (const [name, ...args] of JSON.parse(this.first ?? "[]")) this.canvas[name](...args);
  },
  beforeUnmount() {
    this.canvas.unmount();
  },
  methods: Object.fromEntries(
    CALLS.map((name) => [
      name,
      function (...args) {
        return this.canvas[name](...args);
      },
    ]),
  ),
};
