/**
 * Verifies signed webhooks and tells why one was refused.
 *
 * ```js
 * import { Verifier } from "seinpost-verify";
 *
 * const verifier = new Verifier({ environment: 1234, host: "example.com" });
 * const report = await verifier.verify({ method, url, headers, body });
 * if (report.ok) handle(report.event);
 * else console.warn(String(report));
 * ```
 */
import type { Diagnosis } from "./mail.js";
import type { NonceStore } from "./nonces.js";

export type { NonceStore } from "./nonces.js";
export { MemoryNonceStore } from "./nonces.js";

/** How calls are signed: SMTPeter's (draft-cavage-http-signatures), Standard Webhooks, or HTTP Message Signatures. */
export type Profile = "cavage" | "standard" | "rfc9421";

/** The checks of a report, in their order. `standard` has `https`, `date`, `signature` and `nonce` alone. */
export type CheckName =
  | "https"
  | "date"
  | "host"
  | "digest"
  | "coverage"
  | "environment"
  | "keyid"
  | "signature"
  | "nonce";

/** What came of one check. */
export interface Check {
  readonly name: CheckName;
  /** `skip`: not looked at, because the receiver did not ask for it or what it needs is not there. */
  readonly outcome: "pass" | "fail" | "skip";
  /** Why, in plain words, in the verifier's language. */
  readonly reason: string;
  /** What to do about it, in one sentence: of a check that failed. It stands in a file of its own; where that cannot be loaded, it is left out. */
  readonly next?: string;
}

/** A public key as JSON (RFC 7517): RSA, Ed25519 or P-256. */
export interface Jwk {
  readonly kty: string;
  readonly [member: string]: unknown;
}

/**
 * What a look-up of a key gives: a TXT record as a string or in its pieces, several records in a list of such; a PEM; a
 * JWK or a JWK set (whose `kid` is the key's name); or null. In a list, what begins with `-----BEGIN` or `v=DKIM1`, and a JWK, is
 * a key of its own, and any other string a piece of the one before it. At most four keys of a name are tried.
 */
export type KeyRecord =
  | string
  | readonly string[]
  | readonly (readonly string[])[]
  | readonly Jwk[]
  | Jwk
  | { readonly keys: readonly Jwk[] }
  | null
  | undefined;

/** How long keys that were looked up are kept. All times are in seconds. */
export interface CacheOptions {
  /** How many names are kept at most; 256. Those without a key make room first. */
  size?: number;
  /** How long a key is kept; 300. After a revocation it may be used this long. */
  ttl?: number;
  /** How long it is remembered that there is no key; 30. */
  negativeTtl?: number;
  /** How long a key may be used after its time while look-ups fail; 86 400. */
  staleIfError?: number;
  /** How often at most a key is looked up again because a signature failed under it, or it was of another kind; 30. */
  refetchAfter?: number;
  /** How long a look-up may take, also one by `resolveKey`; 10. Then it has failed. */
  timeout?: number;
}

/**
 * What a receiver asks of a call. An option that is not known, in `cache` too, is an error: a misspelt one would loosen nothing
 * silently. One that is undefined is as if it were not there; one that is an empty list is an error, but for `keys`.
 */
export interface VerifierOptions {
  /**
   * How the calls are signed; `cavage` by default. `auto` takes the profile whose header fields are there, among those
   * that are configured: `cavage` and `rfc9421` if there is an `environment`, `standard` if there is a `secret` or a list of `keys`.
   */
  profile?: Profile | "auto";
  /**
   * Your environment's number, or several. Needed for `cavage` and `rfc9421`: without it, other customers of the sender could sign
   * calls to you. `"any"` accepts just that.
   */
  environment?: number | bigint | string | readonly (number | bigint | string)[];
  /** Your own host, or several, with a port if it is not the default one. If left out, the check `host` is skipped. */
  host?: string | readonly string[];
  /**
   * The domain (or several) under which the sender publishes its keys; `copernica.com` by default, SMTPeter's. `"any"`
   * trusts a key of any name that `resolveKey` gives: anyone with a domain could then sign calls, if it asks the DNS.
   */
  keyDomain?: string | readonly string[];
  /** How far a call's time may be from this clock, in whole seconds; 60, or 300 for `standard`. Longer is more time for a replay. */
  tolerance?: number;
  /**
   * Gives the key of a name, at once or later. In Node the TXT records of the DNS are asked by default. What it throws
   * makes the check `signature` fail, with its `message` as the reason.
   */
  resolveKey?: (keyId: string) => KeyRecord | PromiseLike<KeyRecord>;
  /** The shared secret (`whsec_…`, or its bytes), or several during rotation. */
  secret?: string | Uint8Array | readonly (string | Uint8Array)[];
  /**
   * Keys at hand: by name (they are trusted whatever their name, and no look-up is needed), or for `standard` a list of
   * public ones (`whpk_…`, or any other form). Calls of the other profiles name their key: those of a list are not for them,
   * but `explain` tells if one of them would have been the right one. What is no key is an error at once (`invalid-key`). An empty
   * list has every call refused for want of a key, with all other checks made.
   */
  keys?: Readonly<Record<string, KeyRecord>> | readonly (string | Jwk)[];
  /** The clock: Unix milliseconds, or a function that gives them; `Date.now` by default. */
  now?: number | (() => number);
  /** How long keys that were looked up are kept. */
  cache?: CacheOptions;
  /** Remembers nonces, so that a call cannot be played again. If left out, the check `nonce` is skipped. */
  nonces?: NonceStore;
  /**
   * Accepts calls over plain HTTP, as on a developer's own machine; `false` by default. Where `url` is a path, a signature over
   * the scheme (`rfc9421`) is then taken to be over `http`.
   */
  allowHttp?: boolean;
  /**
   * Searches, when a call is refused, for what would make it verify (`report.causes`), within bounds: about forty forms of
   * a body of at most 1 MiB, and 64 signing strings. Nothing that is found is accepted. `false` by default: in production
   * it would be work that strangers give you.
   */
  explain?: boolean;
  /**
   * The language of reports: English by default, or Dutch, for which a second module is loaded; not in workers. Where that
   * module cannot be loaded, the report is in English. (`explain` finds no causes then. Node warns of it.)
   */
  language?: "en" | "nl";
}

/** The header fields of a call, names in any case: a `Headers`, Node's `headers` or `rawHeaders`, an object, or pairs. */
export type HeadersLike =
  | Iterable<readonly [name: string, value: string]>
  | Readonly<Record<string, string | number | readonly string[] | undefined>>
  | readonly string[];

/** A call as it came in. */
export interface RequestLike {
  /** The method; `POST` by default. */
  method?: string;
  /**
   * An absolute URL, or path and query, as they came. With a path alone the check `https` is skipped. What an absolute URL says of
   * scheme and host is believed: of a target that a caller wrote so (`POST https://…`), give path and query alone.
   */
  url: string | URL;
  /** The header fields. A value is taken as the bytes that HTTP carries: Latin-1, or UTF-8 if it has characters beyond. */
  headers: HeadersLike;
  /** The raw body, as bytes; a string is taken as UTF-8. One that was parsed and written again cannot be verified. */
  body?: Uint8Array | ArrayBuffer | ArrayBufferView | string | null;
}

/** A value in an event. A number that JavaScript would change (`12345678901234567890`, `1.0`) is a string of its digits. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

interface Variables<Type extends string> {
  /** What happened. */
  readonly type: Type;
  /** The id of the message it is about. */
  readonly id: string;
  /** The tags of the message. */
  readonly tags: readonly string[];
  /** Variables that this version does not know are handed on. */
  readonly [name: string]: Json | undefined;
}

interface Timed {
  /** When, as `YYYY-MM-DD HH:MM:SS` in UTC. */
  readonly timestamp: string;
  /** When, in Unix seconds, as digits. */
  readonly time: string;
  /** The address that the message was sent to. */
  readonly recipient: string;
}

/** Something was sent back to the envelope address. */
export interface BounceEvent extends Variables<"bounce">, Timed {
  /** The envelope address. */
  readonly envelope: string;
  /** What was sent back, as MIME. */
  readonly mime: string;
  /** What it means, where the webhook has its option `diagnosis` on. In a form every value is a string. */
  readonly diagnosis?: Diagnosis;
}

/** A delivery failed, at once or later. */
export interface FailureEvent extends Variables<"failure">, Timed {
  readonly action: "failure" | "failed" | (string & {});
  /** The SMTP state; `bounce` if it failed later. */
  readonly state: string;
  /** The SMTP code. */
  readonly code?: string;
  /** The enhanced status code (RFC 3463). */
  readonly extended?: string;
  /** What the other server said. */
  readonly description?: string;
}

/** A link was followed. */
export interface ClickEvent extends Variables<"click">, Timed {
  readonly ip: string;
  /** The URL. */
  readonly original: string;
  readonly useragent?: string;
  readonly referer?: string;
}

/** An image was fetched. */
export interface OpenEvent extends Variables<"open">, Timed {
  readonly ip: string;
  readonly useragent?: string;
  readonly referer?: string;
}

/** A receiving server accepted the message. */
export interface DeliveryEvent extends Variables<"delivery">, Timed {
  readonly code: string;
  readonly extended: string;
  readonly description: string;
}

/** A recipient reported the message as spam. */
export interface AbuseEvent {
  readonly type: "abuse";
  readonly id: string;
  readonly emailfrom: string;
  /** The report (RFC 5965), as MIME. */
  readonly mime: string;
  /** What it means, where the webhook has its option `diagnosis` on. In a form every value is a string. */
  readonly diagnosis?: Diagnosis;
  readonly time?: string;
  readonly timestamp?: string;
  readonly recipient?: string;
  readonly tags?: readonly string[];
  readonly [name: string]: Json | undefined;
}

/** A recipient's profile was changed. */
export interface ProfileEvent extends Variables<"profile">, Timed {
  readonly action: "create" | "update" | "delete" | (string & {});
  /** Name to new value. */
  readonly fields: { readonly [name: string]: Json };
}

/** An event of a type that this version does not know. */
export interface UnknownEvent {
  readonly type: "unknown";
  /** The name of the type. */
  readonly name: string;
  /** All its variables. */
  readonly variables: { readonly [name: string]: Json };
}

/** An event, told apart by `type`. */
export type Event =
  | BounceEvent
  | FailureEvent
  | ClickEvent
  | OpenEvent
  | DeliveryEvent
  | AbuseEvent
  | ProfileEvent
  | UnknownEvent;

/** What would have made a refused call verify. */
export interface Cause {
  /** A name that never changes, such as `json-rewritten`, `line-end-lost`, `base64`, `path-prefix`, `path-stripped`, `key` or `clock-zone`. */
  readonly code: string;
  /** What happened, in words. */
  readonly text: string;
  /** What to do about it. */
  readonly cure: string;
  /** The signing string that was signed, where it is another than the report's; one character for each byte. */
  readonly signingString?: string;
}

/** What came of a verification. Everything but `ok` and `profile` is worked out when it is first read. */
export declare class Report {
  private constructor();
  /** Whether the call is to be believed: no check failed, and the signature is valid. */
  readonly ok: boolean;
  /** The profile by which the call was verified. */
  readonly profile: Profile;
  /** Every check of the profile, in order. */
  readonly checks: readonly Check[];
  /** What would have made a refused call verify, if the verifier has `explain` and found it. */
  readonly causes: readonly Cause[];
  /** The checks that failed. */
  readonly failed: readonly Check[];
  /** By how many seconds the call's time is ahead of this clock (negative: behind); undefined if it has none. */
  readonly skew: number | undefined;
  /** What is not as it should be about the call, but was put up with, in words. */
  readonly notes: readonly string[];
  /** The signing string as rebuilt, without the body that may follow it; null if it could not be. */
  readonly signingString: string | null;
  /**
   * The event in the body.
   * @throws VerificationError `not-verified` if the call was refused: use `decode` to look at it all the same.
   * @throws DecodeError if the body cannot be read.
   */
  readonly event: Event;
  /** What was put up with to read the event, in words. Throws as `event` does. */
  readonly eventNotes: readonly string[];
  /** The report as lines of text. */
  toString(): string;
  /** The report as plain data. */
  toJSON(): {
    ok: boolean;
    profile: Profile;
    checks: readonly Check[];
    causes: readonly Cause[];
    skew: number | undefined;
    notes: readonly string[];
    signingString: string | null;
  };
}

/** Verifies calls. One for each receiver, made once: it keeps keys ready. */
export declare class Verifier {
  /** @throws VerificationError if an option is wrong. */
  constructor(options: VerifierOptions);
  /**
   * Verifies a call. A call that is refused gives a report, whatever is in it.
   * @throws VerificationError (as a rejection) if the request is not a request: its `code` is `invalid-request`,
   *   `invalid-body` or `lone-surrogate`.
   */
  verify(request: RequestLike): Promise<Report>;
  /**
   * Verifies a call at once, with a key at hand: a `secret`, `keys`, a cached key, or a `resolveKey` that answers at once.
   * @throws VerificationError as `verify`; `key-not-at-hand` if the key must be waited for (its look-up has begun then, and what it
   *   gives serves the calls after it), `no-sync` if this runtime's
   *   crypto or the store of nonces must be. A nonce that the store was given by then is deleted from it again, if it can.
   */
  verifySync(request: RequestLike): Report;
  /** Forgets the nonce of a call that could not be handled, so that it may be sent again. */
  forget(report: Report): void | Promise<void>;
}

/**
 * Decodes a body, without verifying anything.
 * @param contentType The value of `Content-Type`; guessed from the body if it is not given.
 * @throws DecodeError
 */
export declare function decode(body: NonNullable<RequestLike["body"]>, contentType?: string | null): Event;

/** As `decode`, with what was put up with, in words. */
export declare function decodeWithNotes(
  body: NonNullable<RequestLike["body"]>,
  contentType?: string | null,
): { event: Event; notes: readonly string[] };

/** What a caller did wrong. */
export declare class VerificationError extends Error {
  private constructor();
  readonly name: "VerificationError";
  /** A name that never changes: see the table in the README. */
  readonly code: string;
}

/** Why a body could not be decoded. */
export declare class DecodeError extends Error {
  private constructor();
  readonly name: "DecodeError";
  /** A name that never changes: see the table in the README. */
  readonly code: string;
  /** The variable that is wrong, where it is one. */
  readonly variable: string | undefined;
  /** Where in the body, in bytes from 0. */
  readonly offset: number | undefined;
}
