// Ed25519 for keys that are used again and again: WebAssembly that keeps multiples of such a key takes a third of OpenSSL's
// time (decision 19). OpenSSL stays the judge of every key until then, and of those that get no table.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createHash, hash } from "node:crypto";

/** After how many valid signatures a key gets its table: making it costs as much as it saves in some sixty verifications. */
const USES = 64;
/** A key that was not used in so many verifications by tables gives its place to another. */
const IDLE = 4096;
/** The longest text that is hashed from a buffer of our own, in bytes. */
const SCRATCH = 4096;
/** A signature, and the hash behind it, in the module's input. */
const SIGNATURE = 64;

/** What the module imports of wasm-bindgen. */
const functions = {
  __wbindgen_init_externref_table() {},
  __wbindgen_throw() {
    throw new Error("the WebAssembly failed");
  },
};

/** A key as `verify` keeps it: its bytes, how often it was used, and the slot of its table. */
export class TableKey {
  uses = 0;
  slot = -1;
  /** When it was last used, by the count of `Tables`. */
  last = 0;

  constructor(spki) {
    // The key is the end of a SubjectPublicKeyInfo (RFC 8410 §4).
    this.bytes = spki.slice(-32);
  }
}

export class Tables {
  #folder;
  #wasm = null;
  #input;
  #memory = null;
  /** Whose each slot is. */
  #owners = [];
  #count = 0;
  #scratch = Buffer.alloc(SIGNATURE + SCRATCH);

  /** `folder` is where the module stands; null if it is nowhere, as in a bundle that left it out. */
  constructor(folder = typeof __dirname === "undefined" ? null : __dirname) {
    this.#folder = folder;
  }

  /** Notes a signature that was found valid otherwise; makes the key's table when its time has come. */
  note(key) {
    key.uses += 1;
    if (key.uses % USES !== 0 || this.#folder === null) return;
    try {
      this.#wasm ??= this.#open();
      this.#build(key);
    } catch {
      // Without it all is as right, and slower.
      this.#folder = null;
    }
  }

  #open() {
    const wasm = new WebAssembly.Module(readFileSync(join(this.#folder, "seinpost_verify_ed25519.wasm")));
    const { exports } = new WebAssembly.Instance(wasm, { "./seinpost_verify_ed25519_bg.js": functions });
    this.#input = exports.input();
    this.#owners = Array(exports.slots()).fill(null);
    return exports;
  }

  /** Takes a free slot, or that of a key that is no longer used. If there is none, the key comes again after its next uses. */
  #build(key) {
    const slot = this.#owners.findIndex((owner) => owner === null || this.#count - owner.last > IDLE);
    if (slot < 0) return;
    const before = this.#owners[slot];
    if (before !== null) before.slot = -1;
    this.#owners[slot] = null;
    this.#look().set(key.bytes, this.#input);
    if (!this.#wasm.build(slot)) {
      // It is for others to judge, and always will be.
      key.uses = -Infinity;
      return;
    }
    this.#owners[slot] = key;
    key.slot = slot;
    key.last = this.#count;
  }

  /** Memory that has grown is another buffer, and the view of the old one is empty. */
  #look() {
    if (this.#memory === null || this.#memory.length === 0) this.#memory = new Uint8Array(this.#wasm.memory.buffer);
    return this.#memory;
  }

  /** Whether a signature of text, and of the body behind it if there is one, is valid. The key must have a slot. */
  verify(key, text, body, signature) {
    if (signature.length !== SIGNATURE) return false;
    this.#count += 1;
    key.last = this.#count;
    const memory = this.#look();
    memory.set(signature, this.#input);
    memory.set(this.#challenge(key, text, body, signature), this.#input + SIGNATURE);
    return this.#wasm.verify(key.slot) !== 0;
  }

  /** SHA-512 over the signature's first half, the key and the message (RFC 8032 §5.1.7). */
  #challenge(key, text, body, signature) {
    const point = signature.subarray(0, 32);
    const length = text.length + (body === null ? 0 : body.length);
    if (hash === undefined || length > SCRATCH) {
      const sha512 = createHash("sha512").update(point).update(key.bytes).update(text);
      return (body === null ? sha512 : sha512.update(body)).digest();
    }
    const scratch = this.#scratch;
    scratch.set(point);
    scratch.set(key.bytes, 32);
    scratch.set(text, SIGNATURE);
    if (body !== null) scratch.set(body, SIGNATURE + text.length);
    return hash("sha512", scratch.subarray(0, SIGNATURE + length), "buffer");
  }
}
