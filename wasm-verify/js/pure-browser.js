// The entry seinpost-verify/pure for browsers: arithmetic in WebAssembly alone, at once, without HTTPS too.
import { engine } from "../engines/pure.js";
import { host } from "./host.js";
import { load, loader } from "./load.js";
import steps from "./next-steps.js";

host.wasm = await load(new URL("./seinpost_verify_pure.wasm", import.meta.url));
host.larger = loader(new URL("./seinpost_verify_explain.wasm", import.meta.url));
host.steps = steps;
host.engine = engine;

export { DecodeError, VerificationError } from "./errors.js";
export { MemoryNonceStore } from "./nonces.js";
export { Report } from "./report.js";
export { Verifier, decode, decodeWithNotes } from "./verifier.js";
