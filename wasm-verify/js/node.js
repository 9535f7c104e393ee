// The entry for Node: the WebAssembly is compiled when it is imported, keys are found in DNS. It becomes CommonJS, and what
// not every program needs is required when it is needed: crypto and dns take longer to load than all else here.
import { readFileSync } from "node:fs";
import { DecodeError, VerificationError } from "./errors.js";
import { host } from "./host.js";
import { imports } from "./imports.js";
import { MemoryNonceStore } from "./nonces.js";
import { Report } from "./report.js";
import { Verifier, decode, decodeWithNotes } from "./verifier.js";

function load(file) {
  return new WebAssembly.Instance(new WebAssembly.Module(readFileSync(`${__dirname}/${file}`)), imports).exports;
}

/** Stands for ../engines/node.js until more is asked of it than to keep a secret: a short HMAC is the module's own. */
const engine = {
  sync: true,
  sha256: null,
  importSecret: (bytes) => ({ bytes, key: null }),
  warmUp() {
    Object.assign(engine, require("./crypto.cjs").engine);
  },
};
for (const name of ["importKey", "digest", "verify"]) {
  engine[name] = (...args) => {
    engine.warmUp();
    return engine[name](...args);
  };
}

/** The module that does all. */
function whole() {
  try {
    return load("seinpost_verify_node.wasm");
  } catch {
    // A bundle beside which only the browsers' was put: slower, with sentences of its own.
    host.words = () => null;
    return load("seinpost_verify.wasm");
  }
}

let larger = null;
const words = () => (larger ??= load("seinpost_verify_explain.wasm"));
host.words = words;
host.larger = () => {
  try {
    return words();
  } catch (error) {
    // The file will not come by itself: it is said once.
    host.larger = () => null;
    process.emitWarning(error);
    return null;
  }
};
try {
  // All of a module is checked before it runs: the smallest comes first.
  host.wasm = load("seinpost_verify_standard.wasm");
  host.whole = whole;
} catch {
  host.wasm = whole();
}
host.engine = engine;
host.lookup = (keyId) => require("./dns.cjs").lookup(keyId);
host.writeLatin1 = (bytes, text, at) => Buffer.prototype.latin1Write.call(bytes, text, at);

module.exports = { Verifier, MemoryNonceStore, Report, VerificationError, DecodeError, decode, decodeWithNotes };
