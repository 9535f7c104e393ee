// The cache of keys, with a clock that is driven and DNS and HTTP servers on this machine.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Verifier } from "seinpost-verify";
import { dnsOverHttps } from "seinpost-verify/resolve";
import { signedCall, TEST_TIME, testRecord, verifierOptions } from "seinpost-verify/testing";

import { otherRecord, resolver } from "./resolvers.mjs";

const DOMAIN = "sign.example.com";
const KEY = `test._domainkey.${DOMAIN}`;
const TEST_KEYS = testRecord(KEY);

/** A verifier that asks a resolver of its own, and a clock that only `pass` moves. */
async function receiver(t, cache, zone = { [KEY]: TEST_KEYS }) {
  const dns = await resolver(t, zone);
  const clock = { now: TEST_TIME };
  const { nonces, ...options } = verifierOptions();
  const resolveKey = dnsOverHttps(dns.url, { allowHttp: true });
  const verifier = new Verifier({ ...options, tolerance: 10 ** 9, now: () => clock.now, resolveKey, cache });
  const verify = (keyId = KEY, ask = {}) => verifier.verify(signedCall({ keyId, ...ask }));
  return { dns, verify, verifier, pass: (seconds) => (clock.now += seconds * 1000) };
}

function signature(report) {
  return report.checks.find(({ name }) => name === "signature");
}

test("a key is kept for its time to live, and no longer", async (t) => {
  const { dns, verify, pass } = await receiver(t, { ttl: 100 });
  assert.equal((await verify()).ok, true);
  pass(99);
  assert.equal((await verify()).ok, true);
  assert.equal(dns.asked.length, 1);
  pass(1);
  assert.equal((await verify()).ok, true);
  assert.deepEqual(dns.asked, [KEY, KEY]);
});

test("a key that was taken away is refused once its time is over", async (t) => {
  const { dns, verify, pass } = await receiver(t, { ttl: 100 });
  assert.equal((await verify()).ok, true);
  delete dns.zone[KEY];
  pass(99);
  assert.equal((await verify()).ok, true);
  pass(1);
  assert.equal((await verify()).ok, false);
});

test("that there is no key is kept too, for a time of its own", async (t) => {
  const { dns, verify, pass } = await receiver(t, { ttl: 100, negativeTtl: 10 }, {});
  assert.equal((await verify()).ok, false);
  pass(9);
  assert.equal((await verify()).ok, false);
  assert.equal(dns.asked.length, 1);
  dns.zone[KEY] = TEST_KEYS;
  assert.equal((await verify()).ok, false);
  pass(1);
  assert.equal((await verify()).ok, true);
  assert.equal(dns.asked.length, 2);
});

test("of one key one look-up is under way, whoever waits for it", async (t) => {
  const { dns, verify } = await receiver(t, {});
  const open = dns.hold();
  const calls = Array.from({ length: 50 }, () => verify());
  await dns.arrived(1);
  open();
  assert.ok((await Promise.all(calls)).every(({ ok }) => ok));
  assert.equal(dns.asked.length, 1);
});

test("keys of different names are looked up side by side", async (t) => {
  const names = [KEY, `b._domainkey.${DOMAIN}`];
  const { dns, verify } = await receiver(t, {}, Object.fromEntries(names.map((name) => [name, TEST_KEYS])));
  const open = dns.hold();
  const calls = names.map((name) => verify(name));
  await dns.arrived(2);
  open();
  assert.ok((await Promise.all(calls)).every(({ ok }) => ok));
});

test("there are no more keys than the bound, and the oldest goes", async (t) => {
  const names = ["a", "b", "c"].map((name) => `${name}._domainkey.${DOMAIN}`);
  const { dns, verify } = await receiver(t, { size: 2 }, Object.fromEntries(names.map((name) => [name, TEST_KEYS])));
  for (const name of names) assert.equal((await verify(name)).ok, true);
  assert.equal((await verify(names[2])).ok, true);
  assert.equal((await verify(names[1])).ok, true);
  assert.equal(dns.asked.length, 3);
  assert.equal((await verify(names[0])).ok, true);
  assert.equal(dns.asked.length, 4);
});

test("names that strangers make up do not push keys out", async (t) => {
  const { dns, verify } = await receiver(t, { size: 3 });
  assert.equal((await verify()).ok, true);
  for (let index = 0; index < 20; index += 1) assert.equal((await verify(`n${index}._domainkey.${DOMAIN}`)).ok, false);
  assert.equal(dns.asked.length, 21);
  assert.equal((await verify()).ok, true);
  assert.equal(dns.asked.length, 21);
});

test("a key serves on while its resolver fails, asked now and then, until its last hour", async (t) => {
  const { dns, verify, pass } = await receiver(t, { ttl: 100, negativeTtl: 10, staleIfError: 1000 });
  assert.equal((await verify()).ok, true);
  dns.fail = 500;
  pass(100);
  assert.equal((await verify()).ok, true);
  assert.equal((await verify()).ok, true);
  assert.equal(dns.asked.length, 2);
  // Calls that keep coming do not make it live for ever.
  for (let age = 110; age < 1100; age += 10) {
    pass(10);
    assert.equal((await verify()).ok, true, `after ${age} s`);
  }
  pass(10);
  const report = await verify();
  assert.equal(report.ok, false);
  assert.match(signature(report).reason, /answered 500/);
});

test("a resolver that is back is believed again, at once when it has no key", async (t) => {
  const { dns, verify, pass } = await receiver(t, { ttl: 100, negativeTtl: 10, staleIfError: 1000 });
  assert.equal((await verify()).ok, true);
  dns.fail = 500;
  pass(100);
  assert.equal((await verify()).ok, true);
  dns.fail = 0;
  delete dns.zone[KEY];
  pass(10);
  assert.equal((await verify()).ok, false);
});

test("a look-up that fails with nothing kept says why, and is not repeated for each call", async (t) => {
  const { dns, verify, pass } = await receiver(t, { negativeTtl: 10 });
  dns.rcode = 2;
  const report = await verify();
  assert.equal(report.ok, false);
  assert.match(signature(report).reason, /SERVFAIL/);
  assert.equal((await verify()).ok, false);
  assert.equal(dns.asked.length, 1);
  dns.rcode = 0;
  pass(10);
  assert.equal((await verify()).ok, true);
});

test("a key that was replaced is found at once, by the signature that fails under the one kept", async (t) => {
  const { dns, verify, pass } = await receiver(t, { ttl: 1000, refetchAfter: 30 }, { [KEY]: [[otherRecord()]] });
  assert.equal((await verify()).ok, false);
  assert.equal(dns.asked.length, 1);
  dns.zone[KEY] = TEST_KEYS;
  pass(29);
  assert.equal((await verify()).ok, false);
  assert.equal(dns.asked.length, 1);
  pass(1);
  assert.equal((await verify()).ok, true);
  assert.equal((await verify()).ok, true);
  assert.equal(dns.asked.length, 2);
});

test("calls that come while the new key is fetched wait for it", async (t) => {
  const { dns, verify, pass } = await receiver(t, { ttl: 1000 }, { [KEY]: [[otherRecord()]] });
  assert.equal((await verify()).ok, false);
  dns.zone[KEY] = TEST_KEYS;
  pass(30);
  const open = dns.hold();
  const calls = Array.from({ length: 20 }, () => verify());
  await dns.arrived(2);
  open();
  assert.ok((await Promise.all(calls)).every(({ ok }) => ok));
  assert.equal(dns.asked.length, 2);
});

test("forged calls make few look-ups, and never cost the key that is kept", async (t) => {
  const { dns, verify, pass } = await receiver(t, { ttl: 1000, refetchAfter: 30 });
  assert.equal((await verify()).ok, true);
  dns.fail = 503;
  for (let second = 0; second < 300; second += 1) {
    assert.equal((await verify(KEY, { spoil: "forged" })).ok, false);
    pass(1);
  }
  assert.equal(dns.asked.length, 1 + 9);
  assert.equal((await verify()).ok, true);
});

test("what cannot be a key of the sender is not looked up", async (t) => {
  const { dns, verify } = await receiver(t, {});
  for (const name of [`test._domainkey.evil${DOMAIN}`, `test._domainkey.${DOMAIN}.evil.example`]) assert.equal((await verify(name)).ok, false);
  assert.deepEqual(dns.asked, []);
});

test("a key once looked up serves verifySync", async (t) => {
  const { verify, verifier, pass } = await receiver(t, { ttl: 100 });
  assert.throws(() => verifier.verifySync(signedCall()), { code: "key-not-at-hand" });
  assert.equal((await verify()).ok, true);
  assert.equal(verifier.verifySync(signedCall()).ok, true);
  pass(100);
  assert.throws(() => verifier.verifySync(signedCall()), { code: "key-not-at-hand" });
});
