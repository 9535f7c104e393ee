// One bounded GET: of so many bytes, in so much time, without redirections.
import { ResolveError } from "./error.js";

/** How long a look-up may take unless the caller says, in milliseconds. */
const TIMEOUT = 5000;
/** The longest timeout that timers keep. */
const MAX_TIMEOUT = 2 ** 31 - 1;

/** Reads the URL and the options that all look-ups share: `{url, get}`. */
export function readSettings(url, { fetch, timeout = TIMEOUT, allowHttp = false } = {}) {
  let parsed;
  try {
    parsed = new URL(url);
  } catch (cause) {
    throw new ResolveError("invalid-options", `${JSON.stringify(String(url))} is no absolute URL`, { cause });
  }
  const schemes = allowHttp === true ? ["https:", "http:"] : ["https:"];
  if (!schemes.includes(parsed.protocol)) {
    throw new ResolveError("invalid-options", `${parsed} does not begin with https:// (allowHttp: true allows http://)`);
  }
  // Fetch refuses a user name in a URL, and an error would print it.
  if (parsed.username !== "" || parsed.password !== "") throw new ResolveError("invalid-options", "the URL must not hold a user name or a password");
  if (fetch !== undefined && typeof fetch !== "function") throw new ResolveError("invalid-options", "fetch must be a function");
  if (!Number.isInteger(timeout) || timeout < 1 || timeout > MAX_TIMEOUT) {
    throw new ResolveError("invalid-options", "timeout must be whole milliseconds, from 1");
  }
  parsed.hash = "";
  return { url: parsed, get: (target, ask) => get(target, { ...ask, fetch: fetch ?? globalThis.fetch, timeout }) };
}

/** The bytes at a URL, or null where `absent` is the status. */
async function get(url, { fetch, timeout, accept, limit, absent, type }) {
  const signal = AbortSignal.timeout(timeout);
  try {
    // Not `redirect: "error"`: Cloudflare Workers has no such thing.
    const response = await fetch(url.href, { headers: { accept }, redirect: "manual", signal });
    if (response.status === absent) return await dropped(response, null);
    await checkHead(response, url, type);
    return await readBounded(response, limit, url);
  } catch (error) {
    if (error instanceof ResolveError) throw error;
    if (signal.aborted) throw new ResolveError("timeout", `${url.origin} did not answer within ${timeout} ms`, { cause: error });
    const reason = error?.cause?.code ?? error?.cause?.message ?? error?.message ?? error;
    throw new ResolveError("unreachable", `${url.origin} cannot be reached: ${reason}`, { cause: error });
  }
}

async function checkHead(response, url, type) {
  const { status } = response;
  if (response.type === "opaqueredirect" || (status >= 300 && status < 400)) {
    throw await dropped(response, new ResolveError("redirected", `${url.origin} answers elsewhere: give the URL it redirects to`));
  }
  if (status !== 200) throw await dropped(response, new ResolveError("http-status", `${url.origin} answered ${status}`));
  const found = (response.headers.get("content-type") ?? "").split(";", 1)[0].trim().toLowerCase();
  if (type !== undefined && found !== type) {
    throw await dropped(response, new ResolveError("wrong-type", `${url.origin} answered ${found || "without a type"}, not ${type}`));
  }
}

/** Lets go of a body that nobody reads. */
async function dropped(response, outcome) {
  await response.body?.cancel().catch(() => {});
  return outcome;
}

async function readBounded(response, limit, url) {
  const pieces = [];
  let length = 0;
  const reader = response.body?.getReader();
  if (reader === undefined) return new Uint8Array(0);
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > limit) {
      await reader.cancel().catch(() => {});
      throw new ResolveError("too-large", `${url.origin} answered more than ${limit} bytes`);
    }
    pieces.push(value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
