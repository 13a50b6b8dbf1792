// Hands the keys that are pressed in a window to Python, and goes to the setting that an address names.
const PATIENCE = 5000;

export default {
  template: '<div class="hidden"></div>',
  emits: ["command"],
  mounted() {
    window.weftKeys.pageIsThere((id) => this.$emit("command", id));
    const name = /^#at-([\w-]+)$/.exec(location.hash)?.[1];
    if (name) this.goTo(name, Date.now() + PATIENCE);
  },
  methods: {
    bind(commands, onCanvas) {
      window.weftKeys.bind(commands, onCanvas);
    },
    answered() {
      window.weftKeys.nothingMore();
    },
    goTo(name, until) {
      const place = document.querySelector(`[name="${name}"], [data-place="${name}"]`);
      if (place) {
        place.scrollIntoView({ block: "center" });
        const field = place.matches("input, button, textarea") ? place : place.querySelector("input, button, textarea, [tabindex]");
        (field ?? place).focus({ preventScroll: true, focusVisible: true });
      } else if (Date.now() < until) setTimeout(() => this.goTo(name, until), 60);
    },
  },
};
