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

/** The address of the resolver that the page's security policy allows, or undefined. */
export function resolver() {
  return document.querySelector('meta[name="dns-over-https"]')?.getAttribute("content") || undefined;
}

/** The record of a key, by DNS over HTTPS; undefined if there is none. */
export async function keyByDns(keyId) {
  return (await (await load("resolve.js")).keyByDns(keyId)) ?? undefined;
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
