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

/** A store as a shared one is: it answers later. */
function laterStore() {
  const store = new MemoryNonceStore({ now: () => 0 });
  const counts = { added: 0, deleted: 0 };
  return {
    counts,
    add: async (nonce, seconds) => ((counts.added += 1), store.add(nonce, seconds)),
    delete: async (nonce) => ((counts.deleted += 1), store.delete(nonce)),
  };
}

test("a store that answers neither true nor false is told so, not taken for one that knew the nonce", async () => {
  for (const [answer, said] of [["OK", '"OK"'], [null, "null"], [1, "1"], [undefined, "undefined"]]) {
    for (const add of [() => answer, async () => answer]) {
      const report = await new Verifier({ ...verifierOptions(), nonces: { add } }).verify(signedCall());
      assert.equal(report.ok, false);
      const { reason } = report.checks.find(({ name }) => name === "nonce");
      assert.ok(reason.includes(`add gave ${said}, not true or false`), reason);
    }
  }
});

test("verifySync spends no nonce in a store that it cannot wait for", async () => {
  const nonces = laterStore();
  const verifier = new Verifier({ ...verifierOptions(), nonces });
  const call = signedCall({ nonce: "mine" });
  assert.throws(() => verifier.verifySync(call), { code: "no-sync" });
  // At once, as who is told to use it does.
  assert.equal((await verifier.verify(call)).ok, true);
  assert.equal((await verifier.verify(call)).ok, false);
  assert.deepEqual(nonces.counts, { added: 3, deleted: 1 });
  assert.throws(() => verifier.verifySync(signedCall({ nonce: "another" })), { code: "no-sync" });
  assert.equal(nonces.counts.added, 3);
});

test("verifySync gives no nonce back that was seen before, and no failure of the store is left unhandled", async () => {
  const nonces = laterStore();
  await nonces.add("mine", 10);
  assert.throws(() => new Verifier({ ...verifierOptions(), nonces }).verifySync(signedCall({ nonce: "mine" })), { code: "no-sync" });
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(nonces.counts.deleted, 0);
  for (const broken of [{ add: () => Promise.reject(new Error("away")) }, { add: async () => true, delete: () => Promise.reject(new Error("away")) }, { add: async () => true }]) {
    assert.throws(() => new Verifier({ ...verifierOptions(), nonces: broken }).verifySync(signedCall()), { code: "no-sync" });
    await new Promise((resolve) => setImmediate(resolve));
  }
});
