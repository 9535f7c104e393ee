import { describeNote } from "../requests.js";
import { WORDS } from "./words.js";

const MARKS = { pass: "✓", fail: "✗", skip: "–" };
const COLOURS = { pass: 32, fail: 31, skip: 2, bold: 1, dim: 2 };

/** Whether to colour what is written to a stream (no-color.org). */
export function wantsColour(stream, env) {
  if (env.NO_COLOR) return false;
  return env.FORCE_COLOR !== undefined ? env.FORCE_COLOR !== "0" : stream.isTTY === true && env.TERM !== "dumb";
}

/** Text of a stranger's, safe to show: no character of it can move the cursor, colour or turn round what stands beside it. */
export function visible(text) {
  return text.replace(/[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, (character) => {
    const code = character.charCodeAt(0);
    return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/** The report of a request, as text for people. */
export function printReport(request, report, { file, lang, colour, columns = 100 }) {
  const words = WORDS[lang];
  const paint = (name, text) => (colour ? `\u001b[${COLOURS[name]}m${text}\u001b[0m` : text);
  const width = Math.max(60, Math.min(columns, 120));
  const lines = [
    `${paint("bold", file)}: ${visible(`${request.method} ${request.url}`)}, ${words.bytes(request.body.length)}`,
    ...request.notes.map((note) => `  ${describeNote(note, lang)}`),
    "",
    paint(report.ok ? "pass" : "fail", `${report.ok ? MARKS.pass : MARKS.fail} ${verdict(report, words)}`),
    "",
  ];
  for (const { name, outcome, reason, next } of report.checks) {
    const [first, ...rest] = wrap(visible(reason), width - 18);
    lines.push(`  ${paint(outcome, MARKS[outcome])} ${name.padEnd(13)} ${first}`);
    lines.push(...rest.map((line) => `${" ".repeat(18)}${line}`));
    if (next !== undefined) lines.push(...wrap(`→ ${visible(next)}`, width - 18).map((line) => `${" ".repeat(18)}${line}`));
  }
  if (report.notes.length > 0) lines.push("", ...report.notes.flatMap((note) => indent(visible(note), width)));
  lines.push(...causesOf(report, words, width, paint));
  if (!report.ok && report.signingString) {
    lines.push("", paint("bold", words.signingString));
    lines.push(...visible(report.signingString).split("\n").map((line) => `  ${line}`));
  }
  if (report.ok) lines.push("", ...eventLines(report, words, paint));
  return `${lines.join("\n")}\n`;
}

function verdict(report, words) {
  if (report.ok) return words.verified(report.profile);
  const counts = { pass: 0, fail: 0, skip: 0 };
  for (const { outcome } of report.checks) counts[outcome]++;
  return words.refused(report.profile, counts);
}

function causesOf({ causes }, words, width, paint) {
  if (causes.length === 0) return [];
  const lines = ["", paint("bold", words.causes)];
  for (const { text, cure } of causes) {
    lines.push(...wrap(visible(text), width - 4).map((line, index) => `  ${index === 0 ? "•" : " "} ${line}`));
    lines.push(...wrap(`→ ${visible(cure)}`, width - 4).map((line) => `    ${line}`));
  }
  return lines;
}

function eventLines(report, words, paint) {
  let event;
  try {
    event = report.event;
  } catch (error) {
    if (error?.name !== "DecodeError") throw error;
    return [words.undecodable(visible(words.decodeError(error)))];
  }
  const variables = Object.entries(event.type === "unknown" && event.variables ? event.variables : event);
  const widest = Math.max(...variables.map(([name]) => name.length));
  return [
    paint("bold", words.event),
    ...variables.map(([name, value]) => `  ${visible(name).padEnd(widest)}  ${visible(oneLine(value))}`),
  ];
}

function oneLine(value) {
  const text = typeof value === "string" ? value : JSON.stringify(value, (_, each) => (typeof each === "bigint" ? String(each) : each));
  const line = text.replace(/\r?\n/g, "⏎");
  return line.length > 76 ? `${line.slice(0, 75)}…` : line;
}

function indent(text, width) {
  return wrap(text, width - 2).map((line) => `  ${line}`);
}

/** Breaks at spaces; a word that is longer than a line stands on its own. */
function wrap(text, width) {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== "" && last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines;
}

/** The report of a request as a line of JSON. */
export function jsonReport(request, report, { file, lang }) {
  let event = null;
  let undecodable;
  if (report.ok) {
    try {
      event = report.event;
    } catch (error) {
      if (error?.name !== "DecodeError") throw error;
      const { code, variable, offset } = error;
      undecodable = { code, message: WORDS[lang].decodeError(error), variable, offset };
    }
  }
  const { ok, profile, checks, causes, skew, notes, signingString } = report;
  const { method, url, body, form } = request;
  const whole = {
    file,
    request: { method, url, bytes: body.length, form, notes: request.notes },
    ok,
    profile,
    checks,
    causes,
    skew,
    notes,
    signingString,
    event,
    undecodable,
  };
  return `${JSON.stringify(whole, (_, value) => (typeof value === "bigint" ? String(value) : value))}\n`;
}
