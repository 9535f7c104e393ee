// Reads what was pasted, by the package's own readers.
import { describeNote, printRaw, readCurl, readHar, readParts, readRaw, detectForm } from "../verify/requests.js";

const LF = 10;
const CR = 13;
const utf8 = new TextDecoder("utf-8");

/**
 * A text field in a browser keeps only the LF of each line end. Where `Content-Length` says that the CRs were there, the
 * body gets them back. Bytes, or null where nothing says so.
 */
export function restoreLineEnds(body, headers) {
  const declared = headers.find(([name]) => name.toLowerCase() === "content-length")?.[1];
  const length = declared === undefined || !/^\d+$/.test(declared) ? -1 : Number(declared);
  if (length <= body.length || body.includes(CR)) return null;
  let feeds = 0;
  for (const byte of body) if (byte === LF) feeds += 1;
  if (feeds === 0 || length !== body.length + feeds) return null;
  const restored = new Uint8Array(length);
  let at = 0;
  for (const byte of body) {
    if (byte === LF) restored[at++] = CR;
    restored[at++] = byte;
  }
  return restored;
}

function readAs(form, { text, body, index }) {
  if (form === "curl") return [readCurl(text), 1];
  if (form === "parts") return [readParts({ headers: text, body }), 1];
  if (form === "har") {
    const all = readHar(text);
    return [all[Math.min(index, all.length - 1)], all.length];
  }
  return [readRaw(text), 1];
}

/** A request as text, the lines of its head ended by LF, as a text field holds them. */
export function printed({ method, url, headers, body }) {
  return utf8.decode(printRaw({ method, url, headers })).replaceAll("\r\n", "\n") + utf8.decode(body);
}

/** The request, with `shown`: what a page shows of how it was read. */
export function read(asked) {
  const form = asked.form === "" ? detectForm(asked.text) : asked.form;
  const [request, count] = readAs(form, asked);
  let { body, notes } = request;
  const restored = form === "raw" || form === "parts" ? restoreLineEnds(body, request.headers) : null;
  if (restored !== null) {
    body = restored;
    notes = notes.filter(({ code }) => code !== "short-body");
  }
  const { method, url, headers } = request;
  const shown = {
    method,
    url,
    headers,
    form,
    count,
    bytes: body.length,
    restored: restored !== null,
    notes: notes.map((note) => describeNote(note, asked.language)),
    // A raw request is shown as it was pasted; what was read from another form, as it is on the wire.
    printed: form === "raw" ? null : printed({ method, url, headers, body }),
  };
  return { method, url, headers, body, shown };
}
