/**
 * SHA-256, SHA-512 (FIPS 180-4) and HMAC (RFC 2104), to be had at once and everywhere: WebCrypto's are promises. For test
 * keys only; nothing here runs in constant time.
 */

/** The first 80 primes, from which the standard draws its constants. */
const PRIMES = [2];
for (let number = 3; PRIMES.length < 80; number += 2) {
  if (PRIMES.every((prime) => number % prime !== 0)) PRIMES.push(number);
}

/** The first 64 bits of the fraction of a prime's square or cube root. */
function rootFraction(prime, degree) {
  const square = BigInt(prime) << (64n * degree);
  let root = 1n << 80n;
  for (let next; ; root = next) {
    next = ((degree - 1n) * root + square / root ** (degree - 1n)) / degree;
    if (next >= root) return BigInt.asUintN(64, root);
  }
}

const START_512 = PRIMES.slice(0, 8).map((prime) => rootFraction(prime, 2n));
const ROUNDS_512 = PRIMES.map((prime) => rootFraction(prime, 3n));
const START_256 = START_512.map((value) => Number(value >> 32n) | 0);
const ROUNDS_256 = ROUNDS_512.slice(0, 64).map((value) => Number(value >> 32n) | 0);

/** The message, a one bit, zeros, and its length in bits, in whole blocks. */
function padded(bytes, block, lengthSize) {
  const size = Math.ceil((bytes.length + 1 + lengthSize) / block) * block;
  const message = new Uint8Array(size);
  message.set(bytes);
  message[bytes.length] = 0x80;
  const view = new DataView(message.buffer);
  view.setBigUint64(size - 8, BigInt(bytes.length) * 8n);
  return view;
}

/** SHA-256 of some bytes. */
export function sha256(bytes) {
  const view = padded(bytes, 64, 8);
  const state = Int32Array.from(START_256);
  const words = new Int32Array(64);
  const turn = (word, by) => (word >>> by) | (word << (32 - by));
  for (let block = 0; block < view.byteLength; block += 64) {
    for (let t = 0; t < 64; t++) {
      if (t < 16) {
        words[t] = view.getInt32(block + 4 * t);
        continue;
      }
      const [early, late] = [words[t - 15], words[t - 2]];
      const small = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3);
      words[t] = words[t - 16] + small + words[t - 7] + (turn(late, 17) ^ turn(late, 19) ^ (late >>> 10));
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let t = 0; t < 64; t++) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUNDS_256[t] + words[t]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    for (const [index, value] of [a, b, c, d, e, f, g, h].entries()) state[index] += value;
  }
  const out = new DataView(new ArrayBuffer(32));
  for (const [index, value] of state.entries()) out.setInt32(4 * index, value);
  return new Uint8Array(out.buffer);
}

/** SHA-512 of some bytes. */
export function sha512(bytes) {
  const view = padded(bytes, 128, 16);
  const state = BigUint64Array.from(START_512);
  const words = new BigUint64Array(80);
  const turn = (word, by) => (word >> by) | BigInt.asUintN(64, word << (64n - by));
  for (let block = 0; block < view.byteLength; block += 128) {
    for (let t = 0; t < 80; t++) {
      if (t < 16) {
        words[t] = view.getBigUint64(block + 8 * t);
        continue;
      }
      const [early, late] = [words[t - 15], words[t - 2]];
      const small = turn(early, 1n) ^ turn(early, 8n) ^ (early >> 7n);
      words[t] = words[t - 16] + small + words[t - 7] + (turn(late, 19n) ^ turn(late, 61n) ^ (late >> 6n));
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let t = 0; t < 80; t++) {
      const one = h + (turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n)) + ((e & f) ^ (~e & g)) + ROUNDS_512[t] + words[t];
      const two = (turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [g, f, e, BigInt.asUintN(64, d + one), c, b, a, BigInt.asUintN(64, one + two)];
    }
    for (const [index, value] of [a, b, c, d, e, f, g, h].entries()) state[index] += value;
  }
  const out = new DataView(new ArrayBuffer(64));
  for (const [index, value] of state.entries()) out.setBigUint64(8 * index, value);
  return new Uint8Array(out.buffer);
}

/** HMAC with SHA-256. */
export function hmacSha256(key, message) {
  const block = new Uint8Array(64);
  block.set(key.length > 64 ? sha256(key) : key);
  const inner = sha256(join(block.map((byte) => byte ^ 0x36), message));
  return sha256(join(block.map((byte) => byte ^ 0x5c), inner));
}

/** Several pieces one after the other. */
export function join(...pieces) {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
