// The entry for workerd (Cloudflare Workers), which compiles no WebAssembly of bytes: it is a module among the worker's own.
import wasm from "./seinpost_verify.wasm";

import { engine } from "../engines/web.js";
import { host } from "./host.js";
import { imports } from "./imports.js";

host.wasm = new WebAssembly.Instance(wasm, imports).exports;
host.engine = engine;

export { DecodeError, VerificationError } from "./errors.js";
export { MemoryNonceStore } from "./nonces.js";
export { Report } from "./report.js";
export { decode, decodeWithNotes } from "./verifier.js";
export { Verifier } from "./worker-verifier.js";
