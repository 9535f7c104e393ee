// The entry for browsers: no bundler, no init. The WebAssembly stands beside this file.
import { engine } from "../engines/web.js";
import { host } from "./host.js";
import { load, loader } from "./load.js";

host.wasm = await load(new URL("./seinpost_verify.wasm", import.meta.url));
host.larger = loader(new URL("./seinpost_verify_explain.wasm", import.meta.url));
host.engine = engine;

export { DecodeError, VerificationError } from "./errors.js";
export { MemoryNonceStore } from "./nonces.js";
export { Report } from "./report.js";
export { Verifier } from "./told-verifier.js";
export { decode, decodeWithNotes } from "./verifier.js";
