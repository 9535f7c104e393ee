// What came of a verification. Its sentences are made when somebody reads them.
import * as core from "./core.js";
import { VerificationError } from "./errors.js";
import { fieldOf } from "./request.js";

/** Answers on the signature, as ../src/reporting.rs knows them. */
export const UNANSWERED = 0;
export const SIGNATURE_VALID = 1;
export const SIGNATURE_INVALID = 2;
export const KEY_NOT_FOUND = 3;
export const KEY_UNUSABLE = 4;
export const WRONG_KIND = 5;
export const LOOKUP_FAILED = 6;
/** Answers on the nonce. */
export const NONCE_NEW = 1;
export const NONCE_SEEN = 2;
export const NONCE_STORE_FAILED = 3;

/** In the order of their numbers. */
export const PROFILES = ["cavage", "standard", "rfc9421"];

export function newAnswers(language) {
  return { signature: UNANSWERED, number: 0, detail: "", nonce: UNANSWERED, nonceDetail: "", language };
}

export class Report {
  #call;
  #write;
  #nonce;
  #texts = null;
  #decoded = null;

  /** `write` makes the sentences; `nonce` is the one that was kept for this call, if any. */
  constructor(ok, profile, call, write, nonce, causes = []) {
    this.ok = ok;
    this.profile = PROFILES[profile];
    this.causes = causes;
    this.#call = call;
    this.#write = write;
    this.#nonce = nonce;
  }

  /** The nonce that was kept for a call. */
  static nonceOf(report) {
    return report.#nonce;
  }

  #read() {
    return (this.#texts ??= this.#write());
  }

  get checks() {
    return this.#read().checks;
  }

  get notes() {
    return this.#read().notes;
  }

  get signingString() {
    return this.#read().signingString;
  }

  get skew() {
    return this.#read().skew;
  }

  get failed() {
    return this.checks.filter((check) => check.outcome === "fail");
  }

  get event() {
    return this.#decode().event;
  }

  get eventNotes() {
    return this.#decode().notes;
  }

  #decode() {
    if (!this.ok) {
      throw new VerificationError("not-verified", "the call was refused: see report.checks");
    }
    return (this.#decoded ??= core.decode(this.#call.body, fieldOf(this.#call, "content-type") ?? ""));
  }

  toString() {
    const lines = this.checks.map(({ name, outcome, reason, next }) => `${outcome}  ${name}: ${reason}${next ? `\n      → ${next}` : ""}`);
    for (const { text, cure } of this.causes) lines.push(`cause: ${text}. ${cure}`);
    return [this.ok ? "verified" : "refused", ...lines].join("\n");
  }

  toJSON() {
    return { ok: this.ok, ...this.#read(), causes: this.causes };
  }
}
