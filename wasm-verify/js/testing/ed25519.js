import { fromBytes, inverse, mod, power, toBytes } from "./numbers.js";
import { join, sha512 } from "./sha2.js";

/** Ed25519 (RFC 8032 §5.1), for test keys only: nothing here runs in constant time. */
const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const D = mod(-121665n * inverse(121666n, P), P);
const BASE = (() => {
  const y = mod(4n * inverse(5n, P), P);
  const square = mod((y * y - 1n) * inverse(D * y * y + 1n, P), P);
  let x = power(square, (P + 3n) / 8n, P);
  if (mod(x * x - square, P) !== 0n) x = mod(x * power(2n, (P - 1n) / 4n, P), P);
  if (x & 1n) x = P - x;
  return [x, y, 1n, mod(x * y, P)];
})();

/** The sum of two points in extended coordinates (RFC 8032 §5.1.4). */
function add([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = (y1 - x1) * (y2 - x2);
  const b = (y1 + x1) * (y2 + x2);
  const c = 2n * t1 * mod(t2 * D, P);
  const d = 2n * z1 * z2;
  const [e, f, g, h] = [mod(b - a, P), mod(d - c, P), mod(d + c, P), mod(b + a, P)];
  return [mod(e * f, P), mod(g * h, P), mod(f * g, P), mod(e * h, P)];
}

function multiply(scalar, point) {
  let sum = [0n, 1n, 1n, 0n];
  for (let rest = scalar, doubled = point; rest > 0n; rest >>= 1n, doubled = add(doubled, doubled)) {
    if (rest & 1n) sum = add(sum, doubled);
  }
  return sum;
}

function encode([x, y, z]) {
  const scale = inverse(z, P);
  const parity = mod(x * scale, P) & 1n;
  return toBytes(mod(y * scale, P) | (parity << 255n), 32).reverse();
}

const littleEndian = (bytes) => fromBytes(Uint8Array.from(bytes).reverse());

function expand(seed) {
  const hash = sha512(seed);
  hash[0] &= 248;
  hash[31] = (hash[31] & 127) | 64;
  return { scalar: littleEndian(hash.subarray(0, 32)), prefix: hash.subarray(32) };
}

/** The public key of a seed of 32 bytes. */
export function publicKey(seed) {
  return encode(multiply(expand(seed).scalar, BASE));
}

/** The signature of a message, 64 bytes. */
export function sign(seed, message) {
  const { scalar, prefix } = expand(seed);
  const own = encode(multiply(scalar, BASE));
  const r = mod(littleEndian(sha512(join(prefix, message))), ORDER);
  const point = encode(multiply(r, BASE));
  const challenge = mod(littleEndian(sha512(join(point, own, message))), ORDER);
  return join(point, toBytes(mod(r + challenge * scalar, ORDER), 32).reverse());
}
