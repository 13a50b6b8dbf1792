/** Rules of the page's style sheets that would make the browser go over every step whenever one comes into sight. */

const COSTLY = /> (\*|div) \+ \1(?=,|$)/g;

/**
 * “Any element beside any other” may be true of each step beside each other step, so all are looked at again. “Any
 * element but the first” is the same of the same elements, and is looked at only where the first one changes.
 */
export function tame(sheets = document.styleSheets) {
  for (const sheet of sheets) {
    try {
      tameRules(sheet.cssRules);
    } catch (error) {
      if (error.name !== "SecurityError") throw error; // A sheet from elsewhere cannot be read.
    }
  }
}

function tameRules(rules) {
  for (const rule of rules) {
    if (rule.styleSheet) tameRules(rule.styleSheet.cssRules);
    else if (rule.selectorText === undefined) tameRules(rule.cssRules ?? []);
    else {
      const tamed = rule.selectorText.replace(COSTLY, (_, any) => `> ${any}:not(:first-child)`);
      if (tamed !== rule.selectorText) rule.selectorText = tamed;
    }
  }
}
