// The two engines give the same answers, whatever was done to a call.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";

import { Verifier } from "seinpost-verify";
import { Verifier as PureVerifier } from "seinpost-verify/pure";
import { signedCall, spoilsOf, verifierOptions } from "seinpost-verify/testing";

const url = "https://receiver.example.com/hook?a=1&b=2";

function outcome(Kind, profile, call) {
  const report = new Kind(verifierOptions({ url, profile })).verifySync(call);
  return { ok: report.ok, checks: report.checks };
}

for (const profile of ["cavage", "standard", "rfc9421"]) {
  test(`${profile}: both engines accept a call and give the same report`, () => {
    const call = signedCall({ url, profile });
    assert.equal(outcome(PureVerifier, profile, call).ok, true);
    assert.deepEqual(outcome(PureVerifier, profile, call), outcome(Verifier, profile, call));
  });

  test(`${profile}: both engines refuse each spoilt call for the same reasons`, () => {
    const spoils = spoilsOf(profile).map(({ name }) => name);
    assert.ok(spoils.length > 5);
    for (const spoil of spoils) {
      const call = signedCall({ url, profile, spoil });
      assert.deepEqual(outcome(PureVerifier, profile, call), outcome(Verifier, profile, call), spoil);
    }
  });
}

test("require and import give one class", () => {
  assert.equal(createRequire(import.meta.url)("seinpost-verify/pure").Verifier, PureVerifier);
});
