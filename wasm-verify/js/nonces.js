/** How many nonces a {@link MemoryNonceStore} remembers unless it is told otherwise. */
const CAPACITY = 100_000;

/** Remembers nonces in the memory of this process, up to a bound. See nonces.d.ts. */
export class MemoryNonceStore {
  #capacity;
  #now;
  /** Nonce to the time of its expiry in milliseconds, oldest first: a Map keeps the order of insertion. */
  #expiries = new Map();

  constructor({ capacity = CAPACITY, now = Date.now } = {}) {
    if (!Number.isSafeInteger(capacity) || capacity < 1) {
      throw new RangeError("capacity must be a whole number, from 1");
    }
    this.#capacity = capacity;
    this.#now = now;
  }

  get size() {
    return this.#expiries.size;
  }

  add(nonce, seconds) {
    const now = this.#now();
    const known = this.#expiries.get(nonce);
    if (known !== undefined && known > now) return false;
    this.#expiries.delete(nonce);
    this.#forgetOldest(now);
    this.#expiries.set(nonce, now + seconds * 1000);
    return true;
  }

  delete(nonce) {
    this.#expiries.delete(nonce);
  }

  /** Forgets what has expired at the old end, and more until there is room. */
  #forgetOldest(now) {
    for (const [nonce, expires] of this.#expiries) {
      if (expires > now && this.#expiries.size < this.#capacity) return;
      this.#expiries.delete(nonce);
    }
  }
}
