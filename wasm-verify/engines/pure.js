// The arithmetic in WebAssembly alone: at once, wherever WebAssembly runs.
import * as core from "../js/core.js";

const EMPTY = new Uint8Array(0);

export const engine = {
  sync: true,

  /** It writes to the memory that a step is a view of, and makes it grow, which empties the view. */
  inMemory: true,

  importKey(_kind, spki) {
    return spki;
  },

  importSecret(bytes) {
    return bytes;
  },

  digest(bits, bytes) {
    return core.arithmetic("digest", [bits], [bytes]);
  },

  /** See node.js. */
  verify(algorithm, key, text, body, signature) {
    const parts = [key, signature, text, body ?? EMPTY];
    if (algorithm >= 5) return core.arithmetic("verify_mac", [algorithm === 5 ? 256 : 512, key.length, signature.length], parts) !== null;
    return core.arithmetic("verify_signature", [algorithm, key.length, signature.length], parts) !== null;
  },
};
