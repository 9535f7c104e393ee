// The verifier: reads the request, lets the WebAssembly run the checks, and does with the host's crypto what is left.
import * as core from "./core.js";
import { host } from "./host.js";
import { DecodeError, VerificationError } from "./errors.js";
import { causesOf, changed, within } from "./explain.js";
import { KeyCache, importKeys, isLater, wordsOf } from "./keys.js";
import { readOptions } from "./options.js";
import {
  KEY_NOT_FOUND, KEY_UNUSABLE, LOOKUP_FAILED, NONCE_NEW, NONCE_SEEN, NONCE_STORE_FAILED, Report, SIGNATURE_INVALID, SIGNATURE_VALID,
  WRONG_KIND, newAnswers,
} from "./report.js";
import { bodyBytes, fieldOf, readRequest } from "./request.js";

/** A body up to this long goes to WebAssembly with a `standard` call: its HMAC is quicker there than through the host. */
const SHORT_BODY = 1200;
/** So does one up to this long where the host hashes what stands in memory: a copy is cheaper than a hash in two steps. */
const HASHED_BODY = 4096;
const SECRET_KIND = 4;
/** HMAC-SHA256 by its number. */
const HMAC_SHA256 = 5;
/** Seconds, by the profile's number. */
const DATE_TOLERANCE = [60, 300, 60];

const released = new FinalizationRegistry(core.forget);

/** A verifier's number in the module in use, which may be another than the one it was created in. */
function numberOf({ own, settings }) {
  if (own.wasm !== host.wasm) Object.assign(own, core.create(settings));
  return own.id;
}

export class Verifier {
  #handle;
  #options;
  #secretKeys;
  #keys;
  #cache;
  #standardOnly;
  #used = false;
  /** Settles once a nonce is given back that `verifySync` could not wait for. */
  #returned;

  constructor(options = {}) {
    const read = readOptions(options);
    this.#options = read;
    this.#standardOnly = read.profiles.length === 1 && read.profiles[0] === "standard";
    if (!this.#standardOnly || read.keys !== undefined) core.whole();
    const own = core.create(read.settings);
    this.#handle = { own, settings: read.settings };
    released.register(this.#handle, own);
    this.#secretKeys = own.secrets.map((secret) => ({ kind: SECRET_KIND, handle: host.engine.importSecret(secret) }));
    this.#keys = Array.isArray(read.keys) ? this.#listed(read.keys) : [];
    const known = new Map(read.known);
    const lookup = read.resolveKey ?? host.lookup;
    const resolve = (keyId) => {
      if (known.has(keyId)) return known.get(keyId);
      if (lookup === undefined) throw new VerificationError("no-lookup", "no look-up of keys here: give resolveKey");
      return lookup(keyId);
    };
    this.#cache = new KeyCache(resolve, read.now, read.cache);
  }

  #listed(keys) {
    return keys.flatMap((key, index) => {
      const { keys: found, answer, detail } = importKeys(key);
      // What is wrong with it is told here, not with the first call.
      if (answer === KEY_UNUSABLE) core.readKey(detail);
      if (found.length === 0) throw new VerificationError("invalid-key", `keys[${index}] cannot be used here`);
      return found;
    });
  }

  async verify(request) {
    const call = this.#read(request);
    if (!host.engine.sync) [call.sha256, call.sha512] = await Promise.all([call.sha256, call.sha512]);
    const judged = this.#judge(call);
    return judged instanceof Report ? judged : run(judged);
  }

  verifySync(request) {
    if (!host.engine.sync) throw new VerificationError("no-sync", "crypto answers later here: use verify, or seinpost-verify/pure");
    const call = this.#read(request);
    const judged = this.#judge(call, true);
    return judged instanceof Report ? judged : run(judged, true);
  }

  /** The report, if the module alone could tell all; else the rest of the work, as `#rest` gives it out. */
  #judge(call, sync) {
    const now = this.#options.now();
    const step = this.#check(call, now);
    const answers = newAnswers(this.#options.language);
    if ((step.flags & core.VALID) !== 0) {
      valid(answers, HMAC_SHA256);
      const done = step.failed === 0 && (step.flags & core.NONCE) === 0 && answers.language === "en";
      if (done) return this.#report(true, step, call, now, answers, null);
    }
    return this.#rest(step, call, now, answers, sync);
  }

  /**
   * What a call needs beside the checks. Yields what may answer later. Other calls run meanwhile, and the memory that the
   * step points at becomes theirs: it is kept before the first yield, unless the signature is valid and nobody reads it again.
   */
  *#rest(step, call, now, answers, sync) {
    const { engine } = host;
    const { explain, nonces } = this.#options;
    let entry = null;
    if ((step.flags & (core.VALID | core.WORK)) === core.WORK) {
      entry = this.#entryOf(step) ?? this.#cache.peek(step.keyId);
      if (entry === undefined || !engine.sync || engine.inMemory) core.keep(step);
      entry ??= yield atHand(this.#cache.get(step.keyId), sync);
      if (entry === undefined) throw new VerificationError("key-not-at-hand", "the key must be looked up: use verify");
      yield* this.#arithmetic(step, call, entry, answers);
      if (answers.signature !== SIGNATURE_VALID) core.keep(step);
      if (answers.signature === SIGNATURE_INVALID || answers.signature === WRONG_KIND) {
        // The key may have been replaced since it was cached, also by one of another kind.
        const fresh = yield atHand(this.#cache.refetch(step.keyId, entry), sync);
        // A secret of the caller's own is not made void by there being no key of that name.
        if (fresh && (entry.until || fresh.keys[0])) yield* this.#arithmetic(step, call, (entry = fresh), answers);
      }
    }
    // Before the nonce is spent: this may have to wait, or fail.
    let larger = answers.language === "nl" ? yield host.larger() : null;
    let ok = step.failed === 0 && answers.signature === SIGNATURE_VALID;
    if (ok && (step.flags & core.NONCE) !== 0) {
      try {
        yield this.#returned;
        const kept = nonces.add(step.nonce, this.#lifetime(step));
        // `run` waits for nothing here, so the nonce is given back; with such a store none is spent at once again.
        if (sync && isLater(kept)) this.#returned = Promise.resolve(kept).then((isNew) => isNew === true && nonces.delete?.(step.nonce)).catch(() => {});
        const isNew = yield kept;
        if (typeof isNew !== "boolean") throw new Error(`add gave ${JSON.stringify(isNew)}, not true or false`);
        answers.nonce = isNew ? NONCE_NEW : NONCE_SEEN;
      } catch (error) {
        answers.nonce = NONCE_STORE_FAILED;
        answers.nonceDetail = wordsOf(error);
      }
      ok = answers.nonce === NONCE_NEW;
    }
    let causes;
    if (explain && !ok && (larger ??= yield host.larger())) {
      causes = yield* this.#search(larger, step, call, now, answers, entry, sync);
    }
    return this.#report(ok, step, call, now, answers, larger, causes);
  }

  /** The causes of a refusal. */
  *#search(larger, step, call, now, answers, entry, sync) {
    const { causes, trials } = within(larger, this.#options.settings, (id) => core.explain(id, call, now, answers));
    if (answers.signature === SIGNATURE_VALID) return causes;
    for (const trial of trials) {
      const { keyId } = trial;
      // Where the call's own key was not to be had, another may still be the one that signed it.
      if (answers.signature !== SIGNATURE_INVALID && keyId === undefined) continue;
      const outcome = newAnswers();
      const other = keyId === undefined ? entry : yield atHand(this.#cache.get(keyId), sync);
      if (other !== undefined) yield* this.#arithmetic(changed(step, trial), call, other, outcome);
      if (outcome.signature === SIGNATURE_VALID) return causesOf(causes, trial, step.flags & core.WITH_BODY);
    }
    return causes;
  }

  #report(ok, step, call, now, answers, larger, causes) {
    const report = (id) => core.report(id, call, now, answers);
    const write = () => within(larger ?? host.words() ?? core.whole(), this.#options.settings, report);
    return new Report(ok, step.profile, call, write, ok ? step.nonce : "", causes);
  }

  forget(report) {
    const nonce = Report.nonceOf(report);
    return nonce === "" ? undefined : this.#options.nonces?.delete?.(nonce);
  }

  /** How long a nonce must be kept, in seconds: until its call is too old, however the clocks differ. */
  #lifetime(step) {
    const { tolerance } = this.#options;
    return 2 * (tolerance ?? DATE_TOLERANCE[step.profile]) + 1;
  }

  #check(call, now) {
    if (this.#secretKeys.length === 0) return core.check(numberOf(this.#handle), call, now, false);
    const { engine } = host;
    // The first call does without what takes long to load.
    if (engine.sha256 === null && (this.#used || call.body.length > SHORT_BODY)) engine.warmUp();
    this.#used = true;
    const sha256 = engine.sha256 ?? undefined;
    return core.check(numberOf(this.#handle), call, now, call.body.length <= (sha256 ? HASHED_BODY : SHORT_BODY), sha256);
  }

  /** The keys that need no look-up: those of calls that name none. A secret serves calls that name it, too, unless a key of that name is known. */
  #entryOf({ keyId, candidates }) {
    const keys = this.#secretKeys;
    const answer = { keys, answer: KEY_NOT_FOUND, detail: "" };
    if (keyId === "") return { ...answer, keys: [...keys, ...this.#keys] };
    if (keys.length === 0 || candidates.some(({ algorithms }) => algorithms >>> 24 === 0)) return undefined;
    if (candidates.every(({ algorithms }) => algorithms << 8 === 0)) return answer;
    // The call leaves open that the key is another: it may be looked up when the secret is not the one.
    return this.#cache.peek(keyId)?.keys.length > 0 ? undefined : { ...answer, fetched: 0 };
  }

  /** A call, with the digests of its body that it may have to match. */
  #read(request) {
    const few = this.#standardOnly;
    const call = readRequest(request, few);
    // Both fields may be there, and each profile reads its own.
    const fields = few ? "" : [fieldOf(call, "digest"), fieldOf(call, "content-digest")].join("");
    if (fields !== "") call.sha256 = host.engine.digest(256, call.body);
    if (/sha-512/i.test(fields)) call.sha512 = host.engine.digest(512, call.body);
    return call;
  }

  /** Yields what an engine answers later. */
  *#arithmetic(step, call, entry, answers) {
    const { engine } = host;
    const body = (step.flags & core.WITH_BODY) === 0 ? null : call.body;
    try {
      for (const [key, algorithm, signature] of this.#attempts(step, entry, answers)) {
        const answer = engine.verify(algorithm, key.handle, step.signingString, body, signature);
        if (engine.sync ? answer : yield answer) return valid(answers, algorithm);
      }
    } catch (error) {
      answers.signature = LOOKUP_FAILED;
      answers.detail = wordsOf(error);
    }
    return undefined;
  }

  /** Every key with every signature and algorithm that fit; sets the answer for the case that none is valid. */
  #attempts(step, entry, answers) {
    answers.signature = entry.answer;
    answers.detail = entry.detail;
    const attempts = [];
    for (const key of entry.keys) {
      if (attempts.length === 0) {
        answers.signature = WRONG_KIND;
        answers.number = key.kind;
      }
      for (const { algorithms, signature } of step.candidates) {
        // Above its kind stand the algorithms that a key is not for (../src/keys.rs); of a shift only the lowest five bits count.
        const bits = (algorithms >>> (8 * key.kind - 8)) & ~(key.kind >> 3);
        for (let algorithm = 0; algorithm < 7; algorithm += 1) {
          if ((bits & (1 << algorithm)) !== 0) attempts.push([key, algorithm, signature]);
        }
      }
    }
    if (attempts.length > 0) answers.signature = SIGNATURE_INVALID;
    return attempts;
  }
}

/** What is there at once; with `sync` what comes later is not waited for. The cache keeps it for the calls after this one. */
function atHand(found, sync) {
  return sync && isLater(found) ? undefined : found;
}

/** Runs a generator to its end, waiting for what it yields where that is a promise; with `sync` that is an error. */
function run(rest, sync, turn = rest.next()) {
  while (!turn.done) {
    const { value } = turn;
    if (isLater(value)) {
      if (sync) {
        value.then(undefined, () => {});
        throw new VerificationError("no-sync", "nonces or explain answers later here: use verify");
      }
      const next = Promise.resolve(value).then((found) => rest.next(found), (error) => rest.throw(error));
      return next.then((after) => run(rest, false, after));
    }
    turn = rest.next(value);
  }
  return turn.value;
}

function valid(answers, algorithm) {
  answers.signature = SIGNATURE_VALID;
  answers.number = algorithm;
}

export function decode(body, contentType) {
  return decodeWithNotes(body, contentType).event;
}

export function decodeWithNotes(body, contentType) {
  return core.decode(bodyBytes(body, DecodeError), `${contentType ?? ""}`);
}
