// Ed25519 by tables of multiples, which Node's engine takes for keys that are used again and again: the verdict is that of
// node:crypto and of Wycheproof's vectors, and the tables are bounded.
import assert from "node:assert/strict";
import { createPublicKey, generateKeyPairSync, randomBytes, randomInt, sign, verify } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";

import { TableKey, Tables } from "../../engines/ed25519.js";
import { wycheproof } from "./wycheproof-vectors.mjs";

const folder = join(process.env.SEINPOST_VERIFY_DIR, "node_modules/seinpost-verify");
/** As the engine has them. */
const USES = 64;
const SLOTS = 8;
const IDLE = 4096;

function pair() {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return { privateKey, publicKey, spki: new Uint8Array(publicKey.export({ format: "der", type: "spki" })) };
}

/** A key that was used so often that it has a table, if it is given one. */
function used(tables, spki) {
  const key = new TableKey(spki);
  for (let count = 0; count < USES; count += 1) {
    assert.equal(key.slot, -1, "a table is not for a key that is hardly used");
    tables.note(key);
  }
  return key;
}

test("Ed25519 by tables: the verdict is node:crypto's, whatever was signed and whichever bit is flipped", () => {
  for (let round = 0; round < 4; round += 1) {
    const { privateKey, publicKey, spki } = pair();
    const tables = new Tables(folder);
    const key = used(tables, spki);
    assert.equal(key.slot, 0);
    for (const length of [0, 1, 31, 32, 64, 100, 500, 4095, 4096, 4097, 70_000]) {
      const message = randomBytes(length);
      const signature = sign(null, message, privateKey);
      const cut = randomInt(length + 1);
      assert.equal(tables.verify(key, message, null, signature), true, `${length} bytes`);
      assert.equal(tables.verify(key, message.subarray(0, cut), message.subarray(cut), signature), true, `cut at ${cut} of ${length}`);
      for (let flip = 0; flip < 24; flip += 1) {
        const [spoiltMessage, spoilt] = [Buffer.from(message), Buffer.from(signature)];
        const bit = randomInt(8 * (length + 64));
        if (bit < 512) spoilt[bit >> 3] ^= 1 << (bit & 7);
        else spoiltMessage[(bit - 512) >> 3] ^= 1 << (bit & 7);
        assert.equal(verify(null, spoiltMessage, publicKey, spoilt), false);
        assert.equal(tables.verify(key, spoiltMessage, null, spoilt), false, `bit ${bit} of ${length} bytes`);
      }
      for (const wrong of [signature.subarray(1), Buffer.concat([signature, signature.subarray(0, 1)]), Buffer.alloc(0), Buffer.alloc(64)]) {
        assert.equal(tables.verify(key, message, null, wrong), false);
      }
    }
  }
});

test("Ed25519 by tables: Wycheproof's vectors", () => {
  const bytes = (text) => new Uint8Array(Buffer.from(text, "hex"));
  const count = { valid: 0, invalid: 0 };
  const keys = new Map();
  for (const { key: hex, message, signature, result, name } of wycheproof("ed25519")) {
    if (!keys.has(hex)) {
      const tables = new Tables(folder);
      const spki = bytes(hex);
      keys.set(hex, { tables, key: used(tables, spki), publicKey: createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" }) });
    }
    const { tables, key, publicKey } = keys.get(hex);
    assert.equal(key.slot, 0, name);
    const accepted = tables.verify(key, bytes(message), null, bytes(signature));
    assert.equal(accepted, result === "valid", name);
    assert.equal(accepted, verify(null, bytes(message), publicKey, bytes(signature)), name);
    count[result] += 1;
  }
  assert.ok(count.valid >= 80 && count.invalid >= 50, JSON.stringify(count));
});

test("Ed25519 by tables: a key of small order, and what is no point, get none and stay OpenSSL's to judge", () => {
  const head = pair().spki.slice(0, 12);
  const small = ["01", "00", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"];
  const none = ["02", "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"];
  for (const hex of [...small, ...none]) {
    const tables = new Tables(folder);
    const key = used(tables, new Uint8Array([...head, ...Buffer.from(hex.padEnd(64, "0"), "hex")]));
    assert.equal(key.slot, -1, hex);
    for (let count = 0; count < 2 * USES; count += 1) tables.note(key);
    assert.equal(key.slot, -1, hex);
    // What was refused takes nobody's place.
    assert.equal(used(tables, pair().spki).slot, 0);
  }
});

test("Ed25519 by tables: there are so many, and the place of a key that is no longer used goes to the next", () => {
  const tables = new Tables(folder);
  const pairs = Array.from({ length: SLOTS + 1 }, pair);
  const keys = pairs.slice(0, SLOTS).map(({ spki }) => used(tables, spki));
  assert.deepEqual(keys.map(({ slot }) => slot), [...Array(SLOTS).keys()]);
  const late = used(tables, pairs[SLOTS].spki);
  assert.equal(late.slot, -1, "all places are taken, and nobody is pushed out");
  const signatures = pairs.map(({ privateKey }) => sign(null, Buffer.from("message"), privateKey));
  const verified = (index, key = keys[index]) => tables.verify(key, Buffer.from("message"), null, signatures[index]);
  // All but the key 3 stay in use.
  for (let count = 0; count <= IDLE; count += 1) assert.equal(verified([0, 1, 2, 4, 5, 6, 7][count % 7]), true);
  for (let count = 0; count < USES; count += 1) tables.note(late);
  assert.deepEqual([late.slot, keys[3].slot], [3, -1]);
  assert.equal(verified(SLOTS, late), true);
  assert.equal(tables.verify(late, Buffer.from("message"), null, signatures[3]), false, "the table is the new key's");
});

test("Ed25519 by tables: Node's engine takes a table after so many valid signatures, of which invalid ones count none", () => {
  const { engine } = createRequire(import.meta.url)(join(folder, "crypto.cjs"));
  const { privateKey, spki } = pair();
  const key = engine.importKey(2, spki);
  const message = Buffer.from("message");
  const signature = sign(null, message, privateKey);
  const spoilt = Buffer.from(signature);
  spoilt[40] ^= 1;
  for (let count = 0; count < 3 * USES; count += 1) assert.equal(engine.verify(3, key, message, null, spoilt), false);
  assert.equal(key.table.slot, -1, "strangers do not have tables made");
  for (let count = 0; count < USES; count += 1) assert.equal(engine.verify(3, key, message, null, signature), true);
  assert.ok(key.table.slot >= 0);
  assert.equal(engine.verify(3, key, message, null, signature), true);
  assert.equal(engine.verify(3, key, message.subarray(0, 3), message.subarray(3), signature), true);
  assert.equal(engine.verify(3, key, message, null, spoilt), false);
  assert.equal(engine.verify(3, key, Buffer.from("another"), null, signature), false);
});

test("Ed25519 by tables: without the module all is as right", () => {
  const tables = new Tables(join(folder, "nowhere"));
  const key = used(tables, pair().spki);
  for (let count = 0; count < USES; count += 1) tables.note(key);
  assert.equal(key.slot, -1);
});
