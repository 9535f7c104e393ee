// The mail entry for Node: the WebAssembly is compiled at the first call.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { diagnoser } from "./core.js";

let ready = null;

export function diagnose(mime, options) {
  if (ready === null) {
    const module = new WebAssembly.Module(readFileSync(join(__dirname, "seinpost_verify_mail.wasm")));
    ready = diagnoser(module, (imports) => new WebAssembly.Instance(module, imports).exports);
  }
  return ready(mime, options);
}
