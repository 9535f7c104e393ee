// Wycheproof's vectors, which know what implementations get wrong, on the hosts' arithmetic: node:crypto and WebCrypto. (That
// in Rust is held against them in protocol/tests/wycheproof.rs.)
import assert from "node:assert/strict";
import { test } from "node:test";

import { engine as node } from "../../engines/node.js";
import { engine as web } from "../../engines/web.js";
import { wycheproof } from "./wycheproof-vectors.mjs";

/** As ../../src/verifier.rs numbers them. */
const ALGORITHMS = ["rsa-sha256", "rsa-sha512", "rsa-pss-sha512", "ed25519", "ecdsa-p256-sha256", "hmac-sha256", "hmac-sha512"];
/** The kinds of key, as ../../src/keys.rs numbers them. */
const KINDS = [1, 1, 1, 2, 3, 4, 4];
/** How many of each must be valid and not, at least: the vectors were read. */
const COUNTS = {
  "rsa-sha256": [25, 900], "rsa-sha512": [25, 900], "rsa-pss-sha512": [100, 100], ed25519: [80, 50],
  "ecdsa-p256-sha256": [100, 80], "hmac-sha256": [30, 80], "hmac-sha512": [30, 80],
};

for (const [name, engine] of Object.entries({ "node:crypto": node, WebCrypto: web })) {
  for (const [number, algorithm] of ALGORITHMS.entries()) {
    test(`${algorithm} by ${name}`, async () => {
      const bytes = (text) => new Uint8Array(Buffer.from(text, "hex"));
      const keys = new Map();
      const count = { valid: 0, invalid: 0, acceptable: 0 };
      for (const vector of wycheproof(algorithm)) {
        const raw = bytes(vector.key);
        if (!keys.has(vector.key)) {
          keys.set(vector.key, await (algorithm.startsWith("hmac") ? engine.importSecret(raw) : engine.importKey(KINDS[number], raw)));
        }
        const message = bytes(vector.message);
        const signature = bytes(vector.signature);
        const accepts = (text, body) => engine.verify(number, keys.get(vector.key), text, body, signature);
        const accepted = await accepts(message, null);
        if (vector.result !== "acceptable") assert.equal(accepted, vector.result === "valid", vector.name);
        // In two parts it is the same.
        const half = message.length >> 1;
        assert.equal(await accepts(message.subarray(0, half), message.subarray(half)), accepted, vector.name);
        count[vector.result] += 1;
      }
      const [valid, invalid] = COUNTS[algorithm];
      assert.ok(count.valid >= valid && count.invalid >= invalid, JSON.stringify(count));
    });
  }
}
