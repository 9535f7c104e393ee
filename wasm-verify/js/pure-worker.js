// The entry seinpost-verify/pure for workerd: arithmetic in WebAssembly alone.
import wasm from "./seinpost_verify_pure.wasm";

import { engine } from "../engines/pure.js";
import { host } from "./host.js";
import { imports } from "./imports.js";
import steps from "./next-steps.js";

host.wasm = new WebAssembly.Instance(wasm, imports).exports;
host.steps = steps;
host.engine = engine;

export { DecodeError, VerificationError } from "./errors.js";
export { MemoryNonceStore } from "./nonces.js";
export { Report } from "./report.js";
export { decode, decodeWithNotes } from "./verifier.js";
export { Verifier } from "./worker-verifier.js";
