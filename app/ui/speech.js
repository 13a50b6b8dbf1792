// Texts in the language of this window, as `app/language` has them for Python: `tr(text, values)`, `trn(one, many, n, values)`.
window.weftWords ??= {};
window.weftFill = (text, values) => (values ? text.replace(/\{(\w+)\}/g, (gap, name) => values[name] ?? gap) : text);
window.tr = (text, values) => weftFill(weftWords[text] ?? text, values);
window.trn = (one, many, n, values) =>
  weftFill((weftWords[one] ?? [one, many])[n === 1 ? 0 : 1], { n: n.toLocaleString(document.documentElement.lang || "en"), ...values });
