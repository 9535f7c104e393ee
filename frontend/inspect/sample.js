// Samples of every type and profile, by the package's `testing` entry, whose keys are printed in the package.
import { signedCall, testRecord, verifierOptions } from "../verify/testing.js";
import { printed } from "./read.js";

const URL_OF_RECEIVER = "https://hooks.example.com/hook";
const KEY_DOMAIN = "sign.example.com";

/**
 * A sample.
 * @param {string} asked JSON: `{type, profile, format, spoil, now}`
 * @returns {Promise<string>} JSON: `{raw, host, environment, keyDomain, arrived, key}`
 */
export async function sample(asked) {
  const { type, profile, format, spoil, now } = JSON.parse(asked);
  const call = signedCall({ type, profile, format, url: URL_OF_RECEIVER, now, ...(spoil === "" ? {} : { spoil }) });
  const raw = printed(call);
  const arrived = new Date(now).toISOString();
  const { secret, environment, host, keyDomain } = verifierOptions({ profile, url: URL_OF_RECEIVER, now });
  if (profile === "standard") return JSON.stringify({ raw, host: "", environment: "", keyDomain: "", arrived, key: secret });
  const record = testRecord(`test._domainkey.${KEY_DOMAIN}`).map((strings) => strings.join(""));
  const key = record[profile === "rfc9421" ? 1 : 0];
  return JSON.stringify({ raw, host, environment: String(environment), keyDomain, arrived, key });
}
