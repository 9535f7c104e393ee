// The entry for workerd (Cloudflare Workers), which compiles no WebAssembly of bytes: it is a module among the worker's own.
import wasm from "./seinpost_verify.wasm";

import { engine } from "../engines/web.js";
import { VerificationError } from "./errors.js";
import { host } from "./host.js";
import { imports } from "./imports.js";

host.wasm = new WebAssembly.Instance(wasm, imports).exports;
host.engine = engine;
host.larger = () => {
  throw new VerificationError("no-explain", "explain and language nl are not for workers: try the call in the inspector");
};

export { DecodeError, VerificationError } from "./errors.js";
export { MemoryNonceStore } from "./nonces.js";
export { Report } from "./report.js";
export { Verifier, decode, decodeWithNotes } from "./verifier.js";
