import { isSameHost } from "../same-host.js";
import { MAX_HEAD, MAX_HEADERS } from "./bytes.js";
import { RequestError } from "./error.js";

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const REQUEST_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]+(\S+)(?:[ \t]+HTTP\/\d(?:\.\d)?)?[ \t]*$/;

/** Whether a line is the first one of a request, and if so its method and target. */
export function requestLine(text) {
  const match = REQUEST_LINE.exec(text);
  return match && { method: match[1], url: match[2] };
}

/**
 * Lines of a head, each `{text, number}`, to `{method, url, headers}`; method and url are undefined where no line names them.
 * A first line that looks like a request line is one.
 */
export function readHead(lines, notes) {
  const head = { method: undefined, url: undefined, headers: [] };
  let rest = lines;
  const first = lines.length > 0 ? requestLine(lines[0].text) : null;
  if (first) {
    Object.assign(head, first);
    rest = lines.slice(1);
  }
  const fields = [];
  for (const { text, number } of rest) {
    if (/^[ \t]/.test(text) && fields.length > 0) {
      fields.at(-1).folded.push(trim(text));
      continue;
    }
    // The names of HTTP/2's own fields begin with a colon.
    const colon = text.indexOf(":", 1);
    fields.push({ name: text.slice(0, Math.max(colon, 0)), value: text.slice(colon + 1), folded: [], place: { line: number, text } });
  }
  for (const { name, value, folded, place } of fields) {
    addField(head, name, [trim(value), ...folded.filter((piece) => piece !== "")].join(" "), place);
    if (folded.length > 0 && !notes.some((note) => note.name === name)) notes.push({ code: "folded-header", name });
  }
  return head;
}

/** Adds a field; HTTP/2's `:method`, `:path` and `:authority` say what the request line and `Host` do otherwise. */
export function addField(head, name, value, place) {
  grow(head, name.length + value.length, place);
  const trimmed = trim(value);
  if (/[\0\r\n]/.test(trimmed)) throw new RequestError("invalid-header-value", { name, ...place });
  const pseudo = name.toLowerCase();
  if (pseudo === ":method") head.method ??= trimmed;
  else if (pseudo === ":path") head.url ??= trimmed;
  else if (pseudo === ":scheme" || saysAgain(head, pseudo, trimmed)) return;
  else if (pseudo === ":authority") head.headers.push(["host", trimmed]);
  else if (TOKEN.test(name)) head.headers.push([name, trimmed]);
  else throw new RequestError("invalid-header", { text: name, ...place });
  if (head.headers.length > MAX_HEADERS) {
    throw new RequestError("too-many", { what: "header fields", limit: MAX_HEADERS, ...place });
  }
}

/** Whether HTTP/2's `:authority` and a `Host` beside it name the same host: one of them is enough (RFC 9113 §8.3.1). */
function saysAgain(head, name, host) {
  if (name === ":authority") head.authority = host;
  if (head.authority === undefined || (name !== ":authority" && name !== "host")) return false;
  return head.headers.some(([each, value]) => each.toLowerCase() === "host" && isSameHost(value, host));
}

/** Counts so many bytes more of a head, which has no more than so many together. */
export function grow(head, length, place) {
  head.size = (head.size ?? 0) + length;
  if (head.size > MAX_HEAD) throw new RequestError("too-large", { limit: MAX_HEAD, ...place });
}

/** A value without the spaces and tabs around it. (A pattern that ends in `$` would begin anew at each space of a run within it.) */
function trim(value) {
  const isBlank = (at) => value[at] === " " || value[at] === "\t";
  let start = 0;
  let end = value.length;
  while (start < end && isBlank(start)) start++;
  while (end > start && isBlank(end - 1)) end--;
  return value.slice(start, end);
}

/** The value of the first field of a name in lower case, or undefined. */
export function field(headers, name) {
  return headers.find(([each]) => each.toLowerCase() === name)?.[1];
}
