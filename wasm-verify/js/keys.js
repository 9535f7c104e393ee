// Keys by name: found by the caller's function or by DNS, cached within bounds.
import * as core from "./core.js";
import { host } from "./host.js";
import { VerificationError } from "./errors.js";
import { KEY_NOT_FOUND, KEY_UNUSABLE, LOOKUP_FAILED } from "./report.js";

/** How many keys of one name are tried: several TXT records may stand at one name. */
const MAX_RECORDS = 4;
/** The longest of what a look-up may give, in characters. */
const MAX_TEXT = 32_768;

export const CACHE_DEFAULTS = {
  /** How many names are kept. */
  size: 256,
  /** How long a key is kept, in seconds. */
  ttl: 300,
  /** How long it is kept that there is no key, in seconds. */
  negativeTtl: 30,
  /** How long a key may still be used after its time when the look-up fails, in seconds. */
  staleIfError: 86_400,
  /** How long to wait before a key whose signature failed is looked up again, in seconds. */
  refetchAfter: 30,
};

/** What a look-up gave, as a list of texts, one for each record. Of a JWK set the keys of that name are taken. */
function recordsOf(found, keyId) {
  if (found === null || found === undefined) return [];
  if (Array.isArray(found.keys)) return recordsOf(found.keys.filter((key) => key?.kid === keyId).map((key) => [key]));
  const list = Array.isArray(found) ? found : [found];
  if (list.length === 0) return [];
  // The pieces of one record are joined; lists of pieces are several records.
  const records = list.some((each) => Array.isArray(each)) ? list : [list];
  return records.slice(0, MAX_RECORDS).map((pieces) => {
    const texts = [pieces].flat().map((piece) => {
      if (typeof piece === "string") return piece;
      if (typeof piece?.kty === "string") return JSON.stringify(piece);
      throw new VerificationError("invalid-key", "resolveKey gave no record");
    });
    const joined = texts.join("");
    if (joined.length > MAX_TEXT) throw new VerificationError("key-too-long", "the key is too long");
    return joined;
  });
}

/** Imports what a look-up gave: `{keys, answer, detail}`, where `answer` says why there is no key. */
export function importKeys(found, keyId) {
  const keys = [];
  let answer = KEY_NOT_FOUND;
  let detail = "";
  for (const text of recordsOf(found, keyId)) {
    try {
      const { kind, spki } = core.readKey(text);
      keys.push({ kind, handle: host.engine.importKey(kind, spki) });
    } catch (error) {
      // A TXT record of another purpose at the same name is no key at all.
      if (answer === KEY_NOT_FOUND || /v=DKIM1/i.test(text)) {
        answer = error instanceof VerificationError ? KEY_UNUSABLE : LOOKUP_FAILED;
        detail = answer === KEY_UNUSABLE ? text : wordsOf(error);
      }
    }
  }
  return { keys, answer, detail };
}

/** An error in words that a report can hold. */
export function wordsOf(error) {
  return String(error?.message ?? error).slice(0, 200);
}

function failure(error) {
  return { keys: [], answer: LOOKUP_FAILED, detail: wordsOf(error) };
}

export class KeyCache {
  #entries = new Map();
  #inFlight = new Map();
  #resolve;
  #now;
  #limits;

  constructor(resolve, now, limits) {
    this.#resolve = resolve;
    this.#now = now;
    this.#limits = { ...CACHE_DEFAULTS, ...limits };
  }

  /** The entry of a name, if it is there and fresh. */
  peek(keyId) {
    const entry = this.#entries.get(keyId);
    return entry !== undefined && this.#now() < entry.until ? entry : undefined;
  }

  /** The entry of a name, looked up if need be. One look-up is in flight for a name. Never rejects. */
  get(keyId) {
    const entry = this.peek(keyId);
    return entry === undefined ? this.#lookUp(keyId) : Promise.resolve(entry);
  }

  /** The entry of a name from a function that answers at once; undefined if it does not. */
  getSync(keyId) {
    const entry = this.peek(keyId);
    if (entry !== undefined) return entry;
    let found;
    try {
      found = this.#resolve(keyId);
      if (typeof found?.then === "function") {
        found.then(undefined, () => {});
        return undefined;
      }
      found = importKeys(found, keyId);
    } catch (error) {
      found = failure(error);
    }
    return this.#keep(keyId, found);
  }

  /**
   * Looks a key up again whose signature failed: it may have been replaced. Undefined if it is too early for that. What
   * other calls found meanwhile, or are about to find, serves this one.
   */
  refetch(keyId, entry) {
    const now = this.#now();
    const flight = this.#inFlight.get(keyId) ?? this.peek(keyId);
    if (flight !== entry && flight !== undefined) return flight;
    if (now < entry.fetched + this.#limits.refetchAfter * 1000) return undefined;
    entry.fetched = now;
    return this.#lookUp(keyId);
  }

  #lookUp(keyId) {
    let flight = this.#inFlight.get(keyId);
    if (flight === undefined) {
      flight = this.#ask(keyId).finally(() => this.#inFlight.delete(keyId));
      this.#inFlight.set(keyId, flight);
    }
    return flight;
  }

  async #ask(keyId) {
    let found;
    try {
      found = importKeys(await this.#resolve(keyId), keyId);
    } catch (error) {
      found = failure(error);
    }
    return this.#keep(keyId, found);
  }

  #keep(keyId, found) {
    const now = this.#now();
    const { size, ttl, negativeTtl, staleIfError } = this.#limits;
    const old = this.#entries.get(keyId);
    if (found.answer === LOOKUP_FAILED && found.keys.length === 0 && now < old?.stale) {
      old.until = Math.max(old.until, Math.min(now + negativeTtl * 1000, old.stale));
      return old;
    }
    const known = found.keys.length > 0;
    const until = now + (known ? ttl : negativeTtl) * 1000;
    const entry = { ...found, fetched: now, until, stale: known ? until + staleIfError * 1000 : 0 };
    this.#entries.delete(keyId);
    this.#entries.set(keyId, entry);
    if (this.#entries.size > size) {
      // The oldest goes, as a Map keeps the order of insertion; names without a key before any key, as strangers make them up.
      const all = [...this.#entries];
      this.#entries.delete((all.find(([, { stale }]) => stale === 0) ?? all[0])[0]);
    }
    return entry;
  }
}
