// What the server signs verifies with what others use: `http-signature` (cavage), `standardwebhooks` and `svix`
// (standard), `http-message-signatures` (rfc9421); and what they would refuse, they do.

import assert from "node:assert/strict";
import { createHash, createPublicKey } from "node:crypto";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";

import { EVENTS } from "../support/events.mjs";
import { Receiver, Verifier, publishedKeys } from "../support/receiver.mjs";
import { Server } from "../support/server.mjs";

// The peers are pinned once, where the package is held against them.
const require = createRequire(new URL("../../wasm-verify/tests/interop/package.json", import.meta.url));
const { createVerifier, httpbis } = require("http-message-signatures");
const httpSignature = require("http-signature");

const PROFILES = ["cavage", "standard", "rfc9421"];
const TYPES = ["open", "click", "bounce"];

/** The header fields of a call by lower-case name; the signature covers each only if it is there once. */
function fieldsOf({ rawHeaders }) {
  const fields = {};
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at].toLowerCase();
    assert.equal(fields[name], undefined, `${name} is there twice`);
    fields[name] = rawHeaders[at + 1];
  }
  return fields;
}

const sha256 = (body) => createHash("sha256").update(body).digest("base64");

describe("calls that the server signed", () => {
  let server, receiver, published;
  const secrets = new Map();

  before(async () => {
    server = await Server.start();
    receiver = await Receiver.start({ server });
    published = await server.publishedKeys();
    for (const profile of PROFILES) {
      const webhook = await server.verifiedWebhook(receiver, `/${profile}?a=%2B&b=1+2`, { type: TYPES, profile });
      secrets.set(profile, webhook.secret);
    }
    // The receiver knows one profile only; the peers are the judges here, so whatever it answers is a call.
    for (const { text, type } of EVENTS.filter(({ type }) => TYPES.includes(type))) {
      const answer = await server.call("POST", "/v1/events", text);
      assert.equal(answer.status, 202, `${type}: ${JSON.stringify(answer.body)}`);
    }
  });

  after(async () => {
    await receiver?.stop();
    await server?.remove();
  });

  /** The public key of a name, as Node's crypto reads it. */
  function publicKey(keyId) {
    const record = published.get(keyId);
    assert.ok(record, `the server publishes no key ${keyId}`);
    return createPublicKey({ key: Buffer.from(/p=([^;]+)/.exec(record)[1], "base64"), format: "der", type: "spki" });
  }

  const arrived = (profile) => receiver.call(({ url }) => url.startsWith(`/${profile}?`));

  test("with cavage verify with http-signature", async () => {
    const { method, url, body, ...call } = await arrived("cavage");
    const headers = fieldsOf(call);
    const required = ["(request-target)", "host", "date", "x-copernica-id", "digest", "x-nonce"];
    const options = { authorizationHeaderName: "signature", headers: required, clockSkew: 60 };
    const parsed = httpSignature.parseRequest({ method, url, headers, httpVersion: "1.1" }, options);
    const pem = publicKey(parsed.keyId).export({ format: "pem", type: "spki" });
    assert.ok(httpSignature.verifySignature(parsed, pem));
    assert.equal(headers.digest, `sha-256=${sha256(body)}`);
    const elsewhere = httpSignature.parseRequest({ method, url: `${url}x`, headers, httpVersion: "1.1" }, options);
    assert.ok(!httpSignature.verifySignature(elsewhere, pem));
  });

  for (const library of ["standardwebhooks", "svix"]) {
    test(`with standard verify with ${library}`, async () => {
      const { body, ...call } = await arrived("standard");
      const headers = fieldsOf(call);
      const { Webhook } = require(library);
      const webhook = new Webhook(secrets.get("standard"));
      assert.ok(TYPES.includes(webhook.verify(body, headers).type));
      assert.throws(() => webhook.verify(Buffer.concat([body, Buffer.from(" ")]), headers), /signature/i);
    });
  }

  test("with rfc9421 verify with http-message-signatures", async () => {
    const { method, url, body, ...call } = await arrived("rfc9421");
    const headers = fieldsOf(call);
    const config = {
      keyLookup: async ({ keyid, alg }) => ({ id: keyid, algs: [alg], verify: createVerifier(publicKey(keyid), alg) }),
      requiredParams: ["created", "keyid", "alg", "nonce"],
      requiredFields: ["@method", "@target-uri", "content-digest", "content-type", "x-copernica-id"],
      // The library takes the tolerance from what may be the age.
      maxAge: 120,
      tolerance: 60,
    };
    const message = { method, url: receiver.base + url, headers };
    assert.equal(await httpbis.verifyMessage(config, message), true);
    assert.equal(headers["content-digest"], `sha-256=:${sha256(body)}:`);
    assert.equal(await httpbis.verifyMessage(config, { ...message, url: `${message.url}x` }), false);
  });

  for (const profile of PROFILES) {
    test(`with ${profile} verify with the package, by the report that names every check`, async () => {
      const { method, url, body, ...call } = await arrived(profile);
      const verifier = new Verifier({
        profile,
        allowHttp: true,
        ...(profile === "standard"
          ? { secret: secrets.get(profile) }
          : {
              environment: 1,
              host: new URL(receiver.base).host,
              keyDomain: await server.keyDomain(),
              resolveKey: (keyId) => published.get(keyId) ?? null,
            }),
      });
      const report = await verifier.verify({ method, url: receiver.base + url, headers: fieldsOf(call), body });
      assert.ok(report.ok, String(report));
      assert.ok(TYPES.includes(report.event.type));
      const altered = Buffer.from(body);
      altered[1] ^= 1;
      const refused = await verifier.verify({ method, url: receiver.base + url, headers: fieldsOf(call), body: altered });
      assert.deepEqual(refused.failed.map(({ name }) => name), [profile === "standard" ? "signature" : "digest"]);
    });
  }

  for (const profile of PROFILES.filter((each) => each !== "standard")) {
    test(`with ${profile} verify with the keys that the package fetches from the server itself`, async () => {
      const { method, url, body, ...call } = await arrived(profile);
      const resolve = publishedKeys(server.base, { allowHttp: true });
      const asked = [];
      const resolveKey = (keyId) => asked.push(keyId) && resolve(keyId);
      const options = { profile, allowHttp: true, environment: 1, keyDomain: await server.keyDomain() };
      const verifier = new Verifier({ ...options, resolveKey });
      const request = { method, url: receiver.base + url, headers: fieldsOf(call), body };
      assert.ok((await verifier.verify(request)).ok);
      assert.ok((await verifier.verify(request)).ok);
      assert.equal(asked.length, 1, "the second call finds the key in the cache");
      assert.ok(published.has(asked[0]));
      assert.equal(await resolve(`nobody._domainkey.${await server.keyDomain()}`), null);
      const elsewhere = new Verifier({ ...options, keyDomain: "elsewhere.example", resolveKey });
      assert.deepEqual((await elsewhere.verify(request)).failed.map(({ name }) => name), ["keyid"]);
      assert.equal(asked.length, 1, "a name that is not trusted is not looked up");
    });
  }
});
