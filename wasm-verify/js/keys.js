// Keys by name: found by the caller's function or by DNS, cached within bounds.
import * as core from "./core.js";
import { host } from "./host.js";
import { VerificationError } from "./errors.js";
import { KEY_NOT_FOUND, KEY_UNUSABLE, LOOKUP_FAILED } from "./report.js";

/** How many keys of one name are tried: several TXT records may stand at one name. */
const MAX_RECORDS = 4;
/** The longest of what a look-up may give, in characters. */
const MAX_TEXT = 32_768;
/** How many names are looked up at a time: strangers can make them up. */
const MAX_IN_FLIGHT = 64;

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
  /** How long a look-up may take, in seconds. */
  timeout: 10,
};

/** The longest time that is waited for, in milliseconds: timers keep none that is much longer. */
const MAX_WAIT = 2e9;

/** What a promise gives, if it does so in time: one that never settles would keep its place among those in flight for ever. */
function inTime(promise, seconds) {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`no answer within ${seconds} s`));
    const timer = setTimeout(late, Math.min(seconds * 1000, MAX_WAIT));
    Promise.resolve(promise).then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Whether something is a promise, if only of the caller's own make. */
export function isLater(value) {
  return typeof value?.then === "function";
}

/** What a look-up, or the option that is named, gave: a list of texts, one for each record. Of a JWK set the keys of that name are taken. */
export function recordsOf(found, keyId, source = "what resolveKey gave") {
  const list = Array.isArray(found?.keys) ? found.keys.filter((key) => key?.kid === keyId) : [found ?? []].flat();
  // The pieces of one record are joined; lists of pieces are several records, and so are pieces that begin one.
  const records = [];
  for (const piece of list) {
    if (typeof piece !== "string" || /^\W*(BEGIN|v=DKIM1)/.test(piece) || !records[0]) records.push([]);
    records.at(-1).push(piece);
  }
  return records.slice(0, MAX_RECORDS).map((pieces) => {
    const texts = pieces.flat().map((piece) => {
      if (typeof piece === "string") return piece;
      if (typeof piece?.kty === "string") return JSON.stringify(piece);
      throw new VerificationError("invalid-key", `${source} is no record, PEM or JWK`);
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
    this.#limits = limits;
  }

  /** The entry of a name, if it is there and fresh. */
  peek(keyId) {
    const entry = this.#entries.get(keyId);
    return entry !== undefined && this.#now() < entry.until ? entry : undefined;
  }

  /** The entry of a name, looked up if need be: see `#lookUp`. */
  get(keyId) {
    return this.peek(keyId) ?? this.#lookUp(keyId);
  }

  /**
   * Looks a key up again whose signature failed: it may have been replaced. Undefined if it is too early for that. What
   * other calls found meanwhile, or are about to find, serves this one.
   */
  refetch(keyId, entry) {
    const now = this.#now();
    // A secret of the caller's own is not from here.
    if (entry.fetched === undefined) return undefined;
    const known = this.#inFlight.get(keyId) ?? this.peek(keyId) ?? entry;
    if (known !== entry) return known;
    if (now < entry.fetched + this.#limits.refetchAfter * 1000 || this.#inFlight.size >= MAX_IN_FLIGHT) return undefined;
    entry.fetched = now;
    return this.#lookUp(keyId);
  }

  /**
   * The entry of a name that is looked up now. Where that takes time, a promise of it, which never rejects, and the same for all
   * who ask meanwhile.
   */
  #lookUp(keyId) {
    const inFlight = this.#inFlight;
    if (inFlight.has(keyId)) return inFlight.get(keyId);
    const busy = inFlight.size >= MAX_IN_FLIGHT;
    try {
      if (busy) throw new Error("too many look-ups at a time");
      const records = this.#resolve(keyId);
      if (!isLater(records)) return this.#keep(keyId, importKeys(records, keyId));
      const entry = inTime(records, this.#limits.timeout).then((found) => importKeys(found, keyId)).catch(failure).then((found) => {
        inFlight.delete(keyId);
        return this.#keep(keyId, found);
      });
      inFlight.set(keyId, entry);
      return entry;
    } catch (error) {
      return this.#keep(keyId, failure(error), busy);
    }
  }

  /** The entry of what was found; with `busy` it is not kept, as it says nothing of the name, which may be a good one. */
  #keep(keyId, found, busy) {
    const now = this.#now();
    const { size, ttl, negativeTtl, staleIfError } = this.#limits;
    const entries = this.#entries;
    const old = entries.get(keyId);
    if (found.answer === LOOKUP_FAILED && found.keys.length === 0 && now < old?.stale) {
      old.until = Math.max(old.until, Math.min(now + negativeTtl * 1000, old.stale));
      return old;
    }
    if (busy) return found;
    const known = found.keys.length > 0;
    const until = now + (known ? ttl : negativeTtl) * 1000;
    const entry = { ...found, fetched: now, until, stale: known ? until + staleIfError * 1000 : 0 };
    entries.delete(keyId);
    entries.set(keyId, entry);
    if (entries.size > size) {
      // The oldest goes, as a Map keeps the order of insertion; names without a key before any key, as strangers make them up.
      const all = [...entries];
      entries.delete((all.find(([, { stale }]) => stale === 0) ?? all[0])[0]);
    }
    return entry;
  }
}
