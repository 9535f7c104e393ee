// Diagnoses a mail that came back, by the package's mail entry, which is loaded with the first one.
import { outline } from "./outline.js";

let loading;
let loaded = null;
let last = null;
const utf8 = new TextEncoder();
const text = new TextDecoder();

/** Whether the mail entry is there: until it is, a diagnosis waits. */
export const isLoaded = () => loaded !== null;

async function load() {
  loading ??= import("../verify/mail-browser.js");
  try {
    loaded = await loading;
    return loaded;
  } catch (error) {
    loading = undefined;
    throw error;
  }
}

/** The lines around what a diagnosis rests on: `{before, mark, after, start}`. */
export function evidenceOf(bytes, { start, end }) {
  if (end <= start) return null;
  const LF = 10;
  let from = start;
  for (let lines = 0; from > 0 && lines < 3; from -= 1) if (bytes[from - 1] === LF && (lines += 1) === 3) break;
  let to = end;
  for (let lines = 0; to < bytes.length && lines < 2; to += 1) if (bytes[to] === LF) lines += 1;
  // A mail without line ends has no lines: so much of it is enough.
  from = Math.max(from, start - 600);
  to = Math.min(to, end + 400);
  const part = (begin, stop) => text.decode(bytes.subarray(begin, stop)).replaceAll("\r\n", "\n");
  return { before: part(from, start), mark: part(start, end), after: part(end, to), start };
}

/** What the mail is, why it came back, on what evidence, and its parts. */
export async function diagnosis(mime, language) {
  if (last?.mime === mime && last.language === language) return last.answer;
  const { diagnose } = await load();
  const bytes = utf8.encode(mime);
  const found = diagnose(bytes, { lang: language });
  const recipients = found.recipients.slice(0, 20).map((recipient) => ({ ...recipient, evidence: evidenceOf(bytes, recipient.evidence) }));
  const spots = found.recipients.filter(({ evidence }) => evidence.end > evidence.start).map(({ evidence }) => evidence.start);
  const answer = { ...found, recipients, more: found.recipients.length - recipients.length, bytes: bytes.length, parts: outline(bytes, spots) };
  last = { mime, language, answer };
  return answer;
}
