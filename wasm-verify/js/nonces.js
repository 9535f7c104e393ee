/** How many nonces a {@link MemoryNonceStore} remembers unless it is told otherwise. */
const CAPACITY = 100_000;

/** Remembers nonces in the memory of this process, up to a bound. See nonces.d.ts. */
export class MemoryNonceStore {
  #capacity;
  /** Nonce to the time of its expiry, oldest first: a Map keeps the order of insertion. */
  #expiries = new Map();

  constructor({ capacity = CAPACITY } = {}) {
    if (!Number.isSafeInteger(capacity) || capacity < 1) {
      throw new RangeError("capacity is a whole number of nonces, 1 at least");
    }
    this.#capacity = capacity;
  }

  get size() {
    return this.#expiries.size;
  }

  add(nonce, expires, now) {
    const known = this.#expiries.get(nonce);
    if (known !== undefined && known > now) return false;
    this.#expiries.delete(nonce);
    this.#forgetOldest(now);
    this.#expiries.set(nonce, expires);
    return true;
  }

  delete(nonce) {
    this.#expiries.delete(nonce);
  }

  /** Forgets what has expired at the old end, and one more if there is still no room. */
  #forgetOldest(now) {
    for (const [nonce, expires] of this.#expiries) {
      if (expires > now && this.#expiries.size < this.#capacity) return;
      this.#expiries.delete(nonce);
    }
  }
}
