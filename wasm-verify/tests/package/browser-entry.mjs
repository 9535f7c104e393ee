// The entries for browsers, run by Node: fetch, WebCrypto and WebAssembly are the same, but Node's fetch reads no files.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const root = dirname(createRequire(import.meta.url).resolve("seinpost-verify/package.json"));
const own = globalThis.fetch;

/** Files that are not there for a while, by name. */
export const missing = new Set();

globalThis.fetch = async (url, options) => {
  if (!(url instanceof URL) || url.protocol !== "file:") return own(url, options);
  const found = existsSync(url) && !missing.has(url.pathname.split("/").at(-1));
  return found ? new Response(readFileSync(url), { headers: { "content-type": "application/wasm" } }) : new Response(null, { status: 404 });
};

let pages = 0;

/** What a file of the package exports that is for browsers, in a page of its own. */
export function browserEntry(file) {
  pages += 1;
  return import(`${pathToFileURL(join(root, file))}?page=${pages}`);
}
