// How Node finds a key: by its name in DNS. A file of its own, loaded with the first look-up.
import { Resolver } from "node:dns";

/** How long one DNS server is given, in milliseconds, and how often it is asked. */
const DNS_OPTIONS = { timeout: 3000, tries: 2 };
const NO_SUCH_NAME = new Set(["ENOTFOUND", "ENODATA"]);

/** The TXT records at a name, each in its pieces; null if there are none. */
export function lookup(keyId) {
  return new Promise((resolve, reject) => {
    new Resolver(DNS_OPTIONS).resolveTxt(keyId, (error, records) => {
      if (error === null) resolve(records);
      else if (NO_SUCH_NAME.has(error.code)) resolve(null);
      else reject(error);
    });
  });
}
