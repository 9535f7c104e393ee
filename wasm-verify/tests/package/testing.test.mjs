import assert from "node:assert/strict";
import { createHash, createHmac, createPublicKey, verify } from "node:crypto";
import { test } from "node:test";

import { decode, Verifier } from "seinpost-verify";
import { EVENT_TYPES, sampleEvent, signedCall, signedRequest, spoilsOf, TEST_TIME, testRecord, verifierOptions } from "seinpost-verify/testing";

const PROFILES = ["cavage", "standard", "rfc9421"];
const ALGORITHMS = { cavage: ["rsa-sha256"], standard: ["v1", "v1a"], rfc9421: ["ed25519", "rsa-v1_5-sha256"] };
const failed = (report) => report.checks.filter(({ outcome }) => outcome === "fail").map(({ name }) => name);

for (const profile of PROFILES) {
  test(`${profile}: every type, format and algorithm is accepted and decoded to what it was made of`, async () => {
    const verifier = new Verifier(verifierOptions({ profile }));
    for (const algorithm of ALGORITHMS[profile]) {
      for (const type of EVENT_TYPES) {
        for (const format of ["json", "form"]) {
          const report = await verifier.verify(signedCall({ profile, type, format, algorithm }));
          assert.deepEqual(failed(report), [], `${algorithm} ${type} ${format}`);
          assert.equal(report.profile, profile);
          assert.deepEqual(JSON.parse(JSON.stringify(report.event)), sampleEvent(type));
        }
      }
    }
  });

  test(`${profile}: every spoil fails the check that it says first`, async () => {
    for (const { name, check } of spoilsOf(profile)) {
      const report = await new Verifier(verifierOptions({ profile })).verify(signedCall({ profile, spoil: name }));
      assert.equal(failed(report)[0] ?? null, check, name);
      if (check === null) assert.throws(() => report.event, { name: "DecodeError" });
    }
  });

  test(`${profile}: with settings of one's own`, async () => {
    const setting = { profile, url: "https://example.org:8443/a?b=%2B", now: Date.UTC(2031, 0, 1), environment: 77, keyDomain: "keys.example.org" };
    assert.deepEqual(failed(await new Verifier(verifierOptions(setting)).verify(signedCall(setting))), []);
    assert.notDeepEqual(failed(await new Verifier(verifierOptions({ profile })).verify(signedCall(setting))), []);
  });

  test(`${profile}: a verifier of profile "auto" accepts it`, async () => {
    const report = await new Verifier(verifierOptions({ profile: "auto" })).verify(signedCall({ profile }));
    assert.deepEqual([failed(report), report.profile], [[], profile]);
  });
}

test("the signatures are right by Node's own crypto", () => {
  const records = testRecord("test._domainkey.sign.example.com").flat();
  const key = (kind) => Buffer.from(records.find((record) => record.includes(`k=${kind};`)).split("p=")[1], "base64");
  const rsa = createPublicKey({ key: key("rsa"), format: "der", type: "spki" });
  const ed25519 = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: key("ed25519").toString("base64url") }, format: "jwk" });
  assert.equal(rsa.asymmetricKeyDetails.modulusLength, 2048);
  for (let length = 0; length < 300; length += 7) {
    const body = "x".repeat(length);
    const cavage = Object.fromEntries(signedCall({ body }).headers);
    assert.equal(cavage.digest, `sha-256=${createHash("sha256").update(body).digest("base64")}`);
    const names = /headers="([^"]*)"/.exec(cavage.signature)[1].split(" ");
    const lines = names.map((name) => `${name}: ${name === "(request-target)" ? "post /hook" : cavage[name]}`);
    const signature = (text) => Buffer.from(/([A-Za-z0-9+/]{40,}={0,2})[":]?$/.exec(text)[1], "base64");
    assert.ok(verify("sha256", Buffer.from(lines.join("\n")), rsa, signature(cavage.signature)));

    const standard = Object.fromEntries(signedCall({ profile: "standard", body }).headers);
    const content = `${standard["webhook-id"]}.${standard["webhook-timestamp"]}.${body}`;
    const secret = Buffer.from(verifierOptions({ profile: "standard" }).secret.slice("whsec_".length), "base64");
    assert.equal(standard["webhook-signature"], `v1,${createHmac("sha256", secret).update(content).digest("base64")}`);
    const asymmetric = Object.fromEntries(signedCall({ profile: "standard", algorithm: "v1a", body, nonce: "n" }).headers);
    assert.ok(verify(null, Buffer.from(`n.${asymmetric["webhook-timestamp"]}.${body}`), ed25519, signature(asymmetric["webhook-signature"])));
  }
});

test("it is made at once, and anew each time", () => {
  const [url, init] = signedRequest();
  assert.equal(url, "https://hooks.example.com/hook");
  assert.equal(init.method, "POST");
  assert.ok(init.body instanceof Uint8Array);
  const nonce = ({ headers }) => headers.find(([name]) => name === "x-nonce")[1];
  assert.notEqual(nonce(signedCall()), nonce(signedCall()));
  assert.equal(nonce(signedCall({ nonce: "mine" })), "mine");
  assert.equal(new Date(TEST_TIME).toISOString(), "2026-01-15T12:00:00.000Z");
});

test("events and bodies of one's own", () => {
  const { body } = signedCall({ type: "click", event: { original: "https://example.org/", extra: [1] } });
  assert.equal(decode(body, "application/json").original, "https://example.org/");
  assert.equal(signedCall({ type: "something-new" }).body.length > 0, true);
  assert.deepEqual(signedCall({ body: new Uint8Array([1, 2]) }).body, new Uint8Array([1, 2]));
});

test("a body of any length can be spoilt", async () => {
  for (const body of [new Uint8Array(0), new Uint8Array(1), Uint8Array.of(1), new Uint8Array(2), "", new Uint8Array(300_000)]) {
    for (const { name, check } of spoilsOf("cavage").filter(({ name: each }) => ["altered", "newline", "undecodable"].includes(each))) {
      const call = signedCall({ spoil: name, body });
      assert.equal(Object.fromEntries(call.headers)["content-length"], String(call.body.length));
      assert.equal(failed(await new Verifier(verifierOptions()).verify(call))[0] ?? null, check, `${name} ${body.length}`);
    }
  }
});

test("a form is written as the server writes it", () => {
  const form = (event) => new TextDecoder().decode(signedCall({ type: "new", format: "form", event }).body);
  for (const [x, written] of [
    [undefined, ""],
    [null, "&x="],
    [[], ""],
    [{}, ""],
    [true, "&x=true"],
    [1.5, "&x=1.5"],
    ["é &=+*~", "&x=%C3%A9+%26%3D%2B%2A%7E"],
    [["a", null], "&x%5B%5D=a&x%5B%5D="],
    [{ a: { b: ["c"] } }, "&x%5Ba%5D%5Bb%5D%5B%5D=c"],
    [[["p"], ["q", "r"]], "&x%5B0%5D%5B%5D=p&x%5B1%5D%5B%5D=q&x%5B1%5D%5B%5D=r"],
    [{ "size[eu]": "42", a: "b", "[": ["c"] }, "&x[size%5Beu%5D]=42&x%5Ba%5D=b&x[%5B][]=c"],
  ]) {
    assert.equal(form({ x }).replace(/^.*?spring/, ""), written, JSON.stringify(x));
  }
  const event = { original: undefined, extra: { "a b": [["1", "2"], { c: "é&=%" }] } };
  const [json, decoded] = ["json", "form"].map((format) => decode(signedCall({ type: "new", format, event }).body));
  assert.deepEqual(decoded, json);
});

test("names that there are not are refused, so that no test passes for the wrong reason", () => {
  for (const wrong of [{ profile: "x" }, { spoil: "rotten" }, { format: "xml" }, { algorithm: "none" }, { profile: "standard", spoil: "other-host" }]) {
    assert.throws(() => signedRequest(wrong), TypeError);
  }
});
