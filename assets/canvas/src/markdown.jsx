/** Markdown as elements: nothing of the text becomes HTML, so there are no scripts in it, and no pictures are fetched. */

import { Fragment } from "react";

import { tr } from "./tr.js";

const SAFE = /^(https?:\/\/|mailto:)/i;
const INLINE = [
  [/^`([^`]+)`/, (found, key) => <code key={key}>{found[1]}</code>],
  [/^!\[([^\]]*)\]\(([^)\s]+)[^)]*\)/, (found, key) => link(found[2], [found[1] || tr("picture")], key)],
  [/^\[([^\]]+)\]\(([^)\s]+)[^)]*\)/, (found, key) => link(found[2], inline(found[1]), key)],
  [/^(\*\*|__)(?=\S)(.+?)\1/, (found, key) => <strong key={key}>{inline(found[2])}</strong>],
  [/^~~(?=\S)(.+?)~~/, (found, key) => <s key={key}>{inline(found[1])}</s>],
  [/^([*_])(?=\S)(.+?)\1(?!\w)/, (found, key) => <em key={key}>{inline(found[2])}</em>],
  [/^https?:\/\/[^\s<>)\]]+[^\s<>)\].,;:!?]/, (found, key) => link(found[0], [found[0]], key)],
];
const BREAKS = /[`!\[*_~h]/;

export function Markdown({ text }) {
  return <>{blocks(text.replace(/\r\n?/g, "\n").split("\n"))}</>;
}

function link(address, words, key) {
  if (!SAFE.test(address)) return <span key={key}>{words}</span>;
  return (
    <a key={key} href={address} target="_blank" rel="noopener noreferrer nofollow" className="nodrag">
      {words}
    </a>
  );
}

function inline(text) {
  const found = [];
  let plain = "";
  for (let at = 0; at < text.length; ) {
    const rest = text.slice(at);
    if (rest[0] === "\\" && /^\\[\\`*_~#[\]()!-]/.test(rest)) {
      plain += rest[1];
      at += 2;
      continue;
    }
    const after = at ? text[at - 1] : " ";
    const begins = BREAKS.test(rest[0]) && !(/[_h]/.test(rest[0]) && /\w/.test(after));
    const rule = begins && INLINE.find(([pattern]) => pattern.test(rest));
    if (!rule) {
      plain += rest[0];
      at += 1;
      continue;
    }
    if (plain) found.push(plain);
    plain = "";
    const match = rest.match(rule[0]);
    found.push(rule[1](match, found.length));
    at += match[0].length;
  }
  if (plain) found.push(plain);
  return found;
}

const ITEM = /^(\s*)([-*+]|\d{1,3}[.)])\s+(.*)$/;

function blocks(lines) {
  const found = [];
  let at = 0;
  const take = (fits) => {
    const from = at;
    while (at < lines.length && fits(lines[at])) at += 1;
    return lines.slice(from, at);
  };
  while (at < lines.length) {
    const line = lines[at];
    const key = found.length;
    const heading = line.match(/^(#{1,6})\s+(.*?)\s*#*$/);
    if (!line.trim()) at += 1;
    else if (/^(```|~~~)/.test(line)) {
      at += 1;
      const code = take((each) => !/^(```|~~~)\s*$/.test(each));
      at += 1;
      found.push(<pre key={key}>{code.join("\n")}</pre>);
    } else if (heading) {
      at += 1;
      const Heading = `h${Math.min(heading[1].length, 4)}`;
      found.push(<Heading key={key}>{inline(heading[2])}</Heading>);
    } else if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) {
      at += 1;
      found.push(<hr key={key} />);
    } else if (/^\s*>/.test(line)) {
      found.push(<blockquote key={key}>{blocks(take((each) => /^\s*>/.test(each)).map((each) => each.replace(/^\s*>\s?/, "")))}</blockquote>);
    } else if (ITEM.test(line)) {
      found.push(list(take((each) => ITEM.test(each) || /^\s{2,}\S/.test(each)), key));
    } else {
      const paragraph = take((each) => each.trim() && !/^(#{1,6}\s|```|~~~|\s*>)/.test(each) && !ITEM.test(each));
      found.push(
        <p key={key}>
          {paragraph.map((each, index) => (
            <Fragment key={index}>
              {index > 0 && <br />}
              {inline(each)}
            </Fragment>
          ))}
        </p>,
      );
    }
  }
  return found;
}

function list(lines, key) {
  const indent = lines[0].match(ITEM)[1].length;
  const items = [];
  for (const line of lines) {
    const item = line.match(ITEM);
    if (item && item[1].length <= indent) items.push({ text: item[3], inside: [] });
    else items.at(-1)?.inside.push(line.slice(Math.min(indent + 2, line.length - line.trimStart().length)));
  }
  const Kind = /^\s*\d/.test(lines[0]) ? "ol" : "ul";
  return (
    <Kind key={key}>
      {items.map(({ text, inside }, at) => {
        const task = text.match(/^\[([ xX])\]\s+(.*)$/);
        return (
          <li key={at} className={task ? "is-task" : undefined}>
            {task && <span role="img" aria-label={task[1] === " " ? tr("to do") : tr("done")}>{task[1] === " " ? "☐" : "☑"} </span>}
            {inline(task ? task[2] : text)}
            {inside.length ? blocks(inside) : null}
          </li>
        );
      })}
    </Kind>
  );
}
