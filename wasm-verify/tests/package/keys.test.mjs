// Keys that the receiver has at hand: in which forms, and for which profiles.
import assert from "node:assert/strict";
import { createPublicKey } from "node:crypto";
import { test } from "node:test";

import { Verifier } from "seinpost-verify";
import { Verifier as PureVerifier } from "seinpost-verify/pure";
import { signedCall, testRecord, verifierOptions } from "seinpost-verify/testing";

import { otherRecord } from "./resolvers.mjs";

const KEY = "test._domainkey.sign.example.com";
const [RECORD, ED25519] = testRecord(KEY).flat();

function publicKey(record) {
  return createPublicKey({ key: Buffer.from(record.split("p=")[1], "base64"), format: "der", type: "spki" });
}

const FORMS = {
  record: (record) => record,
  pem: (record) => publicKey(record).export({ format: "pem", type: "spki" }),
  "pem with words before it": (record) => `Of the webhooks\n${publicKey(record).export({ format: "pem", type: "spki" })}`,
  jwk: (record) => publicKey(record).export({ format: "jwk" }),
};

for (const [form, write] of Object.entries(FORMS)) {
  test(`of several keys of one name each is tried: ${form}`, async () => {
    const { resolveKey, ...options } = verifierOptions();
    const both = [write(otherRecord()), write(RECORD)];
    const lists = form.startsWith("pem with") ? [both.map((each) => [each])] : [both, both.toReversed?.() ?? [...both].reverse(), both.map((each) => [each])];
    for (const list of lists) {
      const verifier = new Verifier({ ...options, keys: { [KEY]: list } });
      assert.equal((await verifier.verify(signedCall())).ok, true, JSON.stringify(list));
    }
  });
}

test("the pieces of one record are still one key", async () => {
  const { resolveKey, ...options } = verifierOptions();
  const pem = FORMS.pem(RECORD).split(/(?<=\n)/);
  for (const pieces of [[RECORD.slice(0, 30), RECORD.slice(30)], ["k=rsa;", RECORD.slice(RECORD.indexOf("p="))], pem, [ED25519, RECORD.slice(0, 9), RECORD.slice(9)]]) {
    assert.equal((await new Verifier({ ...options, keys: { [KEY]: pieces } }).verify(signedCall())).ok, true, JSON.stringify(pieces));
  }
});

test("keys by name are none for the profile standard, which names no key", async () => {
  const [whpk] = verifierOptions({ profile: "standard" }).keys;
  assert.throws(() => new Verifier({ profile: "standard", keys: { a: whpk } }), { code: "invalid-options", message: /list of keys/ });
  assert.throws(() => new Verifier({ profile: "auto", keys: { a: whpk } }), { code: "invalid-options" });
  const auto = new Verifier({ profile: "auto", environment: 1234, keys: { a: whpk } });
  assert.equal((await auto.verify(signedCall({ profile: "standard" }))).profile, "cavage");
});

test("what is no key is told by new Verifier, with its place in keys", async () => {
  const { resolveKey, ...options } = verifierOptions();
  for (const wrong of [Buffer.from("x"), publicKey(RECORD), 5, true, {}, { keys: 5 }, [RECORD, 5]]) {
    assert.throws(() => new Verifier({ ...options, keys: { other: RECORD, [KEY]: wrong } }), { code: "invalid-key", message: `keys["${KEY}"] is no record, PEM or JWK` });
    assert.throws(() => new Verifier({ profile: "standard", keys: [ED25519, wrong] }), { code: "invalid-key", message: "keys[1] is no record, PEM or JWK" });
  }
  assert.throws(() => new Verifier({ profile: "standard", keys: [ED25519, null] }), { code: "invalid-key", message: "keys[1] cannot be used here" });
  // What a look-up may give, too: there is no key of that name.
  assert.equal((await new Verifier({ ...options, keys: { [KEY]: null } }).verify(signedCall())).ok, false);
  const found = await new Verifier({ ...options, resolveKey: () => Buffer.from("x") }).verify(signedCall());
  assert.match(String(found), /what resolveKey gave is no record, PEM or JWK/);
});

test("an empty list is refused: it would check nothing", () => {
  const { resolveKey, nonces, ...options } = verifierOptions({ profile: "auto" });
  new Verifier(options);
  for (const name of ["environment", "host", "keyDomain", "secret"]) {
    assert.throws(() => new Verifier({ ...options, [name]: [] }), { code: "invalid-options", message: `${name} is an empty list` });
    assert.throws(() => new Verifier({ profile: "standard", secret: options.secret, [name]: [] }), { code: "invalid-options" });
  }
  // Without a key a call is still judged as far as that goes: the inspector does so.
  new Verifier({ profile: "standard", keys: [] });
});

test("a tolerance is whole seconds that a number holds", () => {
  const make = (tolerance) => new Verifier({ environment: 1234, tolerance });
  for (const good of [0, 60, 2 ** 53 - 1]) make(good);
  for (const bad of [-1, 0.5, 2 ** 53, 2 ** 64, Infinity, NaN, "60"]) assert.throws(() => make(bad), { code: "invalid-options" }, String(bad));
});

test("a JWK that its owner does not want used to verify is refused at once", () => {
  const jwk = FORMS.jwk(RECORD);
  const make = (key_ops) => new Verifier({ profile: "standard", keys: [{ ...jwk, key_ops }] });
  make(["verify"]);
  for (const key_ops of [["encrypt"], [], "verify"]) assert.throws(() => make(key_ops), { code: "key-service" });
});

const SIGNED = [
  ["cavage", "rsa-sha256", { RS256: "valid", RS512: "kind", PS512: "kind" }],
  ["rfc9421", "rsa-v1_5-sha256", { RS256: "valid", RS512: "kind", PS512: "kind" }],
];
const NO_USE = ["RSA-OAEP", "RS384", "ES256", "EdDSA", "", 5];

for (const [profile, algorithm, names] of SIGNED) {
  test(`${profile}: a JWK is for the algorithm that it names, and for no other`, async () => {
    const jwk = FORMS.jwk(RECORD);
    const call = signedCall({ profile, algorithm });
    const judged = async (alg, language = "en") => {
      const { nonces: _, ...others } = verifierOptions({ profile });
      const options = { ...others, resolveKey: () => ({ ...jwk, alg }), language };
      const report = await new Verifier(options).verify(call);
      assert.deepEqual(JSON.stringify(new PureVerifier(options).verifySync(call).checks), JSON.stringify(report.checks));
      assert.equal(report.ok, report.failed.length === 0);
      return report.failed.map(({ name, reason, next }) => [name, reason, typeof next]);
    };
    assert.deepEqual(await judged(undefined), []);
    for (const [alg, outcome] of Object.entries(names)) {
      const kind = `the call names the algorithm rsa-sha256, but the key is RSA (alg ${alg})`;
      assert.deepEqual(await judged(alg), outcome === "valid" ? [] : [["signature", kind, "string"]], alg);
    }
    const dutch = "de aanroep noemt het algoritme rsa-sha256, maar de sleutel is van de soort RSA (alg PS512)";
    assert.deepEqual(await judged("PS512", "nl"), [["signature", dutch, "string"]]);
    const used = "the key cannot be used: the key is published for another use (s=, h=, use or alg)";
    for (const alg of NO_USE) assert.deepEqual(await judged(alg), [["signature", used, "string"]], alg);
  });
}

test("of two JWKs of one name the one is taken that is for the call's algorithm", async () => {
  const jwk = FORMS.jwk(RECORD);
  const { nonces: _, ...options } = verifierOptions();
  const call = signedCall();
  const both = (...algs) => new Verifier({ ...options, resolveKey: () => algs.map((alg) => ({ ...jwk, alg })) }).verify(call);
  assert.equal((await both("PS512", "RS256")).ok, true);
  assert.equal((await both("PS512", "RS512")).ok, false);
});

test("a key with a byte order mark is read, and what is no single key is told so", () => {
  const make = (key) => new Verifier({ profile: "standard", keys: [key] });
  const pem = FORMS.pem(RECORD);
  for (const text of [RECORD, pem, JSON.stringify(FORMS.jwk(RECORD))]) make([`\ufeff${text}`]);
  const wrong = {
    "key-several": [[`${pem}${FORMS.pem(otherRecord())}`], [JSON.stringify({ keys: [FORMS.jwk(RECORD)] })]],
    "key-secret": [[`whsec_${Buffer.alloc(32, 7).toString("base64")}`]],
  };
  for (const [code, keys] of Object.entries(wrong)) for (const key of keys) assert.throws(() => make(key), { code }, key[0]);
  assert.throws(() => make(wrong["key-secret"][0]), /a secret, which belongs in the option secret$/);
});

test("an environment is digits, however they are given", () => {
  const make = (environment) => new Verifier({ environment });
  for (const good of [1, 0, 12345678901234567890n, "12345678901234567890", [1, "2", 3n]]) make(good);
  for (const bad of [-1, 1.5, 2 ** 53, 1e21, NaN, null, true, "", " 1", "1\n", "1a", "123456789012345678901", [[1, 2]], {}]) {
    assert.throws(() => make(bad), { code: "invalid-options" }, String(bad));
  }
});
