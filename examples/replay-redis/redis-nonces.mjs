/**
 * A store of nonces in Redis, for receivers that run in several processes: a call that one of them accepted is refused by all.
 *
 * One command does both, asks and remembers (`SET … NX EX`), so of two copies of a call that come in at the same moment one is refused.
 * If Redis cannot be reached the call is refused too, and its sender tries again later.
 */
export class RedisNonceStore {
  #redis;
  #prefix;

  /**
   * @param redis A connected client of the npm package `redis`.
   * @param options.prefix What the keys begin with, so that they do not meet those of something else.
   */
  constructor(redis, { prefix = "webhook-nonce:" } = {}) {
    this.#redis = redis;
    this.#prefix = prefix;
  }

  /** Remembers a nonce for some seconds; true if it was new. */
  async add(nonce, seconds) {
    const reply = await this.#redis.set(this.#prefix + nonce, "1", {
      condition: "NX",
      expiration: { type: "EX", value: seconds },
    });
    return reply === "OK";
  }

  /** Forgets a nonce whose call could not be handled, so that the sender's next attempt is not taken for a copy. */
  async delete(nonce) {
    await this.#redis.del(this.#prefix + nonce);
  }
}
