// The mail entry for edge runtimes, whose bundlers hand a .wasm file over as a compiled module.
import module from "./seinpost_verify_mail.wasm";
import { diagnoser } from "./core.js";

export const diagnose = diagnoser(module, (imports) => new WebAssembly.Instance(module, imports).exports);
