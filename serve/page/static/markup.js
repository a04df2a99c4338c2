/**
 * The little Markdown that sections are written in, as blocks and runs that know where they stand in the source.
 *
 * Headings, bold, quotations, tables, numbered paragraphs, blanks in brackets, and backslashes before signs: all else is
 * shown as it stands. Offsets are UTF-16 units of the text given.
 */

const SIGN = /[!-/:-@[-`{-~]/;
const BLANK = /\[[A-Z][^[\]\n]{0,90}\]/y;
const LABEL = /^(?:\d+(?:\.\d+)*\.?|\([a-z]{1,5}\)|\(\d{1,2}\))(?= )/;
const ROMAN = /^\((?:[ivx]+)\)$/;

/**
 * Return the blocks of a text: `{kind, level, label, start, end, runs | rows}`.
 *
 * @param paragraphs What the server says of a complete section's paragraphs; empty while it is being written.
 */
export function blocksOf(text, paragraphs = []) {
  const blocks = [];
  let at = 0;
  let earlier = "";
  for (const part of text.split(/(\n{2,})/)) {
    if (part && !/^\n+$/.test(part)) {
      const known = paragraphs[blocks.filter((block) => block.kind !== "heading").length];
      const block = blockOf(part, at, known, earlier);
      if (block.label) earlier = block.label;
      blocks.push(block);
    }
    at += part.length;
  }
  return blocks;
}

function blockOf(part, start, known, earlier) {
  const end = start + part.length;
  const heading = /^(#{1,6}) /.exec(part);
  if (heading) {
    const level = heading[1].length;
    return { kind: "heading", level, label: "", start, end, runs: runsOf(part, start, level + 1) };
  }
  if (part.startsWith("> ")) return { kind: "quote", label: "", start, end, runs: runsOf(part, start, 2) };
  const lines = part.split("\n");
  if (lines.length > 1 && lines.every((line) => line.trim().startsWith("|"))) {
    return { kind: "table", label: "", start, end, rows: rowsOf(lines, start) };
  }
  const label = known ? labelThatStands(part, known.label) : (LABEL.exec(part)?.[0] ?? "");
  const kind = known?.kind ?? kindOf(label, earlier);
  return { kind, label, start, end, runs: runsOf(part, start, label ? label.length + 1 : 0) };
}

function labelThatStands(part, label) {
  return label && part.startsWith(`${label} `) ? label : "";
}

/** Guess what a paragraph is while its section is still being written. */
function kindOf(label, earlier) {
  if (!label) return "body";
  if (!label.startsWith("(")) return "clause";
  const isNext = earlier === `(${String.fromCharCode(label.charCodeAt(1) - 1)})`;
  return ROMAN.test(label) && !isNext ? "subitem" : "item";
}

function rowsOf(lines, start) {
  const rows = [];
  let at = start;
  for (const line of lines) {
    const cells = [];
    let from = line.indexOf("|") + 1;
    for (let i = from; i < line.length; i += 1) {
      if (line[i] === "\\") i += 1;
      else if (line[i] === "|") {
        const padding = line.slice(from, i).length - line.slice(from, i).trimStart().length;
        cells.push(runsOf(line.slice(0, i).trimEnd(), at, from + padding));
        from = i + 1;
      }
    }
    if (!/^[|\s:-]+$/.test(line)) rows.push(cells);
    at += line.length + 1;
  }
  return rows;
}

/**
 * Return the runs of a part of a text: `{text, start, end, bold, blank}`.
 *
 * A run's text is as long as its source, or comes from an escape of its own: so a place inside a run is found by counting.
 */
export function runsOf(part, start, from = 0) {
  const runs = [];
  let bold = false;
  let plain = "";
  let plainAt = from;
  const put = (text, at, end, blank) => runs.push({ text, start: start + at, end: start + end, bold, blank });
  const flush = (i) => {
    if (plain) put(plain, plainAt, i, false);
    plain = "";
  };
  let i = from;
  while (i < part.length) {
    const blank = part[i] === "[" ? blankAt(part, i) : "";
    if (part[i] === "\\" && i + 1 < part.length && SIGN.test(part[i + 1])) {
      flush(i);
      put(part[i + 1], i, i + 2, false);
      i += 2;
    } else if (part.startsWith("**", i) && turns(part, i, bold)) {
      flush(i);
      bold = !bold;
      i += 2;
    } else if (blank) {
      flush(i);
      put(blank, i, i + blank.length, true);
      i += blank.length;
    } else {
      if (!plain) plainAt = i;
      plain += part[i];
      i += 1;
    }
  }
  flush(part.length);
  return runs;
}

function blankAt(part, i) {
  BLANK.lastIndex = i;
  return BLANK.exec(part)?.[0] ?? "";
}

/** Tell whether two asterisks begin or end bold text here. */
function turns(part, i, bold) {
  if (bold) return !/\s/.test(part[i - 1] ?? " ");
  const wordFollows = !/\s/.test(part[i + 2] ?? " ");
  return wordFollows && (part.indexOf("**", i + 3) > 0 || part.lastIndexOf("**") === i);
}
