export default {
  props: { value: Boolean },
  watch: {
    // Only when it changes: classes of the body that are set anew make the browser work out all styles again.
    value: { immediate: true, handler: (dark) => setDark(dark) },
  },
};
