// The pure engine works in the memory that a call stands in. A body that is the largest so far makes it grow, which empties
// every view of it: so the sizes here only rise, and the first call of a size is the one that counts.
import assert from "node:assert/strict";
import { createHmac, randomBytes } from "node:crypto";
import { test } from "node:test";

import { Verifier } from "seinpost-verify/pure";

const now = 1_700_000_000_000;
const secrets = [randomBytes(32), randomBytes(32), randomBytes(32)];
const verifier = new Verifier({ profile: "standard", secret: secrets, now });
const MIB = 1 << 20;

function signed(secret, size) {
  const body = Buffer.alloc(size, 120);
  const mac = createHmac("sha256", secret).update(`msg_1.${now / 1000}.`).update(body).digest("base64");
  return { url: "/hook", body, headers: { "webhook-id": "msg_1", "webhook-timestamp": `${now / 1000}`, "webhook-signature": `v1,${mac}` } };
}

const failed = (report) => report.failed.map(({ name }) => name);

test("a large body with a wrong signature is refused with a report", async () => {
  const one = new Verifier({ profile: "standard", secret: secrets[0], now });
  const reports = [await one.verify(signed(secrets[1], MIB)), one.verifySync(signed(secrets[1], 3 * MIB))];
  for (const report of reports) {
    assert.deepEqual(failed(report), ["signature"]);
    assert.match(report.failed[0].reason, /not that of this call/);
  }
});

test("the first large body is accepted under any of the secrets", async () => {
  assert.deepEqual(failed(await verifier.verify(signed(secrets[1], 6 * MIB))), []);
  assert.deepEqual(failed(verifier.verifySync(signed(secrets[2], 12 * MIB))), []);
});
