/** Texts in the language of the window, from what its page loads first; a page without that speaks English. */

const fill = (text, values) => (values ? text.replace(/\{(\w+)\}/g, (gap, name) => values[name] ?? gap) : text);
const plain = (one, many, n, values) => fill(n === 1 ? one : many, { n: grouped(n), ...values });

export const tr = (text, values) => (globalThis.tr ?? fill)(text, values);
export const trn = (one, many, n, values) => (globalThis.trn ?? plain)(one, many, n, values);

const language = () => globalThis.document?.documentElement.lang || "en";
const formats = new Map();

/** A number as the language writes it; making a format takes a hundred times as long as using one. */
export function formatted(number, options) {
  if (!formats.has(options)) formats.set(options, new Intl.NumberFormat(language(), options));
  return formats.get(options).format(number);
}

/** A whole number with its thousands kept apart: `12,345`, in German `12.345`. */
export const grouped = (number) => formatted(number);
