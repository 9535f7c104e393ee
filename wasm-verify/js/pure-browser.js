// The entry seinpost-verify/pure for browsers: arithmetic in WebAssembly alone, at once, without HTTPS too.
import { engine } from "../engines/pure.js";
import { VerificationError } from "./errors.js";
import { host } from "./host.js";
import { load } from "./load.js";

host.wasm = await load(new URL("./seinpost_verify_pure.wasm", import.meta.url));
let larger = null;
host.larger = (atOnce) => {
  if (atOnce) throw new VerificationError("no-sync", "explain and language nl answer later here: use verify");
  return (larger ??= load(new URL("./seinpost_verify_explain.wasm", import.meta.url)));
};
host.engine = engine;

export { DecodeError, VerificationError } from "./errors.js";
export { MemoryNonceStore } from "./nonces.js";
export { Report } from "./report.js";
export { Verifier, decode, decodeWithNotes } from "./verifier.js";
