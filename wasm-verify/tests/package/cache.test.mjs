// The cache of keys, with a clock that is driven and DNS and HTTP servers on this machine.
import assert from "node:assert/strict";
import { Resolver } from "node:dns";
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
  // No time runs out but where a test is about that, however slow this machine is.
  const resolveKey = dnsOverHttps(dns.url, { allowHttp: true, timeout: 300_000 });
  const verifier = new Verifier({ ...options, tolerance: 10 ** 9, now: () => clock.now, resolveKey, cache: { timeout: 300, ...cache } });
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

test("a key that was replaced by one of another kind is found, too, and no more often than is allowed", async (t) => {
  const [[rsa], [ed25519]] = TEST_KEYS;
  const { dns, verify, pass } = await receiver(t, { ttl: 1000, refetchAfter: 30 }, { [KEY]: [[ed25519]] });
  assert.match(signature(await verify()).reason, /names the algorithm rsa-sha256, but the key is Ed25519/);
  pass(29);
  assert.equal((await verify()).ok, false);
  assert.equal(dns.asked.length, 1);
  dns.zone[KEY] = [[rsa]];
  pass(1);
  assert.equal((await verify()).ok, true);
  assert.equal((await verify()).ok, true);
  assert.equal(dns.asked.length, 2);
  for (let count = 0; count < 10; count += 1) assert.equal((await verify(KEY, { spoil: "wrong-algorithm" })).ok, false);
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

test("verifySync looks a replaced key up again too, where resolveKey answers at once", async () => {
  const clock = { now: TEST_TIME };
  let record = otherRecord();
  let asked = 0;
  const resolveKey = () => ((asked += 1), record);
  const { nonces, ...options } = verifierOptions();
  const verifier = new Verifier({ ...options, tolerance: 10 ** 9, now: () => clock.now, resolveKey, cache: { refetchAfter: 30 } });
  assert.equal(verifier.verifySync(signedCall()).ok, false);
  record = TEST_KEYS;
  clock.now += 29_000;
  assert.equal(verifier.verifySync(signedCall()).ok, false);
  assert.equal(asked, 1);
  clock.now += 1000;
  assert.equal(verifier.verifySync(signedCall()).ok, true);
  assert.equal(asked, 2);
});

test("verifySync begins one look-up of a name, and what it finds serves the calls after it", async () => {
  const { nonces, ...options } = verifierOptions();
  let asked = 0;
  let answer;
  const resolveKey = () => ((asked += 1), new Promise((resolve) => (answer = () => resolve(TEST_KEYS))));
  const verifier = new Verifier({ ...options, resolveKey });
  for (let count = 0; count < 20; count += 1) assert.throws(() => verifier.verifySync(signedCall()), { code: "key-not-at-hand" });
  assert.equal(asked, 1);
  const waiting = verifier.verify(signedCall());
  answer();
  assert.equal((await waiting).ok, true);
  assert.equal(verifier.verifySync(signedCall()).ok, true);
  assert.equal(asked, 1);
});

test("verifySync begins no more than 64 look-ups at a time", () => {
  const { nonces, ...options } = verifierOptions();
  let asked = 0;
  const verifier = new Verifier({ ...options, resolveKey: () => ((asked += 1), new Promise(() => {})), cache: { timeout: 0.05 } });
  for (let index = 0; index < 64; index += 1) {
    assert.throws(() => verifier.verifySync(signedCall({ keyId: `n${index}._domainkey.${DOMAIN}` })), { code: "key-not-at-hand" });
  }
  assert.match(signature(verifier.verifySync(signedCall())).reason, /too many look-ups/);
  assert.equal(asked, 64);
});

test("no more than 64 names are looked up at a time", async (t) => {
  const { dns, verify } = await receiver(t, { size: 500 });
  const open = dns.hold();
  const calls = Array.from({ length: 200 }, (_, index) => verify(`n${index}._domainkey.${DOMAIN}`));
  await dns.arrived(64);
  const last = await calls.at(-1);
  assert.match(signature(last).reason, /too many look-ups/);
  open();
  assert.ok((await Promise.all(calls)).every(({ ok }) => !ok));
  assert.equal(dns.asked.length, 64);
  assert.equal((await verify()).ok, true);
});

test("a key whose look-up found no place among them is looked up once there is one", async (t) => {
  const { dns, verify } = await receiver(t, { size: 500 });
  const open = dns.hold();
  const calls = Array.from({ length: 64 }, (_, index) => verify(`n${index}._domainkey.${DOMAIN}`));
  await dns.arrived(64);
  assert.match(signature(await verify()).reason, /too many look-ups/);
  open();
  await Promise.all(calls);
  assert.equal((await verify()).ok, true);
});

test("a key that is past its time serves on while its look-up finds no place", async (t) => {
  const { dns, verify, pass } = await receiver(t, { size: 500, ttl: 100, staleIfError: 1000 });
  assert.equal((await verify()).ok, true);
  pass(100);
  const open = dns.hold();
  const calls = Array.from({ length: 64 }, (_, index) => verify(`n${index}._domainkey.${DOMAIN}`));
  await dns.arrived(65);
  assert.equal((await verify()).ok, true);
  pass(1000);
  assert.match(signature(await verify()).reason, /too many look-ups/);
  open();
  await Promise.all(calls);
});

test("a look-up that finds no key takes nothing from what a secret told", async (t) => {
  const dns = await resolver(t, {});
  const { secret } = verifierOptions({ profile: "standard" });
  for (const explain of [false, true]) {
    const options = { ...verifierOptions(), secret, explain, resolveKey: dnsOverHttps(dns.url, { allowHttp: true }) };
    const { headers, ...call } = signedCall();
    const claimed = headers.map(([name, value]) => [name, value.replace('algorithm="rsa-sha256"', 'algorithm="hs2019"')]);
    assert.notDeepEqual(claimed, headers);
    const report = await new Verifier(options).verify({ ...call, headers: claimed });
    assert.equal(report.ok, false);
    assert.match(signature(report).reason, /not that of this call/);
  }
  assert.deepEqual(dns.asked, [KEY, KEY]);
});

test("the DNS is asked once for a name, however it is spelt; resolveKey for each name as it stands", async (t) => {
  const asked = [];
  t.mock.method(Resolver.prototype, "resolveTxt", (name, answer) => {
    asked.push(name);
    answer(null, testRecord(name));
  });
  const { nonces, resolveKey, ...options } = verifierOptions();
  const spellings = [KEY, `TEST._domainkey.${DOMAIN}`, `test._DomainKey.${DOMAIN}`];
  const verifier = new Verifier(options);
  for (const keyId of spellings) assert.equal((await verifier.verify(signedCall({ keyId }))).ok, true);
  assert.deepEqual(asked, [KEY]);
  const own = [];
  const other = new Verifier({ ...options, resolveKey: (keyId) => (own.push(keyId), testRecord(keyId.toLowerCase())) });
  for (const keyId of spellings) assert.equal((await other.verify(signedCall({ keyId }))).ok, true);
  assert.deepEqual(own, spellings);
  const atHand = new Verifier({ ...options, keys: { [spellings[1]]: testRecord(KEY) } });
  assert.equal((await atHand.verify(signedCall({ keyId: spellings[1] }))).ok, true);
  assert.deepEqual(asked, [KEY]);
});

test("a look-up that never answers is given up, and keeps nobody out", async () => {
  const { nonces, ...options } = verifierOptions();
  const hangs = new Set(Array.from({ length: 64 }, (_, index) => `n${index}._domainkey.${DOMAIN}`));
  const resolveKey = (keyId) => (hangs.has(keyId) ? new Promise(() => {}) : Promise.resolve(testRecord(keyId)));
  const verifier = new Verifier({ ...options, resolveKey, cache: { timeout: 0.05 } });
  const calls = [...hangs].map((keyId) => verifier.verify(signedCall({ keyId })));
  for (const report of await Promise.all(calls)) {
    assert.equal(report.ok, false);
    assert.match(signature(report).reason, /no answer within 0\.05 s/);
  }
  assert.equal((await verifier.verify(signedCall())).ok, true);
});

test("a key serves on while its look-up hangs", async () => {
  const { nonces, ...options } = verifierOptions();
  const clock = { now: TEST_TIME };
  let answer = Promise.resolve(TEST_KEYS);
  const cache = { ttl: 100, timeout: 0.05 };
  const verifier = new Verifier({ ...options, tolerance: 10 ** 9, now: () => clock.now, resolveKey: () => answer, cache });
  assert.equal((await verifier.verify(signedCall())).ok, true);
  answer = new Promise(() => {});
  clock.now += 100_000;
  assert.equal((await verifier.verify(signedCall())).ok, true);
});

test("a look-up whose time is longer than a timer keeps is waited for all the same", async () => {
  const { nonces, ...options } = verifierOptions();
  for (const timeout of [3_000_000, Infinity]) {
    const verifier = new Verifier({ ...options, resolveKey: async (keyId) => (await import("node:fs/promises"), testRecord(keyId)), cache: { timeout } });
    assert.equal((await verifier.verify(signedCall())).ok, true);
  }
});

test("an option of the cache that is unknown or no number is refused; one that is undefined is as by default", async () => {
  const { nonces, ...options } = verifierOptions();
  for (const cache of [{ tll: 60 }, { ttl: "60" }, { ttl: -1 }, { size: NaN }, { toString: 1 }, { negativeTtl: null, x: 1 }]) {
    assert.throws(() => new Verifier({ ...options, cache }), { code: "invalid-options", message: /cache\./ }, JSON.stringify(cache));
  }
  const asked = [];
  const resolveKey = async (keyId) => void asked.push(keyId);
  const verifier = new Verifier({ ...options, resolveKey, cache: { negativeTtl: undefined, ttl: undefined } });
  for (let count = 0; count < 3; count += 1) assert.equal((await verifier.verify(signedCall())).ok, false);
  assert.equal(asked.length, 1);
});

test("a call that a secret of the receiver's own did not sign makes no look-up", async (t) => {
  const dns = await resolver(t, { [KEY]: TEST_KEYS });
  const options = { ...verifierOptions(), secret: verifierOptions({ profile: "standard" }).secret };
  const verifier = new Verifier({ ...options, resolveKey: dnsOverHttps(dns.url, { allowHttp: true }) });
  const { headers, ...call } = signedCall();
  const claimed = headers.map(([name, value]) => [name, value.replace('algorithm="rsa-sha256"', 'algorithm="hmac-sha256"')]);
  assert.notDeepEqual(claimed, headers);
  for (let count = 0; count < 3; count += 1) {
    const report = await verifier.verify({ ...call, headers: claimed });
    assert.equal(report.ok, false);
    assert.match(signature(report).reason, /not that of this call/);
  }
  assert.deepEqual(dns.asked, []);
});
