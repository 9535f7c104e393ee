// The arithmetic by WebCrypto: browsers and edge runtimes. It answers later.
const ALGORITHMS = [
  { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
  { name: "RSASSA-PKCS1-v1_5", hash: "SHA-512" },
  { name: "RSA-PSS", hash: "SHA-512", saltLength: 64 },
  { name: "Ed25519" },
  { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
  { name: "HMAC", hash: "SHA-256" },
  { name: "HMAC", hash: "SHA-512" },
];

function subtle() {
  const found = globalThis.crypto?.subtle;
  if (found === undefined) throw new Error("no WebCrypto here (a page must come over HTTPS): use seinpost-verify/pure");
  return found;
}

function join(text, body) {
  if (body === null) return text;
  const joined = new Uint8Array(text.length + body.length);
  joined.set(text);
  joined.set(body, text.length);
  return joined;
}

/** WebCrypto ties a key to its algorithm when it is imported, so it is imported once for each that is asked for. */
class WebKey {
  #imported = new Map();
  #format;
  #bytes;

  constructor(format, bytes) {
    this.#format = format;
    this.#bytes = bytes;
  }

  for(algorithm) {
    let imported = this.#imported.get(algorithm);
    if (imported === undefined) {
      imported = subtle().importKey(this.#format, this.#bytes, ALGORITHMS[algorithm], false, ["verify"]);
      this.#imported.set(algorithm, imported);
    }
    return imported;
  }
}

export const engine = {
  sync: false,

  importKey(_kind, spki) {
    return new WebKey("spki", spki);
  },

  importSecret(bytes) {
    return new WebKey("raw", bytes);
  },

  async digest(bits, bytes) {
    return new Uint8Array(await subtle().digest(`SHA-${bits}`, bytes));
  },

  async verify(algorithm, key, text, body, signature) {
    return subtle().verify(ALGORITHMS[algorithm], await key.for(algorithm), signature, join(text, body));
  },
};
