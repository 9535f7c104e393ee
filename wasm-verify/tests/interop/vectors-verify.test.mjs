// The published vectors, verified by the package: what was signed elsewhere, long ago, has a valid signature here, and
// none once a letter of it is changed.
import assert from "node:assert/strict";
import crypto from "node:crypto";
import { describe, it } from "node:test";

import { Verifier } from "seinpost-verify";

import { json, text } from "./vectors.mjs";

/** The outcome of one check of a report. */
const outcome = (report, name) => report.checks.find((check) => check.name === name)?.outcome;

describe("draft-cavage-http-signatures, appendix C", () => {
  const verifier = new Verifier({
    environment: 1234,
    keyDomain: "any",
    keys: { Test: text("cavage/test-key.public.pem") },
    now: Date.UTC(2014, 0, 5, 21, 31, 40),
  });
  for (const { name, method, target, fields, body, signature_field } of json("cavage/appendix-c.json")) {
    it(name, async () => {
      const call = { method, url: target, headers: [...fields, ["Signature", signature_field]], body };
      const report = await verifier.verify(call);
      assert.equal(outcome(report, "signature"), "pass", String(report));
      assert.equal(outcome(report, "digest"), "pass");
      // None of them covers all that Seinpost asks for.
      assert.equal(outcome(report, "coverage"), "fail");
      const later = fields.map(([field, value]) => [field, field === "Date" ? value.replace(":40", ":41") : value]);
      const changed = await verifier.verify({ ...call, headers: [...later, ["Signature", signature_field]] });
      assert.equal(outcome(changed, "signature"), "fail");
      assert.equal(outcome(await verifier.verify({ ...call, body: `${body} ` }), "digest"), "fail");
    });
  }
});

describe("RFC 9421", () => {
  const names = ["test-key-rsa", "test-key-rsa-pss", "test-key-ecc-p256", "test-key-ed25519"];
  const options = {
    profile: "rfc9421",
    environment: "any",
    keyDomain: "any",
    keys: Object.fromEntries(names.map((name) => [name, text(`rfc9421/${name}.public.pem`)])),
    secret: Buffer.from(text("rfc9421/test-shared-secret.txt"), "base64"),
    now: 1_618_884_500_000,
  };
  const verifier = new Verifier(options);
  for (const vector of json("rfc9421/signatures.json").filter(({ kind }) => kind === "request")) {
    it(`${vector.section}, ${vector.name}`, async () => {
      const { method, url, fields, body, valid } = vector;
      const report = await verifier.verify({ method, url, headers: fields, body });
      assert.equal(outcome(report, "signature"), valid ? "pass" : "fail", String(report));
      assert.equal(report.signingString, vector.signature_base);
      // The signature is over what was signed and nothing else.
      const changed = vector.fields.map(([name, value]) => {
        return [name, name === "Signature-Input" ? value.replace("created=16", "created=17") : value];
      });
      assert.equal(outcome(await verifier.verify({ method, url, headers: changed, body }), "signature"), "fail");
    });
  }

  it("a key of another kind verifies nothing", async () => {
    const pem = text("rfc9421/test-key-rsa.public.pem");
    const swapped = new Verifier({ ...options, secret: undefined, keys: Object.fromEntries(names.map((name) => [name, pem])) });
    for (const { method, url, fields, body, key } of json("rfc9421/signatures.json")) {
      if (!method || key === "test-key-rsa") continue;
      assert.equal(outcome(await swapped.verify({ method, url, headers: fields, body }), "signature"), "fail");
    }
  });
});

describe("Standard Webhooks", () => {
  for (const vector of json("standard-webhooks/signatures.json")) {
    it(vector.name, async () => {
      const key = vector.secret === undefined ? { keys: [vector.public_key] } : { secret: vector.secret };
      const verifier = new Verifier({ profile: "standard", ...key, now: vector.timestamp * 1000 });
      const headers = {
        "webhook-id": vector.id,
        "webhook-timestamp": String(vector.timestamp),
        "webhook-signature": vector.signature,
      };
      assert.ok((await verifier.verify({ headers, body: vector.body })).ok);
      const among = { ...headers, "webhook-signature": `v1,AAAA v2,BBBB ${vector.signature}` };
      assert.ok((await verifier.verify({ headers: among, body: vector.body })).ok);
      assert.ok(!(await verifier.verify({ headers, body: `${vector.body} ` })).ok);
    });
  }
});

describe("JSON Web Keys", () => {
  // Keys as RFC 7515 and RFC 8037 print them are the keys that Node's crypto reads.
  for (const { section, alg, key } of json("jwk/signatures.json").filter(({ key }) => key.kty !== "oct")) {
    it(`${section}, ${alg}`, async () => {
      const signed = { RS256: "rsa-v1_5-sha256", ES256: "ecdsa-p256-sha256", EdDSA: "ed25519" }[alg];
      const verifier = new Verifier({
        profile: "rfc9421",
        environment: "any",
        keyDomain: "any",
        keys: { k: JSON.stringify(key) },
        now: 1_700_000_000_000,
      });
      // Only the owner of the private key could sign a call; that the key is read, and of its kind, is what a wrong
      // signature of the right length shows.
      const length = { RS256: 256, ES256: 64, EdDSA: 64 }[alg];
      const headers = {
        "signature-input": `s=("@method");created=1700000000;keyid="k";alg="${signed}"`,
        signature: `s=:${crypto.randomBytes(length).toString("base64")}:`,
      };
      const report = await verifier.verify({ method: "POST", url: "https://h/", headers });
      const check = report.checks.find(({ name }) => name === "signature");
      assert.equal(check.outcome, "fail");
      assert.match(check.reason, /not that of this call under this key/);
    });
  }
});
