// Both directions with what others use: what they sign verifies here, and what is signed here verifies there.
import assert from "node:assert/strict";
import crypto from "node:crypto";
import { describe, it } from "node:test";

import { createSigner, createVerifier, httpbis } from "http-message-signatures";
import httpSignature from "http-signature";
import { Verifier } from "seinpost-verify";
import { signedCall, testRecord, verifierOptions } from "seinpost-verify/testing";
import { Webhook as StandardWebhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";

const KEY_ID = "s1._domainkey.sign.example.com";
const HOST = "hooks.example.com";
const BODY = Buffer.from('{"type":"open","id":"a1","tags":["größer","\u{1f600}"]}');
const DIGEST = crypto.createHash("sha256").update(BODY).digest("base64");
const LIBRARIES = [["standardwebhooks", StandardWebhook], ["svix", SvixWebhook]];

const rsa = crypto.generateKeyPairSync("rsa", { modulusLength: 2048 });
const ed25519 = crypto.generateKeyPairSync("ed25519");
const p256 = crypto.generateKeyPairSync("ec", { namedCurve: "P-256" });
const pem = ({ publicKey }) => publicKey.export({ format: "pem", type: "spki" });

const byName = (headers) => Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));
const outcome = (report, name) => report.checks.find((check) => check.name === name)?.outcome;

/** The secret of the test sender. */
function testSecret(setting) {
  return [verifierOptions({ profile: "standard", ...setting }).secret].flat().find((each) => each.startsWith("whsec_"));
}

/** The public key of the test sender, of a kind, from its record. */
function testKey(keyId, kind) {
  const record = testRecord(keyId).flat().find((each) => each.includes(`k=${kind};`));
  const published = Buffer.from(/p=([^;]+)/.exec(record)[1], "base64");
  const prefix = kind === "ed25519" ? Buffer.from("302a300506032b6570032100", "hex") : Buffer.alloc(0);
  return crypto.createPublicKey({ key: Buffer.concat([prefix, published]), format: "der", type: "spki" });
}

/** The same call with one byte of its body changed. */
function altered(call) {
  const body = Buffer.from(call.body);
  body[body.length - 2] ^= 1;
  return { ...call, body };
}

describe("Standard Webhooks", () => {
  const secret = `whsec_${crypto.randomBytes(32).toString("base64")}`;

  for (const [name, Webhook] of LIBRARIES) {
    it(`what ${name} signs verifies here`, async () => {
      const verifier = new Verifier({ profile: "standard", secret });
      const now = new Date();
      const headers = {
        "webhook-id": "msg_2Lh9KRb0pzN4LePd3XiA4v12Axj",
        "webhook-timestamp": String(Math.floor(now / 1000)),
        "webhook-signature": new Webhook(secret).sign("msg_2Lh9KRb0pzN4LePd3XiA4v12Axj", now, BODY.toString()),
      };
      const call = { headers, body: BODY };
      const report = await verifier.verify(call);
      assert.ok(report.ok, String(report));
      assert.equal((await verifier.verify(altered(call))).ok, false);
      assert.equal(verifier.verifySync(call).ok, true);
    });

    it(`what is signed here verifies with ${name}`, () => {
      const now = Date.now();
      const { headers, body } = signedCall({ profile: "standard", now });
      const webhook = new Webhook(testSecret({ now }));
      assert.equal(webhook.verify(Buffer.from(body), byName(headers)).type, "bounce");
      assert.throws(() => webhook.verify(altered({ body }).body, byName(headers)), /signature/i);
      const another = new Webhook(secret);
      assert.throws(() => another.verify(Buffer.from(body), byName(headers)), /signature/i);
    });
  }

  it("both refuse what is too old, and say so", async () => {
    const { headers, body } = signedCall({ profile: "standard", now: Date.now(), spoil: "stale" });
    const options = { ...verifierOptions({ profile: "standard" }), now: Date.now() };
    const report = await new Verifier(options).verify({ headers, body });
    assert.equal(outcome(report, "date"), "fail", String(report));
    for (const [, Webhook] of LIBRARIES) {
      assert.throws(() => new Webhook(testSecret()).verify(Buffer.from(body), byName(headers)), /too old/);
    }
  });
});

describe("draft-cavage-http-signatures", () => {
  const COVERED = ["(request-target)", "host", "date", "content-length", "content-type", "x-copernica-id", "digest", "x-nonce"];
  const headers = () => ({
    Host: HOST,
    Date: new Date().toUTCString(),
    "Content-Type": "application/json",
    "Content-Length": String(BODY.length),
    Digest: `SHA-256=${DIGEST}`,
    "X-Copernica-ID": "environment_1234",
    "X-Nonce": crypto.randomBytes(9).toString("base64"),
  });
  const options = { environment: 1234, keyDomain: "sign.example.com", host: HOST };

  /** Signs with http-signature, which writes to a request of Node's. */
  function signedByJoyent(sign) {
    const fields = headers();
    const request = {
      method: "POST",
      path: "/hook?a=%2B",
      getHeader: (name) => Object.entries(fields).find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1],
      setHeader: (name, value) => { fields[name] = value; },
    };
    httpSignature.sign(request, { headers: COVERED, authorizationHeaderName: "Signature", ...sign });
    // It writes the scheme of an Authorization header in front.
    fields.Signature = fields.Signature.replace(/^Signature /, "");
    return { method: request.method, url: request.path, headers: fields, body: BODY };
  }

  const algorithms = [
    ["rsa-sha256", { key: rsa.privateKey.export({ format: "pem", type: "pkcs8" }), algorithm: "rsa-sha256" }, pem(rsa)],
    ["rsa-sha512", { key: rsa.privateKey.export({ format: "pem", type: "pkcs8" }), algorithm: "rsa-sha512" }, pem(rsa)],
  ];
  for (const [name, sign, key] of algorithms) {
    it(`what http-signature signs with ${name} verifies here`, async () => {
      const verifier = new Verifier({ ...options, keys: { [KEY_ID]: key } });
      const call = signedByJoyent({ keyId: KEY_ID, ...sign });
      const report = await verifier.verify(call);
      assert.ok(report.ok, String(report));
      assert.equal(outcome(await verifier.verify(altered(call)), "digest"), "fail");
      const elsewhere = await verifier.verify({ ...call, url: "/hook?a=+" });
      assert.equal(outcome(elsewhere, "signature"), "fail");
    });
  }

  it("what http-signature signs with hmac-sha256 verifies here, and not with a public key as the secret", async () => {
    const secret = crypto.randomBytes(32);
    const call = signedByJoyent({ keyId: KEY_ID, key: secret, algorithm: "hmac-sha256" });
    const report = await new Verifier({ ...options, secret }).verify(call);
    assert.ok(report.ok, String(report));
    const forged = signedByJoyent({ keyId: KEY_ID, key: pem(rsa), algorithm: "hmac-sha256" });
    const refused = await new Verifier({ ...options, keys: { [KEY_ID]: pem(rsa) } }).verify(forged);
    assert.equal(outcome(refused, "signature"), "fail");
  });

  it("what is signed here verifies with http-signature", () => {
    const now = Date.now();
    const { method, url, headers: fields } = signedCall({ now });
    const { pathname, search } = new URL(url);
    const request = { method, url: pathname + search, headers: byName(fields), httpVersion: "1.1" };
    const required = { authorizationHeaderName: "signature", headers: COVERED, clockSkew: 60 };
    const parsed = httpSignature.parseRequest(request, required);
    const key = testKey(parsed.keyId, "rsa");
    assert.ok(httpSignature.verifySignature(parsed, key.export({ format: "pem", type: "spki" })));
    const changed = { ...request, url: `${request.url}x` };
    const other = httpSignature.parseRequest(changed, required);
    assert.ok(!httpSignature.verifySignature(other, key.export({ format: "pem", type: "spki" })));
  });
});

describe("HTTP Message Signatures", () => {
  const url = `https://${HOST}/hook?a=%2B`;
  const fields = ["@method", "@target-uri", "content-digest", "content-type", "x-copernica-id"];
  const message = () => ({
    method: "POST",
    url,
    headers: {
      Host: HOST,
      "Content-Type": "application/json",
      "Content-Digest": `sha-256=:${DIGEST}:`,
      "X-Copernica-ID": "environment_1234",
    },
  });
  const options = { profile: "rfc9421", environment: 1234, keyDomain: "sign.example.com", host: HOST };
  const secret = crypto.randomBytes(32);
  // The library salts RSA-PSS with as many bytes as fit, where RFC 9421 §3.3.1 says 64: Node's crypto is told so.
  const pss = { key: rsa.privateKey, padding: crypto.constants.RSA_PKCS1_PSS_PADDING, saltLength: 64 };
  const signWith = (algorithm, key) => {
    const signer = createSigner(key, algorithm, KEY_ID);
    return algorithm === "rsa-pss-sha512" ? { ...signer, sign: async (data) => crypto.sign("sha512", data, pss) } : signer;
  };
  const keys = [
    ["ed25519", ed25519.privateKey, { keys: { [KEY_ID]: pem(ed25519) } }],
    ["rsa-v1_5-sha256", rsa.privateKey, { keys: { [KEY_ID]: pem(rsa) } }],
    ["rsa-pss-sha512", rsa.privateKey, { keys: { [KEY_ID]: pem(rsa) } }],
    ["ecdsa-p256-sha256", p256.privateKey, { keys: { [KEY_ID]: pem(p256) } }],
    ["hmac-sha256", secret, { secret }],
  ];

  for (const [algorithm, key, known] of keys) {
    it(`what http-message-signatures signs with ${algorithm} verifies here`, async () => {
      const signed = await httpbis.signMessage({
        key: signWith(algorithm, key),
        name: "sig1",
        fields,
        params: ["created", "expires", "keyid", "alg", "nonce"],
        paramValues: { created: new Date(), nonce: "bm9uY2U+/w==" },
      }, message());
      const verifier = new Verifier({ ...options, ...known });
      const call = { ...signed, body: BODY };
      const report = await verifier.verify(call);
      assert.ok(report.ok, String(report));
      assert.equal(outcome(await verifier.verify(altered(call)), "digest"), "fail");
      assert.equal(outcome(await verifier.verify({ ...call, method: "PUT" }), "signature"), "fail");
      assert.equal(outcome(await verifier.verify({ ...call, url: `${url}&b` }), "signature"), "fail");
    });
  }

  for (const algorithm of ["ed25519", "rsa-v1_5-sha256"]) {
    it(`what is signed here with ${algorithm} verifies with http-message-signatures`, async () => {
      const now = Date.now();
      const call = signedCall({ profile: "rfc9421", algorithm, now });
      const headers = byName(call.headers);
      const config = {
        keyLookup: async ({ keyid }) => {
          const key = testKey(keyid, algorithm === "ed25519" ? "ed25519" : "rsa");
          return { id: keyid, algs: [algorithm], verify: createVerifier(key, algorithm) };
        },
        requiredParams: ["created", "keyid", "nonce"],
        requiredFields: fields,
        maxAge: 300,
        tolerance: 60,
      };
      const { method, url: target } = call;
      assert.equal(await httpbis.verifyMessage(config, { method, url: target, headers }), true);
      assert.equal(await httpbis.verifyMessage(config, { method, url: `${target}x`, headers }), false);
    });
  }
});
