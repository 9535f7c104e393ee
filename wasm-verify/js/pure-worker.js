// The entry seinpost-verify/pure for workerd: arithmetic in WebAssembly alone.
import wasm from "./seinpost_verify_pure.wasm";

import { engine } from "../engines/pure.js";
import { VerificationError } from "./errors.js";
import { host } from "./host.js";
import { imports } from "./imports.js";

host.wasm = new WebAssembly.Instance(wasm, imports).exports;
host.larger = () => {
  throw new VerificationError("no-explain", "explain and language nl are not for workers: try the call in the inspector");
};
host.engine = engine;

export { DecodeError, VerificationError } from "./errors.js";
export { MemoryNonceStore } from "./nonces.js";
export { Report } from "./report.js";
export { Verifier, decode, decodeWithNotes } from "./verifier.js";
