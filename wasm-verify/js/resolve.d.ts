/**
 * Where keys are found if not in Node's DNS: in browsers, edge runtimes, and behind firewalls. Plain JavaScript that needs
 * nothing but `fetch`. Each function gives a `resolveKey` for `new Verifier({ resolveKey })`, which caches what it gives.
 * Answers are bounded in size and time, redirections are not followed, and nothing but HTTPS is asked unless you say so.
 */
import type { Jwk } from "./index.js";

/** What is wrong. These stay the same from version to version. */
export type ResolveErrorCode =
  /** An option is wrong; thrown at once, not with the first key. */
  | "invalid-options"
  /** No connection, no name, no trust in its certificate, or CORS; `cause` is the runtime's error. */
  | "unreachable"
  /** No whole answer within `timeout`. */
  | "timeout"
  /** The server redirects, which is not followed. */
  | "redirected"
  /** A status other than 200. */
  | "http-status"
  /** The answer's `Content-Type` is another than was asked for. */
  | "wrong-type"
  /** The answer is longer than 64 KiB (DNS), 1 MiB (a JWK set) or 32 KiB (a record). */
  | "too-large"
  /** The answer cannot be read. */
  | "malformed"
  /** The resolver has a failure of its own (RFC 1035 §4.1.1: SERVFAIL, REFUSED and so on). */
  | "dns-failure";

/** Why a key could not be looked up. Its `message` becomes the reason of the check `signature`. */
export declare class ResolveError extends Error {
  readonly name: "ResolveError";
  readonly code: ResolveErrorCode;
}

/** What all look-ups take. */
export interface ResolveOptions {
  /** Does the request, as the global `fetch`, which is the default, does. It must heed `signal`. */
  fetch?: (url: string, init: { headers: Record<string, string>; redirect: "manual"; signal: AbortSignal }) => Promise<Response>;
  /** How long a look-up may take, to the last byte, in milliseconds; 5000 by default. */
  timeout?: number;
  /** Also takes `http://`: whoever is on the way can then forge keys. For a server on your own machine. */
  allowHttp?: boolean;
}

/** What {@link jwks} takes. */
export interface JwksOptions extends ResolveOptions {
  /** How long a set serves keys of all names before it may be asked again, in seconds; 30 by default. After a failure it is 5 at most. */
  cooldown?: number;
  /** A clock in milliseconds, `Date.now` by default; for tests. */
  now?: () => number;
}

/**
 * Keys in the DNS (RFC 6376 §3.6.2), by DNS over HTTPS (RFC 8484) in its wire format.
 *
 * @param url The resolver's, such as `https://dns.example.net/dns-query`; a template that ends in `{?dns}` is taken as well.
 * @returns A function that gives the TXT records at a key's name, each in its pieces; or null if there are none or there
 *   is no such name. Aliases (CNAME) are followed as far as the resolver answered them.
 * @throws ResolveError (`invalid-options`); the function rejects with the other codes.
 */
export declare function dnsOverHttps(url: string | URL, options?: ResolveOptions): (keyId: string) => Promise<string[][] | null>;

/**
 * Keys of a JWK set (RFC 7517 §5) by HTTPS: those whose `kid` is the key's name, unless they are for encryption.
 * The set itself says which keys are trusted, so `keyDomain: "any"` fits a verifier whose keys have names outside the DNS.
 *
 * @param url Where the set is, such as `https://sender.example.com/.well-known/jwks.json`.
 * @returns A function that gives the keys of that name, or null. One request is under way at a time, whatever the names.
 * @throws ResolveError (`invalid-options`); the function rejects with the other codes.
 */
export declare function jwks(url: string | URL, options?: JwksOptions): (keyId: string) => Promise<{ keys: Jwk[] } | null>;

/**
 * Keys that a Seinpost publishes (`GET /v1/keys/KEYID`), for receivers that cannot ask the DNS.
 *
 * @param baseUrl The server's, such as `https://seinpost.example.com`, with the path it stands under, if any.
 * @returns A function that gives the DKIM record of a key, or null where the server has none of that name.
 * @throws ResolveError (`invalid-options`); the function rejects with the other codes.
 */
export declare function publishedKeys(baseUrl: string | URL, options?: ResolveOptions): (keyId: string) => Promise<string | null>;
