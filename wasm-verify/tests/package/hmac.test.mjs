// The HMAC of Standard Webhooks, however it is computed: in WebAssembly (the first call), with Node's hash over what stands in
// memory (short bodies), or over the body where it is (long ones). All give what node:crypto gives.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHmac, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { MemoryNonceStore, Verifier } from "seinpost-verify";
import { Verifier as PureVerifier } from "seinpost-verify/pure";

const now = 1_700_000_000_000;
const SIZES = [0, 1, 55, 56, 63, 64, 119, 120, 512, 1199, 1200, 1201, 4095, 4096, 4097, 70_000];

function signed(secret, body, { id = "msg_1", others = [] } = {}) {
  const mac = createHmac("sha256", secret).update(`${id}.${now / 1000}.`).update(body).digest("base64");
  const signature = [...others, `v1,${mac}`].join(" ");
  return { url: "/hook", headers: { "webhook-id": id, "webhook-timestamp": String(now / 1000), "webhook-signature": signature }, body };
}

const failed = (report) => [report.ok, ...report.failed.map(({ name }) => name)];

for (const length of [16, 24, 63, 64, 65, 200]) {
  test(`a secret of ${length} bytes, bodies of every length`, async () => {
    const secret = randomBytes(length);
    const verifiers = [new Verifier({ profile: "standard", secret, now }), new PureVerifier({ profile: "standard", secret, now })];
    for (const size of SIZES) {
      const body = randomBytes(size);
      const call = signed(secret, body);
      const decoy = randomBytes(32).toString("base64");
      for (const verifier of verifiers) {
        assert.deepEqual(failed(verifier.verifySync(call)), [true], `${size}`);
        assert.deepEqual(failed(await verifier.verify(call)), [true], `${size}`);
        assert.deepEqual(failed(verifier.verifySync(signed(secret, body, { others: [`v1,${decoy}`, "v9,x"] }))), [true], `${size}`);
        assert.deepEqual(failed(verifier.verifySync(signed(randomBytes(length), body))), [false, "signature"], `${size}`);
        assert.deepEqual(failed(verifier.verifySync({ ...call, body: Buffer.concat([body, Buffer.from([0])]) })), [false, "signature"]);
        const headers = { ...call.headers, "webhook-id": "msg_2" };
        assert.deepEqual(failed(verifier.verifySync({ ...call, headers })), [false, "signature"], `${size}`);
      }
    }
  });
}

test("several secrets, and a nonce, take another way to the same answer", () => {
  const [old, fresh] = [randomBytes(32), randomBytes(32)];
  for (const size of SIZES) {
    const body = randomBytes(size);
    const both = new Verifier({ profile: "standard", secret: [old, fresh], now });
    for (const secret of [old, fresh]) assert.deepEqual(failed(both.verifySync(signed(secret, body))), [true]);
    assert.deepEqual(failed(both.verifySync(signed(randomBytes(32), body))), [false, "signature"]);
    const once = new Verifier({ profile: "standard", secret: fresh, now, nonces: new MemoryNonceStore({ now: () => now }) });
    assert.deepEqual(failed(once.verifySync(signed(fresh, body))), [true]);
    assert.deepEqual(failed(once.verifySync(signed(fresh, body))), [false, "nonce"]);
  }
});

test("calls of two verifiers, one after another, do not get in each other's way", () => {
  const secrets = [randomBytes(32), randomBytes(32)];
  const verifiers = secrets.map((secret) => new Verifier({ profile: "standard", secret, now }));
  for (const size of SIZES) {
    const body = randomBytes(size);
    for (const [at, secret] of secrets.entries()) {
      assert.deepEqual(failed(verifiers[at].verifySync(signed(secret, body))), [true]);
      assert.deepEqual(failed(verifiers[1 - at].verifySync(signed(secret, body))), [false, "signature"]);
    }
  }
});

test("the first short call of a program loads no crypto", (t) => {
  const secret = randomBytes(32);
  const call = signed(secret, Buffer.from("{}"));
  const program = `
    const before = new Set(process.moduleLoadList);
    const { Verifier } = require("seinpost-verify");
    const verifier = new Verifier({ profile: "standard", secret: Buffer.from(${JSON.stringify(secret.toString("hex"))}, "hex"), now: ${now} });
    const call = ${JSON.stringify({ ...call, body: "{}" })};
    const loaded = () => process.moduleLoadList.filter((name) => !before.has(name) && /^NativeModule (crypto|dns)$/.test(name));
    console.log(JSON.stringify([verifier.verifySync(call).ok, loaded(), verifier.verifySync(call).ok, loaded()]));`;
  // Beside this file, so that it finds the package. (With --eval, Node has loaded crypto itself.)
  const folder = mkdtempSync(join(import.meta.dirname, "hmac-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "program.cjs");
  writeFileSync(file, program);
  const { stdout, stderr } = spawnSync(process.execPath, [file], { encoding: "utf8" });
  assert.equal(stderr, "");
  assert.deepEqual(JSON.parse(stdout), [true, [], true, ["NativeModule crypto"]]);
});
