// Files that are dropped or pasted anywhere on the page.
const BUSY = "input, textarea, select, [contenteditable], .q-menu";

export default {
  template: '<div class="weft-drop" :class="{ \'is-over\': over }" aria-hidden="true"><slot /></div>',
  props: { uploader: Number },
  data: () => ({ over: false }),
  mounted() {
    this.heard = { paste: this.paste, dragover: this.drag, dragleave: this.leave, drop: this.drop };
    for (const [name, heard] of Object.entries(this.heard)) document.addEventListener(name, heard);
  },
  beforeUnmount() {
    for (const [name, heard] of Object.entries(this.heard)) document.removeEventListener(name, heard);
  },
  methods: {
    elsewhere(event) {
      return event.target.closest?.(BUSY) || document.querySelector(".q-dialog");
    },
    paste(event) {
      if (this.elsewhere(event)) return;
      const text = event.clipboardData.getData("text/plain");
      const files = [...event.clipboardData.files];
      if (files.length) this.take(files);
      else if (text.trim()) this.take([new File([text], "pasted text")]);
    },
    drag(event) {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      this.over = true;
    },
    leave(event) {
      // Without a target it is the window that was left, not one of its elements.
      if (!event.relatedTarget) this.over = false;
    },
    drop(event) {
      this.over = false;
      if (!event.dataTransfer?.files.length) return;
      event.preventDefault();
      this.take([...event.dataTransfer.files]);
    },
    take(files) {
      runMethod(this.uploader, "reset", []);
      runMethod(this.uploader, "addFiles", [files]);
    },
  },
};
