/** What is meant more often, where several fit as well. */
const LIKELY = { command: 30, settings: 30 };

/** The choices that fit what was typed, the best first: by name, by other words for it, by first letters, with a slip of the finger. */
export function ranked(choices, text) {
  const tokens = words(text);
  if (!tokens.length) {
    const lately = choices.filter((choice) => choice.lately && !choice.why).sort((a, b) => a.lately - b.lately);
    return [...lately, ...choices.filter((choice) => choice.first && !lately.includes(choice))];
  }
  const found = [];
  choices.forEach((choice, place) => {
    let sum = (LIKELY[choice.kind] ?? 0) - (choice.why ? 25 : 0);
    for (const token of tokens) {
      const points = fits(token, choice);
      if (!points) return;
      sum += points;
    }
    if (plain(choice.title).startsWith(plain(text.trim()))) sum += 20;
    found.push({ choice, sum, place });
  });
  return found.sort((a, b) => b.sum - a.sum || a.place - b.place).map(({ choice }) => choice);
}

const plain = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
const words = (text) => plain(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);

function fits(token, choice) {
  const title = words(choice.title);
  const others = words(choice.words ?? "");
  const starts = (list) => list.some((word) => word.startsWith(token));
  if (title.includes(token)) return 100;
  if (starts(title)) return 80;
  if (others.includes(token)) return 95;
  if (starts(others)) return 55;
  if (token.length > 1 && plain(choice.title).includes(token)) return 45;
  if (token.length > 1 && title.map((word) => word[0]).join("").startsWith(token)) return 40;
  if (words(choice.about ?? "").some((word) => word.startsWith(token))) return 25;
  if (token.length > 3 && [...title, ...others].some((word) => isSlip(token, word.slice(0, token.length)) || isSlip(token, word.slice(0, token.length + 1)) || isSlip(token, word.slice(0, token.length - 1)))) return 15;
  if (token.length > 2 && isWithin(token, title.join(""))) return 8;
  return 0;
}

/** True where one letter is wrong, missing, too many, or two are the wrong way round. */
function isSlip(a, b) {
  if (Math.abs(a.length - b.length) > 1) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  const [left, right] = [a.slice(at), b.slice(at)];
  return left.slice(1) === right.slice(1) || left.slice(1) === right || left === right.slice(1) || (left[0] === right[1] && left[1] === right[0] && left.slice(2) === right.slice(2));
}

function isWithin(token, text) {
  let at = 0;
  for (const letter of text) if (letter === token[at]) at += 1;
  return at === token.length;
}
