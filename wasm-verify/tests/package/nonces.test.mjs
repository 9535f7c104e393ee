import assert from "node:assert/strict";
import { test } from "node:test";

import { MemoryNonceStore, Verifier } from "seinpost-verify";
import { signedCall, TEST_TIME, verifierOptions } from "seinpost-verify/testing";

test("a nonce is new once, until its time is over", () => {
  let now = 0;
  const store = new MemoryNonceStore({ now: () => now });
  assert.equal(store.add("a", 10), true);
  now = 9_999;
  assert.equal(store.add("a", 10), false);
  now = 10_000;
  assert.equal(store.add("a", 10), true);
  store.delete("a");
  assert.equal(store.add("a", 10), true);
});

test("what has expired makes room; when nothing has, the oldest goes", () => {
  let now = 0;
  const store = new MemoryNonceStore({ capacity: 3, now: () => now });
  for (const nonce of ["a", "b", "c"]) store.add(nonce, 10);
  now = 10_000;
  store.add("d", 10);
  assert.equal(store.size, 1);
  for (const nonce of ["e", "f", "g"]) store.add(nonce, 10);
  assert.equal(store.size, 3);
  assert.equal(store.add("d", 10), true);
  assert.equal(store.add("g", 10), false);
});

test("a million nonces cost bounded memory and time", () => {
  const store = new MemoryNonceStore({ capacity: 1000, now: () => 0 });
  for (let index = 0; index < 1_000_000; index++) store.add(String(index), 10);
  assert.equal(store.size, 1000);
});

test("a capacity that is no number of nonces is refused", () => {
  for (const capacity of [0, -1, 1.5, Number.NaN, "10"]) assert.throws(() => new MemoryNonceStore({ capacity }), RangeError);
});

test("only a call that passes every other check uses its nonce up", async () => {
  const verifier = new Verifier(verifierOptions());
  const nonce = "mine";
  for (const spoil of ["forged", "stale", "altered", "other-host"]) assert.equal((await verifier.verify(signedCall({ nonce, spoil }))).ok, false);
  assert.equal((await verifier.verify(signedCall({ nonce }))).ok, true);
  assert.equal((await verifier.verify(signedCall({ nonce }))).ok, false);
});

test("a nonce is remembered for as long as its call could be in tolerance", async () => {
  for (const [profile, tolerance] of [["cavage", 60], ["rfc9421", 60], ["standard", 300]]) {
    const asked = [];
    const nonces = { add: (nonce, seconds) => asked.push([nonce, seconds]) > 0 };
    await new Verifier({ ...verifierOptions({ profile }), nonces }).verify(signedCall({ profile, nonce: "n", now: TEST_TIME + tolerance * 1000 }));
    const [[nonce, seconds]] = asked;
    assert.equal(nonce, "n");
    // A call that is as far ahead as may be is in tolerance until as far behind as may be.
    assert.ok(Number.isInteger(seconds) && seconds >= 2 * tolerance, `${seconds} s for ${profile}`);
  }
});
