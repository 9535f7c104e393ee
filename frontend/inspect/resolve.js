// Keys by DNS over HTTPS, from the one resolver that this page's security policy allows, if it allows one.
import { dnsOverHttps } from "../verify/resolve.js";

/** The address of that resolver, which stands in the page; null if there is none. */
export function resolver() {
  return document.querySelector('meta[name="dns-over-https"]')?.getAttribute("content") || null;
}

/** The record of a key, or null if DNS has none. Nothing but the key's name leaves the browser. */
export async function keyByDns(keyId) {
  const records = await dnsOverHttps(resolver())(keyId);
  return records === null || records.length === 0 ? null : records.map((strings) => strings.join("")).join("\n");
}
