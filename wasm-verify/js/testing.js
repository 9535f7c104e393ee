import { MemoryNonceStore } from "./nonces.js";
import { SENDER } from "./testing/keys.js";
import { ALGORITHMS, PROFILES } from "./testing/profiles.js";
import { EVENT_TYPES, sampleEvent as sample, toForm } from "./testing/samples.js";
import { REPLAYED, SPOILS, spoilsOf } from "./testing/spoils.js";

export { EVENT_TYPES, spoilsOf };

/** The time that requests are signed at unless another is given: 2026-01-15 12:00:00 UTC, in milliseconds. */
export const TEST_TIME = Date.UTC(2026, 0, 15, 12);
/** The environment, the URL and the domain of the keys, unless others are given. */
const ENVIRONMENT = 1234;
const URL_OF_RECEIVER = "https://hooks.example.com/hook";
const KEY_DOMAIN = "sign.example.com";
const SELECTOR = "test._domainkey.";

/** A sample event of a type. See testing.d.ts. */
export function sampleEvent(type, now = TEST_TIME) {
  return sample(type, now);
}

/** A signed request, for `fetch(...signedRequest(…))`. See testing.d.ts. */
export function signedRequest(options = {}) {
  const { method, headers, body } = signedCall(options);
  return [sentUrl(options), { method, headers, body }];
}

/** A signed request, for `verifier.verify(signedCall(…))`. See testing.d.ts. */
export function signedCall(options = {}) {
  const { profile = "cavage", spoil } = options;
  const { before, after } = lookUp(options, profile, spoil);
  const plan = planOf(options, profile);
  before?.(plan);
  const call = { method: plan.method, url: plan.url, headers: PROFILES[profile](plan), body: plan.body };
  after?.(call, plan);
  if (plan.host !== hostOf(plan.url)) call.url = call.url.replace(/^(https?:\/\/)[^/?#]*/i, `$1${plan.host}`);
  return call;
}

/** Refuses names that there are not: a test that asks for a misspelt spoil would pass for the wrong reason. */
function lookUp({ algorithm, format = "json" }, profile, spoil) {
  const choose = (what, name, names) => {
    if (!names.includes(name)) throw new TypeError(`there is no ${what} ${JSON.stringify(name)}; there are ${names.join(", ")}`);
  };
  choose("profile", profile, Object.keys(PROFILES));
  choose("format", format, ["json", "form"]);
  if (algorithm !== undefined) choose(`algorithm of the profile ${profile}`, algorithm, ALGORITHMS[profile]);
  if (spoil === undefined) return {};
  choose(`spoil of the profile ${profile}`, spoil, spoilsOf(profile).map(({ name }) => name));
  return SPOILS[spoil];
}

function planOf(options, profile) {
  const { type, format = "json", now = TEST_TIME, event } = options;
  const url = sentUrl(options);
  const random = randomName();
  return {
    profile,
    url,
    now,
    method: options.method ?? "POST",
    host: hostOf(url),
    body: bodyOf(options.body ?? written({ ...sample(type, now), ...event }, format)),
    contentType: options.contentType ?? (format === "form" ? "application/x-www-form-urlencoded" : "application/json"),
    environment: options.environment ?? ENVIRONMENT,
    nonce: options.nonce ?? random,
    id: options.nonce ?? `msg_${random}`,
    keyId: options.keyId ?? SELECTOR + (options.keyDomain ?? KEY_DOMAIN),
    key: SENDER,
    algorithm: options.algorithm,
    digestName: options.digestName,
  };
}

/** The URL as `fetch` sends it: the host in small letters, without the default port, all else percent-encoded. A path alone stays as it is. */
function sentUrl({ url = URL_OF_RECEIVER }) {
  return /^https?:/i.test(url) ? new URL(url).href : url;
}

function written(event, format) {
  return format === "form" ? toForm(event) : JSON.stringify(event);
}

function bodyOf(body) {
  return typeof body === "string" ? new TextEncoder().encode(body) : body;
}

function hostOf(url) {
  return /^https?:\/\/([^/?#]+)/i.exec(url)?.[1] ?? new URL(URL_OF_RECEIVER).host;
}

function randomName() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The options of a verifier that accepts what is signed here. See testing.d.ts. */
export function verifierOptions(options = {}) {
  const { profile = "cavage", now = TEST_TIME } = options;
  const url = sentUrl(options);
  const keyDomain = options.keyDomain ?? KEY_DOMAIN;
  const shared = { profile, now, nonces: nonceStore(), ...(/^http:/i.test(url) ? { allowHttp: true } : {}) };
  const secrets = { secret: SENDER.hmac.secret(), keys: [SENDER.ed25519.publicKey()] };
  if (profile === "standard") return { ...shared, ...secrets };
  return {
    ...shared,
    environment: options.environment ?? ENVIRONMENT,
    host: hostOf(url),
    keyDomain,
    resolveKey: (keyId) => testRecord(keyId, keyDomain),
    ...(profile === "auto" ? secrets : {}),
  };
}

/** The TXT records under a name, one for each key of the test sender. See testing.d.ts. */
export function testRecord(keyId, keyDomain = KEY_DOMAIN) {
  if (keyId === `revoked-${SELECTOR}${keyDomain}`) return "v=DKIM1;k=rsa;p=";
  if (keyId !== SELECTOR + keyDomain) return null;
  return [[SENDER.rsa.record()], [SENDER.ed25519.record()]];
}

/** Remembers nonces as any store does, and has seen the one of every replayed request. */
function nonceStore() {
  const store = new MemoryNonceStore();
  return {
    add: (nonce, seconds) => !nonce.includes(REPLAYED) && store.add(nonce, seconds),
    delete: (nonce) => store.delete(nonce),
  };
}
