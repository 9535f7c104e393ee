import { fromBase64, toBytes } from "./bytes.js";
import { RequestError } from "./error.js";
import { addField, field, grow } from "./head.js";

/** How many requests are read from one file. */
const MAX_REQUESTS = 10_000;

/** Reads every request of an HTTP archive (HAR 1.2), as browsers and proxies save them. See requests.d.ts. */
export function readHar(input) {
  let har;
  try {
    har = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(toBytes(input)));
  } catch (error) {
    if (error instanceof RequestError) throw error;
    throw new RequestError("invalid-json", { detail: error.message });
  }
  const entries = expect(har?.log?.entries, "a list", "log.entries");
  if (entries.length === 0) throw new RequestError("no-request", { path: "log.entries" });
  if (entries.length > MAX_REQUESTS) {
    throw new RequestError("too-many", { what: "requests", limit: MAX_REQUESTS, path: "log.entries" });
  }
  return entries.map((entry, index) => readEntry(entry, `log.entries[${index}].request`));
}

function readEntry(entry, path) {
  const request = expect(entry?.request, "an object", path);
  const url = expect(request.url, "a string", `${path}.url`);
  const head = { method: undefined, url: undefined, headers: [] };
  grow(head, url.length, { path: `${path}.url` });
  for (const [index, each] of expect(request.headers, "a list", `${path}.headers`).entries()) {
    const place = `${path}.headers[${index}]`;
    const name = expect(each?.name, "a string", `${place}.name`);
    addField(head, name, expect(each.value, "a string", `${place}.value`), { path: place, text: name });
  }
  const notes = [];
  return {
    method: expect(request.method, "a string", `${path}.method`),
    // A fragment is never sent.
    url: url.replace(/#.*$/s, ""),
    headers: head.headers,
    body: readPostData(request.postData, head.headers, notes, `${path}.postData`),
    form: "har",
    notes,
  };
}

function readPostData(data, headers, notes, path) {
  if (data === undefined || data === null) return new Uint8Array();
  const place = { path: `${path}.text` };
  if (typeof data.text === "string" && (data.text !== "" || !data.params?.length)) {
    const encoding = data.encoding ?? data._encoding;
    const body = encoding === "base64" ? fromBase64(data.text, place) : toBytes(data.text, place);
    const declared = Number(field(headers, "content-length"));
    if (declared > body.length) notes.push({ code: "short-body", declared, actual: body.length });
    return body;
  }
  const params = expect(data.params ?? [], "a list", `${path}.params`);
  notes.push({ code: "rebuilt-form" });
  const pairs = params.map((each, index) => {
    const name = expect(each?.name, "a string", `${path}.params[${index}].name`);
    return [name, typeof each.value === "string" ? each.value : ""];
  });
  return toBytes(new URLSearchParams(pairs).toString());
}

function expect(value, expected, path) {
  const kind = Array.isArray(value) ? "a list" : typeof value === "object" && value !== null ? "an object" : `a ${typeof value}`;
  if (kind !== expected) throw new RequestError("invalid-har", { path, expected });
  return value;
}
