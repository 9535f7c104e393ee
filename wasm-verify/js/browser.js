// The entry for browsers: no bundler, no init. The WebAssembly stands beside this file.
import { engine } from "../engines/web.js";
import { host } from "./host.js";
import { imports } from "./imports.js";

async function load(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`seinpost-verify: ${url} answered ${response.status}`);
  // A server that does not know the media type application/wasm gets no streaming.
  const streams = /^application\/wasm\b/.test(response.headers.get("content-type") ?? "");
  const { instance } = streams
    ? await WebAssembly.instantiateStreaming(response, imports)
    : await WebAssembly.instantiate(await response.arrayBuffer(), imports);
  return instance.exports;
}

host.wasm = await load(new URL("./seinpost_verify.wasm", import.meta.url));
host.engine = engine;

export { DecodeError, VerificationError } from "./errors.js";
export { MemoryNonceStore } from "./nonces.js";
export { Report } from "./report.js";
export { Verifier, decode, decodeWithNotes } from "./verifier.js";
