import { fromBytes, inverse, power, toBytes } from "./numbers.js";
import { join, sha256 } from "./sha2.js";

/** RSA signatures of PKCS #1 v1.5 (RFC 8017 §8.2), for test keys only: nothing here runs in constant time. */
const EXPONENT = 65537n;
/** What stands before a SHA-256 in the signed block (RFC 8017 §9.2, note 1). */
const DIGEST_INFO = [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0, 0x04, 0x20];
/** `rsaEncryption` with no parameters, as SubjectPublicKeyInfo names it (RFC 3279 §2.3.1). */
const ALGORITHM = [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0];

/** A key of its two primes. */
export function fromPrimes(p, q) {
  const exponent = inverse(EXPONENT, (p - 1n) * (q - 1n));
  return { modulus: p * q, p, q, dp: exponent % (p - 1n), dq: exponent % (q - 1n), qInverse: inverse(q, p) };
}

/** The signature of a message under SHA-256. */
export function sign({ modulus, p, q, dp, dq, qInverse }, message) {
  const length = Math.ceil(modulus.toString(16).length / 2);
  const digest = join(DIGEST_INFO, sha256(message));
  const block = join([0, 1], new Uint8Array(length - 3 - digest.length).fill(0xff), [0], digest);
  const number = fromBytes(block);
  const [modP, modQ] = [power(number, dp, p), power(number, dq, q)];
  const h = ((((modP - modQ) % p) + p) * qInverse) % p;
  return toBytes(modQ + h * q, length);
}

/** The public key as SubjectPublicKeyInfo (RFC 5280 §4.1) in DER, which DKIM records hold. */
export function publicKey({ modulus }) {
  const bytes = toBytes(modulus, Math.ceil(modulus.toString(16).length / 2));
  const integers = join(der(0x02, join([0], bytes)), der(0x02, [1, 0, 1]));
  return der(0x30, join(ALGORITHM, der(0x03, join([0], der(0x30, integers)))));
}

function der(tag, content) {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return join([tag], size, content);
}
