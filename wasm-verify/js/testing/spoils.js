import { STRANGER } from "./keys.js";
import { join } from "./sha2.js";

const HOUR = 3_600_000;
const all = (check) => ({ cavage: check, standard: check, rfc9421: check });
const signedKeys = (check) => ({ cavage: check, rfc9421: check });

/** The nonce (and the id) of every request that is spoilt as `replayed`. */
export const REPLAYED = "played-before";

/** Changes the value of a field, or takes it away. */
const change = (name, to) => (call) => {
  const at = call.headers.findIndex(([each]) => each === name);
  if (at < 0) return;
  if (to === undefined) call.headers.splice(at, 1);
  else call.headers[at] = [name, to(call.headers[at][1])];
};
const signatureField = { cavage: "signature", standard: "webhook-signature", rfc9421: "signature" };
const dateField = { cavage: "date", standard: "webhook-timestamp" };

/** Changes the body after it was signed; its length is told truly, as every HTTP client does. */
const rewrite = (edit) => (call) => {
  call.body = edit(call.body);
  change("content-length", () => String(call.body.length))(call);
};

/** Another base64 digit, so that one bit or more of the signature differ. */
const flip = (text) => text.replace(/([A-Za-z0-9+/])([A-Za-z0-9+/=]{8}:?"?)$/, (_, digit, end) => (digit === "A" ? "B" : "A") + end);

/**
 * The ways to spoil a request. `checks` names for each profile that has it the first check that fails, null where the call
 * verifies but its body cannot be read; `before` changes what is signed, `after` what was.
 */
export const SPOILS = {
  forged: { checks: all("signature"), before: (plan) => (plan.key = STRANGER) },
  tampered: { checks: all("signature"), after: (call, plan) => change(signatureField[plan.profile], flip)(call) },
  altered: {
    checks: { ...signedKeys("digest"), standard: "signature" },
    after: rewrite((body) => {
      const at = Math.max(body.length - 2, 0);
      return body.length === 0 ? Uint8Array.of(48) : body.with(at, body[at] ^ 1);
    }),
  },
  newline: { checks: { ...signedKeys("digest"), standard: "signature" }, after: rewrite((body) => join(body, Uint8Array.of(10))) },
  stale: { checks: all("date"), before: (plan) => (plan.now -= HOUR) },
  future: { checks: all("date"), before: (plan) => (plan.now += HOUR) },
  undated: {
    checks: all("date"),
    before: (plan) => plan.profile === "rfc9421" && (plan.date = ""),
    after: (call, plan) => change(dateField[plan.profile])(call),
  },
  "not-a-date": { checks: { cavage: "date", standard: "date" }, before: (plan) => (plan.date = "aaaa") },
  replayed: { checks: all("nonce"), before: (plan) => (plan.nonce = plan.id = REPLAYED) },
  "other-host": { checks: signedKeys("host"), before: (plan) => (plan.host = "elsewhere.example.org") },
  "other-environment": { checks: signedKeys("environment"), before: (plan) => (plan.environment += 1) },
  "foreign-keyid": { checks: signedKeys("keyid"), before: (plan) => (plan.keyId = plan.keyId.replace("_domainkey.", "_domainkey.evil")) },
  "unknown-key": { checks: signedKeys("signature"), before: (plan) => (plan.keyId = `unknown-${plan.keyId}`) },
  "revoked-key": { checks: signedKeys("signature"), before: (plan) => (plan.keyId = `revoked-${plan.keyId}`) },
  "wrong-algorithm": {
    checks: { cavage: "signature" },
    before: (plan) => (plan.algorithm = "hmac-sha256"),
  },
  unsigned: {
    // The date of rfc9421 is a parameter of the signature.
    checks: { cavage: "coverage", standard: "signature", rfc9421: "date" },
    after: (call, plan) => change(signatureField[plan.profile])(call),
  },
  unreadable: {
    checks: { cavage: "coverage", standard: "signature", rfc9421: "date" },
    after: (call, plan) => change(signatureField[plan.profile], () => "?")(call),
  },
  uncovered: {
    checks: signedKeys("coverage"),
    before: (plan) => (plan.uncovered = plan.profile === "cavage" ? "digest" : "content-digest"),
  },
  undigested: {
    checks: signedKeys("digest"),
    after: (call, plan) => change(plan.profile === "cavage" ? "digest" : "content-digest")(call),
  },
  undecodable: { checks: all(null), before: (plan) => (plan.body = join(plan.body, Uint8Array.of(0x25))) },
};

/** The names of the spoils of a profile, and the first check that each fails. See testing.d.ts. */
export function spoilsOf(profile) {
  return Object.entries(SPOILS)
    .filter(([, { checks }]) => Object.hasOwn(checks, profile))
    .map(([name, { checks }]) => ({ name, check: checks[profile] }));
}
