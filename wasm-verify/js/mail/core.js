// The bridge to the WebAssembly of the mail entry: a mail's bytes in, JSON out (see ../../mail/src/lib.rs).

const text = new TextDecoder();
const utf8 = new TextEncoder();
/** Decoders by the label that stood in a mail; null for a label that the host does not know. */
const decoders = new Map();
/** So many labels are kept at most: they come from mails, and anything can stand in a mail. */
const MAX_LABELS = 64;

function decoder(label) {
  if (!decoders.has(label)) {
    if (decoders.size === MAX_LABELS) decoders.clear();
    let made = null;
    try {
      made = new TextDecoder(label);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
    decoders.set(label, made);
  }
  return decoders.get(label);
}

/** Makes `diagnose` of a compiled module, given how to instantiate it: `(imports) => exports`. */
export function diagnoser(module, instantiate) {
  let wasm;
  const bytes = (at, length) => new Uint8Array(wasm.memory.buffer, at >>> 0, length);
  // The host's character sets: Rust's tables for them would weigh as much as all the rest.
  const decodeText = (label, labelLength, at, length) => {
    const found = decoder(text.decode(bytes(label, labelLength)).toLowerCase());
    if (found === null) return -1;
    const decoded = utf8.encode(found.decode(bytes(at, length)));
    const target = wasm.reserve_text(decoded.length);
    bytes(target, decoded.length).set(decoded);
    return decoded.length;
  };
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    imports[from] ??= {};
    imports[from][name] = name.startsWith("__wbg_decode_text") ? decodeText : () => {
      if (name.startsWith("__wbindgen_throw")) throw new Error("seinpost-verify/mail: the WebAssembly failed");
    };
  }
  wasm = instantiate(imports);
  return (mime, options = {}) => {
    const input = typeof mime === "string" ? utf8.encode(mime) : mime;
    if (!ArrayBuffer.isView(input)) throw new TypeError("diagnose: a mail is a Uint8Array or a string");
    const mail = new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
    const at = wasm.reserve(mail.length);
    bytes(at, mail.length).set(mail);
    const length = wasm.diagnose(mail.length, options.lang === "nl" ? 1 : 0);
    return JSON.parse(text.decode(bytes(wasm.answer(), length)));
  };
}
