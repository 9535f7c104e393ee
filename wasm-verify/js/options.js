// The options of a verifier, checked once.
import * as core from "./core.js";
import { VerificationError } from "./errors.js";
import { CACHE_DEFAULTS, recordsOf } from "./keys.js";
import { PROFILES } from "./report.js";

const NAMES = [
  "profile", "environment", "host", "keyDomain", "tolerance", "resolveKey", "secret", "now", "keys", "cache", "nonces",
  "allowHttp", "language", "explain",
];

function invalid(message) {
  return new VerificationError("invalid-options", message);
}

function texts(value, name) {
  const list = [value].flat();
  for (const each of list) {
    if (typeof each !== "string" || each === "") throw invalid(`${name} must be a string or a list`);
  }
  return list;
}

function environments(value) {
  return [value].flat().map((each) => {
    // A number that is too large to be whole is another than was meant.
    if (!/^\d{1,20}$/.test(each) || (typeof each === "number" && !Number.isSafeInteger(each))) {
      throw invalid("environment must be a number, a list, or \"any\"");
    }
    return `${each}`;
  });
}

function clock(now) {
  if (now === undefined) return Date.now;
  if (typeof now === "function") return now;
  if (typeof now !== "number" || !Number.isFinite(now)) throw invalid("now must be milliseconds or a function");
  return () => now;
}

function profilesOf(options) {
  const { profile = "cavage", secret, keys } = options;
  if (profile === "auto") {
    // Only what the caller configured: a stranger must not choose a profile that nobody meant to accept.
    const chosen = [];
    if (options.environment !== undefined) chosen.push("cavage", "rfc9421");
    if (secret !== undefined || Array.isArray(keys)) chosen.push("standard");
    if (chosen.length === 0) throw invalid("auto needs an environment, a secret or a list of keys");
    return chosen;
  }
  if (!PROFILES.includes(profile)) throw invalid(`profile must be one of ${PROFILES.join(", ")} or auto`);
  return [profile];
}

function policySettings(options, profiles) {
  const { environment, host, keyDomain, tolerance } = options;
  const settings = profiles.map((profile) => ["p", profile]);
  if (environment === "any") settings.push(["E", ""]);
  else if (environment !== undefined || profiles[0] !== "standard") for (const each of environments(environment)) settings.push(["e", each]);
  if (host !== undefined) for (const each of texts(host, "host")) settings.push(["h", each]);
  if (keyDomain === "any") settings.push(["D", ""]);
  else for (const each of texts(keyDomain ?? (profiles[0] === "standard" ? [] : "copernica.com"), "keyDomain")) settings.push(["d", each]);
  if (tolerance !== undefined) {
    if (!Number.isSafeInteger(tolerance) || tolerance < 0) throw invalid("tolerance must be whole seconds");
    settings.push(["t", String(tolerance)]);
  }
  if (options.allowHttp === true) settings.push(["i", ""]);
  if (options.nonces !== undefined) {
    if (typeof options.nonces?.add !== "function") throw invalid("nonces must have a method add");
    settings.push(["n", ""]);
  }
  return settings;
}

/** How keys are kept. What is not given, or undefined, is as it is by default. */
function limitsOf(cache = {}) {
  const limits = { ...CACHE_DEFAULTS };
  for (const name of Object.keys(cache)) {
    const value = cache[name] ?? limits[name];
    if (!Object.hasOwn(limits, name)) throw invalid(`there is no option cache.${name}`);
    if (typeof value !== "number" || !(value >= 0)) throw invalid(`cache.${name} must be a number, from 0`);
    limits[name] = value;
  }
  return limits;
}

/** The caller's secrets, as settings. */
function secretsOf({ secret }) {
  if (secret === undefined) return [];
  return [secret].flat().map((each) => {
    if (typeof each !== "string" && !(each instanceof Uint8Array)) throw invalid("secret must be a string or bytes, or a list");
    return core.secretSetting(each);
  });
}

/** Reads the options: `{settings, profiles, keys, now, …}`. */
export function readOptions(options) {
  if (options === null || typeof options !== "object") throw invalid("the options must be an object");
  for (const name of Object.keys(options)) {
    if (!NAMES.includes(name)) throw invalid(`there is no option ${name}`);
    // An empty list would ask for nothing, which nobody means. (No keys are no harm: they refuse every call.)
    if (name !== "keys" && [options[name]].flat().length === 0) throw invalid(`${name} is an empty list`);
  }
  const { resolveKey, keys, language = "en", cache, nonces, tolerance, explain = false } = options;
  if (resolveKey !== undefined && typeof resolveKey !== "function") throw invalid("resolveKey must be a function");
  if (keys !== undefined && (keys === null || typeof keys !== "object")) throw invalid("keys must be an object or a list");
  if (typeof explain !== "boolean") throw invalid("explain must be true or false");
  if (language !== "en" && language !== "nl") throw invalid("language must be en or nl");
  const profiles = profilesOf(options);
  const settings = policySettings(options, profiles);
  const secrets = secretsOf(options);
  for (const setting of secrets) settings.push(["s", setting]);
  if (profiles.includes("standard") && secrets.length === 0 && !Array.isArray(keys)) {
    throw invalid("the profile standard needs a secret or a list of keys");
  }
  // Those of a list go by numbers, which no call can give for a name: only the search for causes asks for them.
  const known = Array.isArray(keys) ? [...keys.entries()] : Object.entries(keys ?? {});
  // DNS knows no case: the spellings of one name must not be looked up, and kept, one by one. (Elsewhere none is asked.)
  if (IN_NODE && resolveKey === undefined) settings.push(["c", ""]);
  for (const [name, key] of known) {
    // What is no key at all is told here, not as a look-up that failed.
    recordsOf(key, name, `keys[${JSON.stringify(name)}]`);
    settings.push([typeof name === "string" ? "k" : "u", `${name}`]);
  }
  return { settings, profiles, keys, known, resolveKey, cache: limitsOf(cache), nonces, language, tolerance, explain, now: clock(options.now) };
}
