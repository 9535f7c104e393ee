// Calls that are verified side by side: what is in WebAssembly's memory is that of the last one.
import assert from "node:assert/strict";
import { createHmac, randomBytes } from "node:crypto";
import { test } from "node:test";

import { Verifier } from "seinpost-verify";
import { webhook } from "seinpost-verify/fetch";
import { Verifier as PureVerifier } from "seinpost-verify/pure";
import { signedCall, TEST_TIME, testRecord, verifierOptions } from "seinpost-verify/testing";

import { browserEntry } from "./browser-entry.mjs";

const { Verifier: BrowserVerifier } = await browserEntry("browser.js");
/** The last one's crypto answers later, and it has no verifySync. */
const KINDS = { node: Verifier, pure: PureVerifier, browser: BrowserVerifier };
const PROFILES = ["cavage", "rfc9421"];

/** A verifier that looks keys up, and has had the key for so long that a signature which fails has it looked up again. */
async function experienced(Kind, profile, more) {
  const clock = { now: TEST_TIME };
  const resolveKey = async (keyId) => testRecord(keyId);
  const options = { ...verifierOptions({ profile }), now: () => clock.now, tolerance: 10 ** 6, resolveKey, ...more };
  const verifier = new Kind(options);
  assert.equal((await verifier.verify(signedCall({ profile }))).ok, true);
  clock.now += 31_000;
  return verifier;
}

/** Calls of which each part is as long as that of the others. */
const call = (profile, spoil, event) => signedCall({ profile, spoil, event });
const failed = (report) => report.failed.map(({ name }) => name);

for (const [name, Kind] of Object.entries(KINDS)) {
  for (const profile of PROFILES) {
    test(`${name}, ${profile}: a forged call is refused whatever is verified beside it`, async () => {
      for (const order of [["forged", undefined], [undefined, "forged"], ["forged", "forged", undefined, "forged"]]) {
        const verifier = await experienced(Kind, profile);
        const reports = await Promise.all(order.map((spoil) => verifier.verify(call(profile, spoil))));
        assert.deepEqual(reports.map(({ ok }) => ok), order.map((spoil) => spoil === undefined), `${order}`);
      }
    });

    test(`${name}, ${profile}: a forged call is not taken for one of another environment`, async () => {
      const verifier = await experienced(Kind, profile);
      const elsewhere = signedCall({ profile, environment: 4321 });
      const [forged, genuine] = await Promise.all([verifier.verify(call(profile, "forged")), verifier.verify(elsewhere)]);
      assert.deepEqual(failed(forged), ["signature"]);
      assert.deepEqual(failed(genuine), ["environment"]);
    });

    test(`${name}, ${profile}: verifySync between the steps of verify changes nothing`, { skip: Kind === BrowserVerifier }, async () => {
      const verifier = await experienced(Kind, profile, { nonces: undefined });
      const forged = verifier.verify(call(profile, "forged"));
      assert.equal(verifier.verifySync(call(profile)).ok, true);
      const genuine = verifier.verify(call(profile));
      verifier.verifySync(call(profile, "tampered"));
      assert.equal((await forged).ok, false);
      assert.equal((await genuine).ok, true);
    });

    test(`${name}, ${profile}: the causes of a refused call are its own`, async () => {
      const verifier = await experienced(Kind, profile, { explain: true });
      const [forged, moved] = await Promise.all([
        verifier.verify(call(profile, "forged")),
        verifier.verify({ ...call(profile), url: "https://hooks.example.com/inner/hook" }),
      ]);
      assert.deepEqual(forged.causes, []);
      assert.deepEqual(moved.causes.map(({ code }) => code), ["path-prefix"]);
    });
  }

  test(`${name}, standard: of calls under several secrets each gets its own answer`, async () => {
    const secrets = [randomBytes(32), randomBytes(32)];
    const now = TEST_TIME;
    const verifier = new Kind({ profile: "standard", secret: secrets, now, nonces: { add: async () => true } });
    for (const size of [10, 1500, 5000]) {
      const body = randomBytes(size);
      const signed = (secret) => {
        const id = `msg_${randomBytes(4).toString("hex")}`;
        const mac = createHmac("sha256", secret).update(`${id}.${now / 1000}.`).update(body).digest("base64");
        return { url: "/hook", body, headers: { "webhook-id": id, "webhook-timestamp": `${now / 1000}`, "webhook-signature": `v1,${mac}` } };
      };
      const signers = [secrets[1], randomBytes(32), secrets[0], randomBytes(32), secrets[1]];
      const reports = await Promise.all(signers.map((secret) => verifier.verify(signed(secret))));
      assert.deepEqual(reports.map(({ ok }) => ok), [true, false, true, false, true], `${size}`);
    }
  });
}

test("of two calls at once the handler gets the genuine one", async () => {
  const events = [];
  const respond = webhook(await experienced(Verifier, "cavage"), (event) => events.push(event.id));
  const send = (spoil, id) => {
    const { url, ...init } = call("cavage", spoil, { id });
    return respond(new Request(url, init));
  };
  const answers = await Promise.all([send("forged", "forged1"), send(undefined, "genuine")]);
  assert.deepEqual(answers.map(({ status }) => status), [401, 204]);
  assert.deepEqual(events, ["genuine"]);
});
