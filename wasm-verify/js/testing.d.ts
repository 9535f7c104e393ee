/**
 * Signed requests for tests of receivers: valid ones of every type and profile, and ones that are spoilt by name. The keys are printed in this
 * package and prove nothing; the clock stands still. It works at once and everywhere: nothing is awaited, no crypto of the host is needed.
 *
 * ```js
 * const verifier = new Verifier(verifierOptions({ url }));
 * const answer = await fetch(...signedRequest({ url, type: "bounce", spoil: "stale" }));   // 401, check: "date"
 * ```
 */
import type { NonceStore } from "./nonces.js";

/** The types of events. */
export type TestEventType = "bounce" | "failure" | "click" | "open" | "delivery" | "abuse" | "profile";
/** The profiles. */
export type TestProfile = "cavage" | "standard" | "rfc9421";

/**
 * The ways to spoil a request. Of each, the checks that fail are told by {@link spoilsOf}.
 *
 * - `forged`: signed with a stranger's key under the sender's name
 * - `tampered`: the signature is changed
 * - `altered`: the body is changed after it was signed
 * - `newline`: a line feed is added to the body after it was signed
 * - `stale`, `future`: an hour old, an hour ahead
 * - `undated`, `not-a-date`: without a date, or with one that is none
 * - `replayed`: its nonce (`standard`: its id) is one that was seen before
 * - `other-host`, `other-environment`: properly signed, but for somebody else
 * - `foreign-keyid`: properly signed, but the key's name is not under the trusted domain
 * - `unknown-key`, `revoked-key`: the key's name has no record, or one that says it is revoked
 * - `wrong-algorithm`: names an HMAC where the key is an RSA key (`cavage`)
 * - `unsigned`, `unreadable`: without a signature, or with one that does not parse
 * - `uncovered`: the signature leaves the digest out
 * - `undigested`: the digest was taken away
 * - `undecodable`: properly signed, but the body is neither JSON nor a form
 */
export type Spoil =
  | "forged"
  | "tampered"
  | "altered"
  | "newline"
  | "stale"
  | "future"
  | "undated"
  | "not-a-date"
  | "replayed"
  | "other-host"
  | "other-environment"
  | "foreign-keyid"
  | "unknown-key"
  | "revoked-key"
  | "wrong-algorithm"
  | "unsigned"
  | "unreadable"
  | "uncovered"
  | "undigested"
  | "undecodable";

/** What {@link signedRequest}, {@link signedCall} and {@link verifierOptions} must agree on. */
export interface TestSetting {
  /** The profile, `cavage` by default. */
  profile?: TestProfile;
  /**
   * The receiver's URL, `https://hooks.example.com/hook` by default. Its host is the one that is signed. It is taken as
   * `fetch` sends it: `http://LOCALHOST:80/a b` is `http://localhost/a%20b`.
   */
  url?: string;
  /** The clock, in milliseconds since 1970; {@link TEST_TIME} by default. */
  now?: number;
  /** The environment, 1234 by default. */
  environment?: number;
  /** The domain under which the keys are, `sign.example.com` by default. */
  keyDomain?: string;
}

/** What a request is to be. */
export interface TestRequest extends TestSetting {
  /** The type of event, `bounce` by default. Another name makes an event of a type that is not known. */
  type?: TestEventType | (string & {});
  /** Variables to add or to change in the sample event. */
  event?: Record<string, unknown>;
  /** How the event is written, `json` by default. */
  format?: "json" | "form";
  /** A body of one's own in place of an event. */
  body?: Uint8Array | string;
  /** The content type, that of the format by default. */
  contentType?: string;
  /** How to spoil it; not at all by default. */
  spoil?: Spoil;
  /** The method, `POST` by default. */
  method?: string;
  /** The nonce, or the id of the profile `standard`; random by default. */
  nonce?: string;
  /** The name of the key, `test._domainkey.` and the key domain by default. */
  keyId?: string;
  /** `v1` (the default) or `v1a` for `standard`; `ed25519` (the default) or `rsa-v1_5-sha256` for `rfc9421`. */
  algorithm?: "rsa-sha256" | "v1" | "v1a" | "ed25519" | "rsa-v1_5-sha256";
  /** How `Digest` names SHA-256, `sha-256` by default. */
  digestName?: "sha-256" | "SHA-256";
}

/** The time at which requests are signed unless another is given: 2026-01-15 12:00:00 UTC, in milliseconds since 1970. */
export declare const TEST_TIME: number;

/** The types of events, in the documentation's order. */
export declare const EVENT_TYPES: readonly TestEventType[];

/**
 * A signed request as the arguments of `fetch`: `await fetch(...signedRequest({ type: "bounce", spoil: "stale" }))`.
 *
 * `fetch` sends the URL's own `Host`, so a request that is spoilt as `other-host` fails the check `signature` this way, where
 * {@link signedCall} fails `host`. In browsers it does not send `Date` either: hand the request to the code under test there,
 * `new Request(...signedRequest())`, or use {@link signedCall}.
 *
 * @throws TypeError if there is no such profile, spoil, format or algorithm.
 */
export declare function signedRequest(options?: TestRequest): [
  url: string,
  init: { method: string; headers: [name: string, value: string][]; body: Uint8Array<ArrayBuffer> },
];

/**
 * A signed request as an object: `await verifier.verify(signedCall({ profile: "standard" }))`.
 * @throws TypeError if there is no such profile, spoil, format or algorithm.
 */
export declare function signedCall(options?: TestRequest): {
  method: string;
  url: string;
  headers: [name: string, value: string][];
  body: Uint8Array<ArrayBuffer>;
};

/**
 * The options of a `Verifier` that accepts what is signed here: its clock, its keys, and a store of nonces that has seen the one of each
 * `replayed` request. For a `url` with `http:` it allows plain HTTP. Add your own: `new Verifier({ ...verifierOptions(), tolerance: 30 })`.
 */
export declare function verifierOptions(setting?: Omit<TestSetting, "profile"> & { profile?: TestProfile | "auto" }): {
  profile: TestProfile | "auto";
  now: number;
  nonces: NonceStore;
  allowHttp?: boolean;
  environment?: number;
  host?: string;
  keyDomain?: string;
  resolveKey?: (keyId: string) => string[][] | string | null;
  secret?: string;
  keys?: string[];
};

/** The TXT records under the name of a key, null if there are none: a function for `resolveKey`. */
export declare function testRecord(keyId: string, keyDomain?: string): string[][] | string | null;

/** The spoils that a profile has, and the check that each fails first; null where the call verifies, but cannot be decoded. */
export declare function spoilsOf(profile: TestProfile): { name: Spoil; check: string | null }[];

/**
 * A sample event of a type. Of a type that is not known, the variables that all have.
 * @param now When it happened, in milliseconds since 1970; {@link TEST_TIME} by default.
 */
export declare function sampleEvent(type?: TestEventType | (string & {}), now?: number): Record<string, unknown>;
