// The verifier: reads the request, lets the WebAssembly run the checks, and does with the host's crypto what is left.
import * as core from "./core.js";
import { host } from "./host.js";
import { VerificationError } from "./errors.js";
import { causesOf, changed, within } from "./explain.js";
import { KeyCache, importKeys, wordsOf } from "./keys.js";
import { readOptions } from "./options.js";
import {
  KEY_NOT_FOUND, LOOKUP_FAILED, NONCE_NEW, NONCE_SEEN, NONCE_STORE_FAILED, Report, SIGNATURE_INVALID, SIGNATURE_VALID,
  WRONG_KIND, newAnswers,
} from "./report.js";
import { decodableBytes, fieldOf, readRequest } from "./request.js";

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
    const atHand = new Map(read.known);
    const lookup = read.resolveKey ?? host.lookup;
    const resolve = (keyId) => {
      if (atHand.has(keyId)) return atHand.get(keyId);
      if (lookup === null) throw new VerificationError("no-lookup", "no look-up of keys here: give resolveKey");
      return lookup(keyId);
    };
    this.#cache = new KeyCache(resolve, read.now, read.cache);
  }

  #listed(keys) {
    return keys.flatMap((key) => {
      const { keys: found, answer } = importKeys(key);
      // What is wrong with it is told here, not with the first call.
      if (found.length === 0) core.readKey(typeof key === "string" ? key : JSON.stringify(key) ?? "");
      if (answer !== KEY_NOT_FOUND) throw new VerificationError("invalid-key", "a key cannot be used here");
      return found;
    });
  }

  async verify(request) {
    const call = readRequest(request, this.#standardOnly);
    const { engine } = host;
    this.#digest(call);
    if (!engine.sync) [call.sha256, call.sha512] = await Promise.all([call.sha256, call.sha512]);
    const now = this.#options.now();
    const step = this.#check(call, now);
    const answers = newAnswers(this.#options.language);
    let entry = null;
    if ((step.flags & core.VALID) === 0 && (step.flags & core.WORK) !== 0) {
      entry = this.#entryOf(step) ?? this.#cache.peek(step.keyId);
      if (entry === undefined || !engine.sync) core.keep(step);
      entry ??= await this.#cache.get(step.keyId);
      await this.#arithmetic(step, call, entry, answers);
      if (answers.signature === SIGNATURE_INVALID) {
        core.keep(step);
        // The key may have been replaced since it was cached.
        const fresh = await this.#cache.refetch(step.keyId, entry);
        if (fresh !== undefined) await this.#arithmetic(step, call, (entry = fresh), answers);
      }
    } else if ((step.flags & core.VALID) !== 0) {
      valid(answers, HMAC_SHA256);
    }
    let ok = step.failed === 0 && answers.signature === SIGNATURE_VALID;
    if (ok && (step.flags & core.NONCE) !== 0) {
      try {
        noteNonce(answers, await this.#options.nonces.add(step.nonce, this.#lifetime(step)));
      } catch (error) {
        nonceFailed(answers, error);
      }
      ok = answers.nonce === NONCE_NEW;
    }
    const larger = this.#wantsLarger(ok) ? await host.larger() : null;
    const search = ok ? null : this.#search(larger, step, call, now, answers);
    let turn;
    while (!ok && !(turn = search.next()).done) {
      const [trial, keyId, outcome] = turn.value;
      await this.#arithmetic(trial, call, keyId === undefined ? entry : await this.#cache.get(keyId), outcome);
    }
    return this.#report(ok, step, call, now, answers, larger, turn?.value);
  }

  verifySync(request) {
    const { engine } = host;
    if (!engine.sync) throw new VerificationError("no-sync", "crypto answers later here: use verify, or seinpost-verify/pure");
    const call = readRequest(request, this.#standardOnly);
    this.#digest(call);
    const now = this.#options.now();
    const step = this.#check(call, now);
    const answers = newAnswers(this.#options.language);
    let entry = null;
    if ((step.flags & core.VALID) !== 0) {
      valid(answers, HMAC_SHA256);
    } else if ((step.flags & core.WORK) !== 0) {
      entry = this.#entryOf(step) ?? this.#cache.peek(step.keyId);
      if (entry === undefined) {
        core.keep(step);
        entry = this.#cache.getSync(step.keyId);
      }
      if (entry === undefined) throw new VerificationError("key-not-at-hand", "the key must be looked up: use verify");
      this.#arithmeticSync(step, call, entry, answers);
      if (answers.signature === SIGNATURE_INVALID) {
        core.keep(step);
        const fresh = this.#cache.refetch(step.keyId, entry, true);
        if (fresh !== undefined) this.#arithmeticSync(step, call, (entry = fresh), answers);
      }
    }
    let ok = step.failed === 0 && answers.signature === SIGNATURE_VALID;
    if (ok && (step.flags & core.NONCE) !== 0) {
      this.#nonceSync(step, answers);
      ok = answers.nonce === NONCE_NEW;
    }
    const larger = this.#wantsLarger(ok) ? host.larger(true) : null;
    if (answers.signature === SIGNATURE_INVALID) core.keep(step);
    const search = ok ? null : this.#search(larger, step, call, now, answers);
    let turn;
    while (!ok && !(turn = search.next()).done) {
      const [trial, keyId, outcome] = turn.value;
      const other = keyId === undefined ? entry : this.#cache.getSync(keyId);
      if (other !== undefined) this.#arithmeticSync(trial, call, other, outcome);
    }
    return this.#report(ok, step, call, now, answers, larger, turn?.value);
  }

  /** Whether the core's English is not enough. */
  #wantsLarger(ok) {
    const { explain, language } = this.#options;
    return (explain && !ok) || language === "nl";
  }

  /** The causes of a refusal; gives out each step that is to be tried, the name of its key if not the call's, and where its answer goes. */
  *#search(larger, step, call, now, answers) {
    const { explain, settings } = this.#options;
    if (!explain) return undefined;
    const { causes, trials } = within(larger, settings, (id) => core.explain(id, call, now, answers));
    if (answers.signature !== SIGNATURE_VALID) {
      for (const trial of trials) {
        // Where the call's own key was not to be had, another may still be the one that signed it.
        if (answers.signature !== SIGNATURE_INVALID && trial.keyId === undefined) continue;
        const outcome = newAnswers();
        yield [changed(step, trial), trial.keyId, outcome];
        if (outcome.signature === SIGNATURE_VALID) return causesOf(causes, trial, step.flags & core.WITH_BODY);
      }
    }
    return causes;
  }

  #report(ok, step, call, now, answers, larger, causes) {
    const { settings } = this.#options;
    const report = (id) => core.report(id, call, now, answers);
    const write = () => within(larger ?? host.words() ?? core.whole(), settings, report);
    return new Report(ok, step.profile, call, write, ok ? step.nonce : "", causes);
  }

  forget(report) {
    const nonce = Report.nonceOf(report);
    return nonce === "" ? undefined : this.#options.nonces?.delete?.(nonce);
  }

  #nonceSync(step, answers) {
    try {
      const added = this.#options.nonces.add(step.nonce, this.#lifetime(step));
      if (typeof added?.then === "function") {
        added.then(undefined, () => {});
        throw new VerificationError("no-sync", "nonces answers later: use verify");
      }
      noteNonce(answers, added);
    } catch (error) {
      if (error instanceof VerificationError) throw error;
      nonceFailed(answers, error);
    }
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

  #wanted(call) {
    if (this.#standardOnly) return 0;
    const field = fieldOf(call, "digest") ?? fieldOf(call, "content-digest");
    if (field === undefined) return 0;
    return /sha-512/i.test(field) ? 2 : 1;
  }

  #digest(call) {
    const wanted = this.#wanted(call);
    if (wanted > 0) call.sha256 = host.engine.digest(256, call.body);
    if (wanted > 1) call.sha512 = host.engine.digest(512, call.body);
  }

  async #arithmetic(step, call, entry, answers) {
    if (host.engine.sync) return this.#arithmeticSync(step, call, entry, answers);
    try {
      for (const [key, algorithm, signature] of this.#attempts(step, entry, answers)) {
        if (await host.engine.verify(algorithm, key.handle, step.signingString, bodyOf(step, call), signature)) {
          return valid(answers, algorithm);
        }
      }
    } catch (error) {
      arithmeticFailed(answers, error);
    }
    return undefined;
  }

  #arithmeticSync(step, call, entry, answers) {
    try {
      for (const [key, algorithm, signature] of this.#attempts(step, entry, answers)) {
        if (host.engine.verify(algorithm, key.handle, step.signingString, bodyOf(step, call), signature)) {
          return valid(answers, algorithm);
        }
      }
    } catch (error) {
      arithmeticFailed(answers, error);
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
        const bits = (algorithms >>> (8 * (key.kind - 1))) & 127;
        for (let algorithm = 0; algorithm < 7; algorithm += 1) {
          if ((bits & (1 << algorithm)) !== 0) attempts.push([key, algorithm, signature]);
        }
      }
    }
    if (attempts.length > 0) answers.signature = SIGNATURE_INVALID;
    return attempts;
  }
}

function bodyOf(step, call) {
  return (step.flags & core.WITH_BODY) === 0 ? null : call.body;
}

function valid(answers, algorithm) {
  answers.signature = SIGNATURE_VALID;
  answers.number = algorithm;
}

function arithmeticFailed(answers, error) {
  answers.signature = LOOKUP_FAILED;
  answers.detail = wordsOf(error);
}

function noteNonce(answers, added) {
  answers.nonce = added === true ? NONCE_NEW : NONCE_SEEN;
}

function nonceFailed(answers, error) {
  answers.nonce = NONCE_STORE_FAILED;
  answers.nonceDetail = wordsOf(error);
}

export function decode(body, contentType) {
  return decodeWithNotes(body, contentType).event;
}

export function decodeWithNotes(body, contentType) {
  return core.decode(decodableBytes(body), typeof contentType === "string" ? contentType : "");
}
