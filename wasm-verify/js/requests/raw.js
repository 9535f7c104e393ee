import { concat, MAX_HEAD, toBytes, toLatin1 } from "./bytes.js";
import { RequestError } from "./error.js";
import { field, readHead, requestLine } from "./head.js";

const CR = 13;
const LF = 10;

/** Reads an HTTP/1.1 request as it stood on the wire, or as an editor saved it. See requests.d.ts. */
export function readRaw(input) {
  const bytes = toBytes(input);
  const notes = [];
  let at = 0;
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    at = 3;
    notes.push({ code: "byte-order-mark" });
  }
  const { lines, end } = headLines(bytes, at);
  if (lines.length === 0) throw new RequestError("empty");
  const [{ text, number }] = lines;
  const noRequest = () => new RequestError("invalid-request-line", { line: number, text });
  // HTTP/2 has no request line, but fields whose names begin with a colon.
  if (!requestLine(text) && !text.startsWith(":")) throw noRequest();
  const head = readHead(lines, notes);
  if (head.method === undefined || head.url === undefined) throw noRequest();
  const { method, url, headers } = head;
  return { method, url, headers, body: readBody(bytes.subarray(end), headers, notes), form: "raw", notes };
}

/**
 * The lines up to the first empty one, and where the body begins. Empty lines before the request are passed over, and so
 * are the comments that files for HTTP clients begin with.
 */
function headLines(bytes, start) {
  const lines = [];
  let at = start;
  let size = 0;
  for (let number = 1; at < bytes.length; number++) {
    let stop = bytes.indexOf(LF, at);
    const next = stop < 0 ? bytes.length : stop + 1;
    if (stop < 0) stop = bytes.length;
    if (stop > at && bytes[stop - 1] === CR) stop--;
    size += next - at;
    if (size > MAX_HEAD) throw new RequestError("too-large", { limit: MAX_HEAD, line: number });
    const text = toLatin1(bytes.subarray(at, stop));
    at = next;
    if (lines.length === 0 && /^\s*(?:$|#|\/\/)/.test(text)) continue;
    if (text === "") break;
    lines.push({ text, number });
  }
  return { lines, end: at };
}

/** The body as its framing says it: chunks are put together, what stands after Content-Length is no part of it. */
function readBody(bytes, headers, notes) {
  if (/(?:^|,)\s*chunked\s*$/i.test(field(headers, "transfer-encoding") ?? "")) {
    // Most tools that save a request have put the chunks together already.
    if (chunkAt(bytes, 0) === null) return bytes;
    const body = fromChunks(bytes);
    notes.push({ code: "chunked", bytes: body.length });
    return body;
  }
  const declared = field(headers, "content-length") ?? "";
  if (!/^\d{1,15}$/.test(declared)) return bytes;
  const length = Number(declared);
  if (length < bytes.length) notes.push({ code: "after-body", bytes: bytes.length - length });
  if (length > bytes.length) notes.push({ code: "short-body", declared: length, actual: bytes.length });
  return bytes.subarray(0, length);
}

/** The chunk whose size line begins at a byte: where its data begins and ends. */
function chunkAt(bytes, at) {
  const lineEnd = bytes.subarray(at, at + 256).indexOf(LF);
  const match = lineEnd < 0 ? null : /^([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r]*)?\r?$/.exec(toLatin1(bytes.subarray(at, at + lineEnd)));
  if (!match) return null;
  const start = at + lineEnd + 1;
  return { start, end: start + Number.parseInt(match[1], 16) };
}

function fromChunks(bytes) {
  const pieces = [];
  for (let at = 0; ; ) {
    const chunk = chunkAt(bytes, at);
    if (chunk === null || chunk.end > bytes.length) throw new RequestError("invalid-chunk", { at });
    if (chunk.start === chunk.end) return concat(pieces);
    pieces.push(bytes.subarray(chunk.start, chunk.end));
    at = chunk.end;
    if (bytes[at] === CR) at++;
    if (bytes[at] !== LF) throw new RequestError("invalid-chunk", { at });
    at++;
  }
}

/** Writes a request as HTTP/1.1 does; {@link readRaw} reads it back as it was. See requests.d.ts. */
export function printRaw({ method, url, headers, body }) {
  const target = url.replace(/^https?:\/\/[^/?#]*/i, "").replace(/^(?!\/)/, "/");
  if (/[\s\0]/.test(target) || /[\s\0]/.test(method)) {
    throw new RequestError("invalid-request-line", { text: `${method} ${target}` });
  }
  const lines = [`${method} ${target} HTTP/1.1`];
  for (const [name, value] of headers) {
    if (/[\0\r\n]/.test(value) || !/^[^\s:]+$/.test(name)) throw new RequestError("invalid-header-value", { name });
    lines.push(`${name}: ${value}`);
  }
  return concat([...lines.map((line) => lineBytes(`${line}\r\n`)), lineBytes("\r\n"), toBytes(body ?? "")]);
}

/** A character is a byte, as when it is read; a line with characters that are none is UTF-8, as the verifier takes it. */
function lineBytes(line) {
  const isBytes = !/[^\0-\xff]/.test(line);
  return isBytes ? Uint8Array.from(line, (character) => character.charCodeAt(0)) : toBytes(line);
}
