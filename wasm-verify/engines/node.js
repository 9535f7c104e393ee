// The arithmetic by Node's crypto: OpenSSL, with its keys kept ready.
import { constants, createHash, createHmac, createPublicKey, createSecretKey, hash, timingSafeEqual, verify } from "node:crypto";

import { TableKey, Tables } from "./ed25519.js";

const HASHES = ["sha256", "sha512", "sha512", null, "sha256", "sha256", "sha512"];
const RSA_PSS = 2;
const ED25519 = 3;
const P256 = 4;
/** The number of its kind of key. */
const ED25519_KEY = 2;
const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 64 };

/** The SHA-256 of bytes, and of the body after them if it is given, as one character for each byte. */
function sha256(bytes, body) {
  return body === null ? hash("sha256", bytes, "latin1") : createHash("sha256").update(bytes).update(body).digest("latin1");
}

const tables = new Tables();

/** OpenSSL's word, until a key is used so often that its multiples are kept. */
function verifyEd25519({ key, table }, text, body, signature) {
  if (table.slot >= 0) return tables.verify(table, text, body, signature);
  const valid = verify(null, body === null ? text : Buffer.concat([text, body]), key, signature);
  if (valid) tables.note(table);
  return valid;
}

export const engine = {
  sync: true,

  /** Quicker than the module's own; not there in the first versions of Node 20. */
  sha256: hash && sha256,

  importKey(kind, spki) {
    const key = createPublicKey({ key: Buffer.from(spki.buffer, spki.byteOffset, spki.length), format: "der", type: "spki" });
    return kind === ED25519_KEY ? { key, table: new TableKey(spki) } : key;
  },

  importSecret(bytes) {
    return { bytes, key: null };
  },

  digest(bits, bytes) {
    const name = bits === 256 ? "sha256" : "sha512";
    // In one step, where Node has that, it is quicker by half, and characters are cheaper to make than a Buffer.
    return hash ? hash(name, bytes, "latin1") : createHash(name).update(bytes).digest();
  },

  /** Whether a signature is that of the text (and the body, if one follows it) under a key, by an algorithm's number. */
  verify(algorithm, key, text, body, signature) {
    const name = HASHES[algorithm];
    if (algorithm >= 5) {
      const hmac = createHmac(name, (key.key ??= createSecretKey(key.bytes))).update(text);
      const mac = (body === null ? hmac : hmac.update(body)).digest();
      return mac.length === signature.length && timingSafeEqual(mac, signature);
    }
    if (algorithm === ED25519) return verifyEd25519(key, text, body, signature);
    const data = body === null ? text : Buffer.concat([text, body]);
    if (algorithm === RSA_PSS) return verify(name, data, { key, ...PSS }, signature);
    if (algorithm === P256) return verify(name, data, { key, dsaEncoding: "ieee-p1363" }, signature);
    return verify(name, data, key, signature);
  },
};
