// Where keys are found without Node's DNS: DNS over HTTPS, JWK sets, and what Seinpost publishes.
import { ResolveError } from "./resolve/error.js";
import { readSettings } from "./resolve/http.js";
import { answered, isName, question } from "./resolve/message.js";

export { ResolveError };

/** The longest DNS message there is, in bytes (RFC 1035 §4.2.2). */
const MAX_MESSAGE = 65_535;
/** How long a JWK set may be, in bytes. */
const MAX_SET = 1_048_576;
/** How long a published record may be, in bytes: as long as a verifier takes. */
const MAX_RECORD = 32_768;
/** How long a JWK set that was not to be had is not asked for again, in seconds, unless less is asked for. */
const FAILURE_COOLDOWN = 5;
const DNS_MESSAGE = "application/dns-message";

/** Keys by DNS over HTTPS. See resolve.d.ts. */
export function dnsOverHttps(url, options) {
  // Resolvers publish their URL as a template (RFC 8484 §4.1.1, RFC 6570).
  const { url: server, get } = readSettings(typeof url === "string" ? url.replace(/\{[?&]dns\}$/, "") : url, options);
  return async (keyId) => {
    const name = keyId.replace(/\.$/, "");
    if (!isName(name)) return null;
    const target = new URL(server);
    const parameter = `dns=${base64url(question(name))}`;
    target.search = target.search === "" ? parameter : `${target.search}&${parameter}`;
    return answered(await get(target, { accept: DNS_MESSAGE, type: DNS_MESSAGE, limit: MAX_MESSAGE }), name);
  };
}

function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** Keys of a JWK set by HTTPS. See resolve.d.ts. */
export function jwks(url, { cooldown = 30, now = Date.now, ...options } = {}) {
  const { url: target, get } = readSettings(url, options);
  if (!Number.isFinite(cooldown) || cooldown < 0) throw new ResolveError("invalid-options", "cooldown must be seconds, from 0");
  if (typeof now !== "function") throw new ResolveError("invalid-options", "now must be a function");
  let held = null;
  const ask = async () => {
    const accept = "application/jwk-set+json, application/json";
    return readSet(await get(target, { accept, limit: MAX_SET }), target);
  };
  const fetched = () => {
    // Strangers can ask for keys of any name: that must not become as many requests, whether they fail or not.
    if (held !== null && now() < held.until) return held.keys;
    const mine = { keys: ask(), until: Infinity };
    held = mine;
    const hold = (seconds) => () => (mine.until = now() + seconds * 1000);
    mine.keys.then(hold(cooldown), hold(Math.min(cooldown, FAILURE_COOLDOWN)));
    return mine.keys;
  };
  return async (keyId) => {
    const keys = (await fetched()).filter((key) => key?.kid === keyId && key.use !== "enc");
    return keys.length === 0 ? null : { keys };
  };
}

function readSet(bytes, { origin }) {
  let set;
  try {
    set = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new ResolveError("malformed", `${origin} answered what is no JSON`, { cause });
  }
  if (!Array.isArray(set?.keys)) throw new ResolveError("malformed", `${origin} answered no JWK set: it has no list "keys"`);
  return set.keys;
}

/** Keys that a Seinpost publishes. See resolve.d.ts. */
export function publishedKeys(baseUrl, options) {
  const { url: base, get } = readSettings(baseUrl, options);
  if (base.search !== "") throw new ResolveError("invalid-options", "the URL of the server must not have a query");
  return async (keyId) => {
    const name = keyId.replace(/\.$/, "");
    // A name of dots alone would be another path.
    if (!isName(name)) return null;
    const target = new URL(base);
    target.pathname = `${base.pathname.replace(/\/+$/, "")}/v1/keys/${encodeURIComponent(name)}`;
    const bytes = await get(target, { accept: "text/plain", type: "text/plain", absent: 404, limit: MAX_RECORD });
    return bytes === null ? null : new TextDecoder().decode(bytes);
  };
}
