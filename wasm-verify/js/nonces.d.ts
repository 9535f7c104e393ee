/**
 * Remembers the nonces of calls that were accepted, so that a call that is sent a second time is refused
 * (the check `nonce`).
 *
 * A nonce is handed in only when every other check has passed: nobody without a key can fill a store.
 */
export interface NonceStore {
  /**
   * Remembers a nonce, and says whether it was new. Both in one step, so that of two calls that come in at the same
   * moment one is refused (in Redis: `SET nonce 1 NX EX seconds`, and whether it replied `OK`).
   *
   * @param nonce The nonce as it was signed, or the id of the profile `standard`.
   * @param seconds How long to remember it, a whole number; after that the call's date is out of tolerance.
   * @returns `true` if it was not there, `false` if it was. If it throws, its promise is rejected, or it
   *   gives anything else, the call is refused and the check `nonce` tells why: what cannot be checked is not accepted.
   */
  add(nonce: string, seconds: number): boolean | Promise<boolean>;

  /**
   * Forgets a nonce, because the call it came with could not be handled and may be sent again.
   * Needed for the profile `standard`, where a second attempt carries the same id.
   */
  delete?(nonce: string): void | Promise<void>;
}

/** A {@link NonceStore} in the memory of this process. Where several processes take calls, let them share a store. */
export declare class MemoryNonceStore implements NonceStore {
  /**
   * @param options.capacity How many nonces to remember at most, 100 000 by default (about 20 MB). When it is full of
   *   nonces that have not expired, the oldest is forgotten, and could be played again within the tolerance.
   * @param options.now A clock in milliseconds, `Date.now` by default; for tests.
   * @throws RangeError if `capacity` is no whole number from 1.
   */
  constructor(options?: { capacity?: number; now?: () => number });
  /** How many nonces are remembered, those that have expired but were not cleared away yet included. */
  readonly size: number;
  add(nonce: string, seconds: number): boolean;
  delete(nonce: string): void;
}
