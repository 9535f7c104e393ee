// Loads a module that stands beside the entry.
import { imports } from "./imports.js";

/** What gives a module's exports, loaded when they are first asked for, and asked for again where that failed: then it gives null. */
export function loader(url) {
  let found = null;
  return () => (found ??= load(url).then((wasm) => (found = wasm), () => (found = null)));
}

export async function load(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  // A server that does not know the media type application/wasm gets no streaming.
  const streams = /^application\/wasm\b/.test(response.headers.get("content-type") ?? "");
  const { instance } = streams
    ? await WebAssembly.instantiateStreaming(response, imports)
    : await WebAssembly.instantiate(await response.arrayBuffer(), imports);
  return instance.exports;
}
