import { toLatin1 } from "./bytes.js";
import { RequestError } from "./error.js";

const ESCAPES = { n: "\n", r: "\r", t: "\t", a: "\x07", b: "\b", e: "\x1b", E: "\x1b", f: "\f", v: "\v" };

/**
 * Splits a command into words as a POSIX shell does, `$'…'` and continued lines included; nothing is expanded or run.
 * Ends at the first `;`, `|`, `&`, `<`, `>` or line end that is not quoted. Each word is `{text, line}`.
 *
 * Here a character is a byte (ISO 8859-1), as `\xe9` in a command is one: its words need not be UTF-8.
 */
export function shellWords(command) {
  const words = [];
  let text = "";
  let started = false;
  let line = 1;
  let wordLine = 1;
  const finish = () => {
    if (started) words.push({ text, line: wordLine });
    text = "";
    started = false;
  };
  for (let at = 0; at < command.length; ) {
    const rest = command[at];
    const continued = /^\\(?:\r\n|\n|\r)/.exec(command.slice(at, at + 3));
    if (continued) {
      at += continued[0].length;
      line++;
      continue;
    }
    if (rest === " " || rest === "\t") {
      finish();
      at++;
      continue;
    }
    if (/[\r\n;|&<>]/.test(rest)) {
      finish();
      if (words.length > 0) return words;
      if (rest === "\n") line++;
      at++;
      continue;
    }
    if (!started) wordLine = line;
    started = true;
    const piece = readPiece(command, at, line);
    text += piece.text;
    line += newlines(command.slice(at, piece.end));
    at = piece.end;
  }
  finish();
  return words;
}

function newlines(text) {
  return text.split("\n").length - 1;
}

/** One quoted or unquoted piece of a word, and where it ends. */
function readPiece(command, at, line) {
  const character = command[at];
  if (character === "'") {
    const end = command.indexOf("'", at + 1);
    if (end < 0) throw new RequestError("unterminated-quote", { quote: "'", line });
    return { text: command.slice(at + 1, end), end: end + 1 };
  }
  if (character === '"') return doubleQuoted(command, at + 1, line);
  if (character === "$" && command[at + 1] === "'") return ansiQuoted(command, at + 2, line);
  if (character === "\\") return { text: command[at + 1] ?? "\\", end: at + 2 };
  const plain = /[^ \t\r\n;|&<>'"\\$]+/y;
  plain.lastIndex = at;
  const run = plain.exec(command);
  return run ? { text: run[0], end: plain.lastIndex } : { text: character, end: at + 1 };
}

function doubleQuoted(command, start, line) {
  const part = /[^"\\]+|\\[\s\S]/y;
  let text = "";
  part.lastIndex = start;
  for (let match; (match = part.exec(command)); ) {
    const [piece] = match;
    if (piece[0] !== "\\") text += piece;
    else if (/["\\$`]/.test(piece[1])) text += piece[1];
    else if (piece[1] !== "\n") text += piece;
    start = part.lastIndex;
  }
  if (command[start] !== '"') throw new RequestError("unterminated-quote", { quote: '"', line });
  return { text, end: start + 1 };
}

/** `$'…'`, in which browsers copy bodies with quotation marks or line ends. */
function ansiQuoted(command, start, line) {
  const part =
    /[^'\\]+|\\(?:u([dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|[0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|x([0-9a-fA-F]{1,2})|([0-7]{1,3})|([\s\S]))/y;
  let text = "";
  part.lastIndex = start;
  for (let match; (match = part.exec(command)); ) {
    const [piece, short, long, hex, octal, other] = match;
    if (piece[0] !== "\\") text += piece;
    else if (short !== undefined) text += inUtf8(...short.split("\\u").map((unit) => Number.parseInt(unit, 16)));
    else if (long !== undefined) text += inUtf8(...units(Number.parseInt(long, 16)));
    else if (hex !== undefined) text += String.fromCharCode(Number.parseInt(hex, 16));
    else if (octal !== undefined) text += String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
    else text += ESCAPES[other] ?? (/['"\\?]/.test(other) ? other : `\\${other}`);
    start = part.lastIndex;
  }
  if (command[start] !== "'") throw new RequestError("unterminated-quote", { quote: "$'", line });
  return { text, end: start + 1 };
}

/** The UTF-16 code units of a code point; what is none stands for U+FFFD, as it cannot be written. */
function units(codePoint) {
  return Array.from(codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : "\ufffd").flatMap((character) =>
    Array.from({ length: character.length }, (_, index) => character.charCodeAt(index)),
  );
}

/** Two `\u` escapes of a surrogate pair make one character, as browsers write them. */
function inUtf8(...codeUnits) {
  return toLatin1(new TextEncoder().encode(String.fromCharCode(...codeUnits)));
}

/**
 * Whether a command is for Windows' cmd.exe: a caret stands before a quotation mark or at the end of a line, outside quotes. Within
 * those of a POSIX shell it is a character of the text.
 */
export function isForCmd(command) {
  let quote = "";
  let before = "";
  for (const [piece] of command.matchAll(/\^(?:"|\r?\n)|\\[\s\S]|["']|[^"'\\^]+|[\^\\]/g)) {
    // A backslash quotes nothing within '…', but it does within "…" and $'…'.
    const escaped = piece[0] === "\\" && quote !== "'";
    if (quote === "") {
      if (piece.length > 1 && piece[0] === "^") return true;
      if (piece === '"') quote = piece;
      else if (piece === "'") quote = before.endsWith("$") ? "$'" : piece;
    } else if (!escaped && piece.endsWith(quote.at(-1))) {
      quote = "";
    }
    before = piece;
  }
  return false;
}

/** The words of a command for Windows' cmd.exe, in which `^` quotes the next character. */
export function caretWords(command) {
  return shellWords(command.replace(/\^(\r\n|\n|[\s\S])/g, (_, next) => (/^[\r\n]/.test(next) ? " " : next)));
}
