// The verifiers that the package is measured against, each as its own documentation has it used, with keys made ready
// beforehand. Where a library leaves the digest of the body to its caller, that is done as well: without it nothing
// would be known of the body.
import crypto from "node:crypto";

import { createVerifier, httpbis } from "http-message-signatures";
import httpSignature from "http-signature";
import sshpk from "sshpk";
import { Webhook as StandardWebhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";

const TOLERANCE = 300;

function isRecent(seconds) {
  return Math.abs(Date.now() / 1000 - seconds) <= TOLERANCE;
}

function equal(one, other) {
  return one.length === other.length && crypto.timingSafeEqual(one, other);
}

/** Standard Webhooks by hand, on node:crypto. */
export function handStandard({ secret, headers, body }) {
  const key = crypto.createSecretKey(secret);
  return () => {
    const id = headers["webhook-id"];
    const timestamp = headers["webhook-timestamp"];
    const signatures = headers["webhook-signature"];
    if (!id || !timestamp || !signatures || !isRecent(Number(timestamp))) return false;
    const mac = crypto.createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest();
    return signatures.split(" ").some((part) => {
      const [version, encoded] = part.split(",");
      return version === "v1" && equal(Buffer.from(encoded, "base64"), mac);
    });
  };
}

/** Whether what a library returned is what was sent: it parses each body. */
const isSent = (event) => (event[0] ?? event).type !== undefined;

export function standardwebhooks({ secretText, headers, body }) {
  const webhook = new StandardWebhook(secretText);
  return () => isSent(webhook.verify(body, headers));
}

export function svix({ secretText, headers, body }) {
  const webhook = new SvixWebhook(secretText);
  return () => isSent(webhook.verify(body, headers));
}

const REQUIRED = ["(request-target)", "host", "date", "x-copernica-id", "digest"];

function digestFits(headers, body) {
  return headers.digest === `sha-256=${crypto.createHash("sha256").update(body).digest("base64")}`;
}

/** draft-cavage by hand, on node:crypto. */
export function handCavage({ publicKey, method, url, headers, body }) {
  const key = crypto.createPublicKey(publicKey.export({ format: "pem", type: "spki" }));
  return () => {
    if (!isRecent(Date.parse(headers.date) / 1000) || !digestFits(headers, body)) return false;
    const parameters = {};
    for (const [, name, value] of headers.signature.matchAll(/(\w+)="([^"]*)"/g)) parameters[name] = value;
    const covered = parameters.headers.split(" ");
    if (parameters.algorithm !== "rsa-sha256" || !REQUIRED.every((name) => covered.includes(name))) return false;
    const lines = covered.map((name) => {
      return name === "(request-target)" ? `${name}: ${method.toLowerCase()} ${url}` : `${name}: ${headers[name]}`;
    });
    return crypto.verify("sha256", Buffer.from(lines.join("\n")), key, Buffer.from(parameters.signature, "base64"));
  };
}

export function joyent({ publicKey, method, url, headers, body }) {
  const key = sshpk.parseKey(publicKey.export({ format: "pem", type: "spki" }), "pem");
  const request = { method, url, headers, httpVersion: "1.1" };
  const options = { authorizationHeaderName: "signature", headers: REQUIRED, clockSkew: TOLERANCE };
  return () => {
    const parsed = httpSignature.parseRequest(request, options);
    return httpSignature.verifySignature(parsed, key) && digestFits(headers, body);
  };
}

export function httpMessageSignatures({ publicKey, keyId, method, url, headers, body }) {
  const key = { id: keyId, algs: ["ed25519"], verify: createVerifier(publicKey, "ed25519") };
  const config = {
    keyLookup: async ({ keyid }) => (keyid === keyId ? key : null),
    requiredParams: ["created", "keyid", "nonce"],
    requiredFields: ["@method", "@target-uri", "content-digest", "x-copernica-id"],
    maxAge: TOLERANCE,
    tolerance: 60,
  };
  const request = { method, url, headers };
  return async () => {
    if ((await httpbis.verifyMessage(config, request)) !== true) return false;
    return headers["content-digest"] === `sha-256=:${crypto.createHash("sha256").update(body).digest("base64")}:`;
  };
}
