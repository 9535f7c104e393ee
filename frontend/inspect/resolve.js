// Keys by DNS over HTTPS, from the one resolver that this page's security policy allows, if it allows one.
import { dnsOverHttps } from "../verify/resolve.js";

/** The address of that resolver, which stands in the page; null if there is none. */
export function resolver() {
  return document.querySelector('meta[name="dns-over-https"]')?.getAttribute("content") || null;
}

/** Hosts that a browser reaches without leaving the machine: a resolver there may be asked without TLS. */
const LOCAL = /^http:\/\/(?:127(?:\.\d+){3}|\[::1\]|localhost)(?::\d+)?(?:[/?]|$)/i;

/** The record of a key, or null if DNS has none. Nothing but the key's name leaves the browser. */
export async function keyByDns(keyId) {
  const url = resolver();
  const records = await dnsOverHttps(url, { allowHttp: LOCAL.test(url) })(keyId);
  return records === null || records.length === 0 ? null : records.map((strings) => strings.join("")).join("\n");
}
