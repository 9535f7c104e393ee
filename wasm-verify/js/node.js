// The entry for Node: the WebAssembly is compiled when it is imported, keys are found in DNS.
import { Resolver } from "node:dns";
import { readFileSync } from "node:fs";
import { engine } from "../engines/node.js";
import { host } from "./host.js";
import { imports } from "./imports.js";

/** How long one DNS server is given, in milliseconds, and how often it is asked. */
const DNS_OPTIONS = { timeout: 3000, tries: 2 };
const NO_SUCH_NAME = new Set(["ENOTFOUND", "ENODATA"]);

/** The TXT records at a name, each in its pieces; null if there are none. */
function lookup(keyId) {
  return new Promise((resolve, reject) => {
    new Resolver(DNS_OPTIONS).resolveTxt(keyId, (error, records) => {
      if (error === null) resolve(records);
      else if (NO_SUCH_NAME.has(error.code)) resolve(null);
      else reject(error);
    });
  });
}

function load(file) {
  return new WebAssembly.Instance(new WebAssembly.Module(readFileSync(`${__dirname}/${file}`)), imports).exports;
}

let larger = null;
host.wasm = load("seinpost_verify.wasm");
host.larger = () => (larger ??= load("seinpost_verify_explain.wasm"));
host.engine = engine;
host.lookup = lookup;
host.writeLatin1 = (bytes, text, at) => Buffer.prototype.latin1Write.call(bytes, text, at);

export { DecodeError, VerificationError } from "./errors.js";
export { MemoryNonceStore } from "./nonces.js";
export { Report } from "./report.js";
export { Verifier, decode, decodeWithNotes } from "./verifier.js";
