// Keys by DNS over HTTPS, from the one resolver that this page's security policy allows, if it allows one.
import { dnsOverHttps } from "../verify/resolve.js";

/** Hosts that a browser reaches without leaving the machine: a resolver there may be asked without TLS. */
const LOCAL = /^http:\/\/(?:127(?:\.\d+){3}|\[::1\]|localhost)(?::\d+)?(?:[/?]|$)/i;

/** The resolver that the page names. */
function resolver() {
  return document.querySelector('meta[name="dns-over-https"]')?.getAttribute("content") ?? "";
}

/**
 * The records of a key. Nothing but the key's name leaves the browser.
 *
 * @returns {Promise<string>} JSON: `{record}`, null if DNS has none, several a line each; or `{code, detail}` if it could
 *   not be found out, as the package's `ResolveError` says it
 */
export async function keyByDns(keyId) {
  const url = resolver();
  try {
    const records = await dnsOverHttps(url, { allowHttp: LOCAL.test(url) })(keyId);
    const record = records === null || records.length === 0 ? null : records.map((strings) => strings.join("")).join("\n");
    return JSON.stringify({ record });
  } catch (error) {
    return JSON.stringify({ code: error.code ?? "unreachable", detail: error.message });
  }
}
