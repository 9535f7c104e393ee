import { MAX_HEAD, toBytes, toLatin1 } from "./bytes.js";
import { RequestError } from "./error.js";
import { addField, readHead } from "./head.js";

/** Reads a request whose header fields and body are at hand apart from each other. See requests.d.ts. */
export function readParts({ method, url, headers, body = "" }) {
  const notes = [];
  const head = typeof headers === "string" ? fromText(headers, notes) : fromValues(headers);
  return {
    method: head.method ?? method ?? "POST",
    url: head.url ?? url ?? "/",
    headers: head.headers,
    body: toBytes(body),
    form: "parts",
    notes,
  };
}

/** Lines as in HTTP, or the JSON that programs write to a log: an object, or a list of names and values. */
function fromText(text, notes) {
  if (text.length > MAX_HEAD) throw new RequestError("too-large", { limit: MAX_HEAD, path: "headers" });
  if (/^\s*[[{]/.test(text)) {
    try {
      return fromValues(JSON.parse(text));
    } catch (error) {
      if (error instanceof RequestError) throw error;
      throw new RequestError("invalid-json", { path: "headers", detail: error.message });
    }
  }
  const lines = [];
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    if (line.trim() !== "") lines.push({ text: toLatin1(toBytes(line)), number: index + 1 });
  }
  return readHead(lines, notes);
}

function fromValues(headers) {
  const pairs = Array.isArray(headers) ? headers : Object.entries(headers ?? {});
  const head = { headers: [] };
  for (const [index, pair] of pairs.entries()) {
    const [name, values] = Array.isArray(pair) ? pair : [pair?.name, pair?.value];
    const path = `headers[${index}]`;
    if (typeof name !== "string") throw new RequestError("invalid-har", { path, expected: "a list of names and values" });
    for (const value of Array.isArray(values) ? values : [values]) {
      if (value === undefined || value === null) continue;
      if (typeof value === "object") throw new RequestError("invalid-har", { path, expected: "a string" });
      addField(head, name, String(value), { path, text: name });
    }
  }
  return head;
}
