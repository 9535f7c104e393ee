import { MAX_BYTES, toBytes, toLatin1 } from "./requests/bytes.js";
import { readCurl } from "./requests/curl.js";
import { RequestError } from "./requests/error.js";
import { readHar } from "./requests/har.js";
import { readParts } from "./requests/parts.js";
import { printRaw, readRaw } from "./requests/raw.js";
import { describe } from "./requests/words.js";

export { MAX_BYTES, printRaw, readCurl, readHar, readParts, readRaw, RequestError };

/** Reads every request in a text of any form. See requests.d.ts. */
export function readRequests(input, { form = detectForm(input), readFile } = {}) {
  if (form === "har") return readHar(input);
  return [form === "curl" ? readCurl(input, { readFile }) : readRaw(input)];
}

/** What a text looks like. See requests.d.ts. */
export function detectForm(input) {
  const bytes = typeof input === "string" ? toBytes(input.slice(0, 256).replace(/[\ud800-\udbff]$/, "")) : toBytes(input);
  const start = toLatin1(bytes.subarray(0, 256)).replace(/^(?:\xef\xbb\xbf)?\s*/, "");
  if (start.startsWith("{")) return "har";
  return /^(?:[$>#]\s+)?(?:\S*[\\/])?curl(?:\.exe)?\s/.test(start) ? "curl" : "raw";
}

/** A note in words. See requests.d.ts. */
export function describeNote(note, lang = "en") {
  return describe(note, lang);
}
