// The mail entry for browsers: no bundler, no init. The WebAssembly stands beside this file.
import { diagnoser } from "./core.js";

const url = new URL("./seinpost_verify_mail.wasm", import.meta.url);
const response = await fetch(url);
if (!response.ok) throw new Error(`seinpost-verify/mail: ${url} answered ${response.status}`);
const module = await WebAssembly.compile(await response.arrayBuffer());

/** Browsers refuse to instantiate a large module in place; what was compiled before is linked at once. */
let exports = null;
export const diagnose = await (async () => {
  let imports;
  const call = diagnoser(module, (wanted) => {
    imports = wanted;
    return new Proxy({}, { get: (_, name) => exports[name] });
  });
  ({ exports } = await WebAssembly.instantiate(module, imports));
  return call;
})();
