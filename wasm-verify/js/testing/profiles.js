import { base64 } from "./keys.js";
import { join, sha256 } from "./sha2.js";

/**
 * How each profile signs a plan: `{method, url, host, body, contentType, environment, now, date, nonce, id, keyId, key,
 * algorithm, digestName, uncovered}`. The answer is the header fields, in order.
 */
const utf8 = (text) => new TextEncoder().encode(text);
const seconds = ({ now }) => Math.floor(now / 1000);

/** Path and query of an absolute URL, byte for byte. */
export function targetOf(url) {
  return url.replace(/^https?:\/\/[^/?#]*/i, "").replace(/#.*$/s, "").replace(/^(?!\/)/, "/");
}

/** draft-cavage-http-signatures-12, as SMTPeter sends it. */
function cavage(plan) {
  const { key, keyId, algorithm = "rsa-sha256" } = plan;
  const fields = {
    host: plan.host,
    date: plan.date ?? new Date(plan.now).toUTCString(),
    "content-length": String(plan.body.length),
    "content-type": plan.contentType,
    "x-copernica-id": `environment_${plan.environment}`,
    digest: `${plan.digestName ?? "sha-256"}=${base64(sha256(plan.body))}`,
    "x-nonce": plan.nonce,
  };
  const covered = ["(request-target)", ...Object.keys(fields)].filter((name) => name !== plan.uncovered);
  const target = `${plan.method.toLowerCase()} ${targetOf(plan.url)}`;
  const signing = covered.map((name) => `${name}: ${name === "(request-target)" ? target : fields[name]}`).join("\n");
  const signature = base64(key.rsa.sign(utf8(signing)));
  const parameters = { keyId, algorithm, headers: covered.join(" "), signature };
  fields.signature = Object.entries(parameters).map(([name, value]) => `${name}="${value}"`).join(",");
  return Object.entries(fields);
}

/** Standard Webhooks 1.0: `v1` is an HMAC, `v1a` Ed25519. */
function standard(plan) {
  const timestamp = plan.date ?? String(seconds(plan));
  const content = join(utf8(`${plan.id}.${timestamp}.`), plan.body);
  const version = plan.algorithm ?? "v1";
  const key = version === "v1a" ? plan.key.ed25519 : plan.key.hmac;
  return Object.entries({
    host: plan.host,
    "content-type": plan.contentType,
    "content-length": String(plan.body.length),
    "webhook-id": plan.id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `${version},${base64(key.sign(content))}`,
  });
}

/** HTTP Message Signatures (RFC 9421) with Content-Digest (RFC 9530). */
function rfc9421(plan) {
  const { algorithm = "ed25519" } = plan;
  const url = plan.url.replace(/^(https?:\/\/)[^/?#]*/i, `$1${plan.host}`).replace(/#.*$/s, "");
  const fields = {
    host: plan.host,
    "content-type": plan.contentType,
    "content-length": String(plan.body.length),
    "x-copernica-id": `environment_${plan.environment}`,
    "content-digest": `sha-256=:${base64(sha256(plan.body))}:`,
  };
  const derived = { "@method": plan.method, "@target-uri": url };
  const names = ["@method", "@target-uri", "content-digest", "content-type", "x-copernica-id"];
  const covered = names.filter((name) => name !== plan.uncovered);
  const created = plan.date === undefined ? `;created=${seconds(plan)}` : plan.date;
  const parameters =
    `(${covered.map((name) => `"${name}"`).join(" ")})${created}` +
    `;keyid="${plan.keyId}";alg="${algorithm}";nonce="${plan.nonce}"`;
  const lines = covered.map((name) => `"${name}": ${derived[name] ?? fields[name]}`);
  const base = utf8([...lines, `"@signature-params": ${parameters}`].join("\n"));
  const signature = algorithm.startsWith("rsa") ? plan.key.rsa.sign(base) : plan.key.ed25519.sign(base);
  fields["signature-input"] = `sig1=${parameters}`;
  fields.signature = `sig1=:${base64(signature)}:`;
  return Object.entries(fields);
}

export const PROFILES = { cavage, standard, rfc9421 };

/** The algorithms that each profile signs with here, the first by default. */
export const ALGORITHMS = {
  cavage: ["rsa-sha256"],
  standard: ["v1", "v1a"],
  rfc9421: ["ed25519", "rsa-v1_5-sha256"],
};
