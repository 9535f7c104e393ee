// The arithmetic by Node's crypto: OpenSSL, with its keys kept ready.
import { constants, createHash, createHmac, createPublicKey, createSecretKey, hash, timingSafeEqual, verify } from "node:crypto";

const HASHES = ["sha256", "sha512", "sha512", null, "sha256", "sha256", "sha512"];
const RSA_PSS = 2;
const P256 = 4;
const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 64 };

export const engine = {
  sync: true,

  importKey(_kind, spki) {
    return createPublicKey({ key: Buffer.from(spki.buffer, spki.byteOffset, spki.length), format: "der", type: "spki" });
  },

  importSecret(bytes) {
    return createSecretKey(bytes);
  },

  digest(bits, bytes) {
    const name = bits === 256 ? "sha256" : "sha512";
    // In one step, where Node has that, it is quicker by half.
    return hash ? hash(name, bytes, "buffer") : createHash(name).update(bytes).digest();
  },

  /** Whether a signature is that of the text (and the body, if one follows it) under a key, by an algorithm's number. */
  verify(algorithm, key, text, body, signature) {
    const name = HASHES[algorithm];
    if (algorithm >= 5) {
      const hmac = createHmac(name, key).update(text);
      const mac = (body === null ? hmac : hmac.update(body)).digest();
      return mac.length === signature.length && timingSafeEqual(mac, signature);
    }
    const data = body === null ? text : Buffer.concat([text, body]);
    if (algorithm === RSA_PSS) return verify(name, data, { key, ...PSS }, signature);
    if (algorithm === P256) return verify(name, data, { key, dsaEncoding: "ieee-p1363" }, signature);
    return verify(name, data, key, signature);
  },
};
