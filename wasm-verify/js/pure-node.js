// The entry seinpost-verify/pure for Node: arithmetic in WebAssembly alone.
import { readFileSync } from "node:fs";
import { engine } from "../engines/pure.js";
import { host } from "./host.js";
import { imports } from "./imports.js";

function load(file) {
  return new WebAssembly.Instance(new WebAssembly.Module(readFileSync(`${__dirname}/${file}`)), imports).exports;
}

let larger = null;
host.wasm = load("seinpost_verify_pure.wasm");
host.larger = () => {
  try {
    return (larger ??= load("seinpost_verify_explain.wasm"));
  } catch {
    // It was not put beside the bundle: this one has sentences, too.
    return null;
  }
};
host.words = host.larger;
host.engine = engine;

export { DecodeError, VerificationError } from "./errors.js";
export { MemoryNonceStore } from "./nonces.js";
export { Report } from "./report.js";
export { Verifier, decode, decodeWithNotes } from "./verifier.js";
