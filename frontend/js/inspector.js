// The inspector's way to what it asks (frontend/inspect/, which asks the npm package). It is loaded when the page opens.
const place = new URL("../../../inspect/", import.meta.url);
const loading = new Map();
let asker = null;

/** Loads a module, once; after a failure the next call tries again. */
async function load(name) {
  if (!loading.has(name)) loading.set(name, import(new URL(name, place).href));
  try {
    return await loading.get(name);
  } catch (error) {
    loading.delete(name);
    throw error;
  }
}

/** Reads, verifies and decodes what was pasted: JSON to JSON. */
export async function inspect(question) {
  asker = await load("ask.js");
  return asker.inspect(question);
}

/** Bytes of the body that was asked about last. */
export function bytesAt(start, length) {
  return asker === null ? new Uint8Array(0) : asker.bytesAt(start, length);
}

/** A signed sample: JSON to JSON. */
export async function sample(asked) {
  return (await load("sample.js")).sample(asked);
}

const resolverOf = () => document.querySelector('meta[name="dns-over-https"]');

/** The address of the resolver that may be asked for keys, or undefined if there is none. */
export function resolver() {
  return resolverOf()?.getAttribute("content") || undefined;
}

/** Whether this page's security policy lets that resolver be asked: it is the policy of the page that was loaded. */
export function mayAsk() {
  return resolverOf()?.hasAttribute("data-allowed") ?? false;
}

/** Whether the page stands by itself, with no Seinpost behind it. */
export function standsAlone() {
  return document.documentElement.hasAttribute("data-alone");
}

/** The records of a key, by DNS over HTTPS: JSON. */
export async function keyByDns(keyId) {
  return (await load("resolve.js")).keyByDns(keyId);
}

const WANTED = "seinpost.fetch-key";

/**
 * Loads the inspector's own page, with what stands on this one in its fragment, to ask for a key from there. That a key is
 * wanted is kept in this tab and not in the address: no link that someone is sent makes a browser ask anything.
 */
export function askFromOwnPage(address) {
  sessionStorage.setItem(WANTED, "1");
  history.replaceState(null, "", address);
  location.reload();
}

/** Whether the page was loaded to ask for a key; true once. */
export function wasLoadedToAsk() {
  try {
    const wanted = sessionStorage.getItem(WANTED) !== null;
    sessionStorage.removeItem(WANTED);
    return wanted;
  } catch {
    return false; // A browser that keeps nothing.
  }
}

/** A receiver in a language, as text. */
export async function receiver(name) {
  const response = await fetch(new URL(`receivers/${name}`, place));
  if (!response.ok) throw new Error(`${name} was answered with ${response.status}`);
  return response.text();
}

/** Keeps what the page is made of for when there is no connection. */
export async function keepForOffline() {
  const worker = globalThis.navigator?.serviceWorker;
  if (!worker) return;
  try {
    await worker.register(new URL("../offline.js", place));
  } catch {
    // A browser that keeps nothing, as in a private window, or a page over plain HTTP: it works while there is a connection.
  }
}
