import { mount } from "bare-canvas";

export default {
  template: '<div style="width: 100%; height: 100%"></div>',
  mounted() {
    this.canvas = mount(this.$el);
  },
  methods: {
    load(...args) {
      this.canvas.load(...args);
    },
  },
};
