// Node starts with a module for the profile `standard` with secrets, and takes the whole when more is asked for: verifiers
// that were created before must not notice.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);
const ENTRY = require.resolve("seinpost-verify");

/** Runs a program in a process of its own, where `calls` and what it needs stand ready; returns what it printed, as JSON. */
function run(program, flags = []) {
  const folder = mkdtempSync(join(tmpdir(), "seinpost-start-"));
  const file = join(folder, "program.cjs");
  writeFileSync(file, `
    const assert = require("node:assert/strict");
    const { createHmac } = require("node:crypto");
    const loaded = [];
    const fs = require("node:fs");
    const { readFileSync } = fs;
    fs.readFileSync = (path, ...rest) => {
      if (String(path).endsWith(".wasm")) loaded.push(String(path).split("/").at(-1));
      return readFileSync(path, ...rest);
    };
    const { Verifier, MemoryNonceStore, decode } = require(${JSON.stringify(ENTRY)});
    const now = 1_700_000_000_000;
    const secret = (at) => Buffer.from("a secret of the receiver, number " + at);
    const body = Buffer.from(JSON.stringify({ id: "1", type: "open", timestamp: "2023-11-14 22:13:20", time: "1700000000", recipient: "a@example.net", ip: "192.0.2.1" }));
    const signed = (at, id = "msg_1") => ({
      url: "/hook",
      headers: {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": String(now / 1000),
        "webhook-signature": "v1," + createHmac("sha256", secret(at)).update(id + "." + now / 1000 + ".").update(body).digest("base64"),
      },
      body,
    });
    const standard = (at, more) => new Verifier({ profile: "standard", secret: secret(at), now, ...more });
    (async () => {${program}
    })().catch((error) => { console.error(error); process.exitCode = 1; });
  `);
  try {
    const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, file], { encoding: "utf8" });
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("calls of `standard` need the small module alone, also refused ones, until somebody reads on", () => {
  const loaded = run(`
    const verifier = standard(1, { nonces: new MemoryNonceStore() });
    assert.equal(verifier.verifySync(signed(1)).ok, true);
    assert.equal((await verifier.verify(signed(1))).ok, false, "replayed");
    assert.equal(verifier.verifySync(signed(2, "msg_2")).ok, false);
    console.log(JSON.stringify(loaded));`);
  assert.deepEqual(loaded, ["seinpost_verify_standard.wasm"]);
});

test("a report is read from the module with the words, not from the whole", () => {
  const loaded = run(`
    const report = standard(1).verifySync(signed(2));
    assert.deepEqual(report.failed.map(({ name }) => name), ["signature"]);
    console.log(JSON.stringify(loaded));`);
  assert.deepEqual(loaded, ["seinpost_verify_standard.wasm", "seinpost_verify_explain.wasm"]);
});

for (const [name, more] of Object.entries({
  "an event is decoded": `assert.equal(early[0].verifySync(signed(0)).event.type, "open");`,
  "a body is decoded": `assert.equal(decode(body, "application/json").type, "open");`,
  "a verifier of another profile is made": `new Verifier({ environment: 1, now });`,
  "a verifier is made that takes any profile": `new Verifier({ profile: "auto", environment: 1, secret: secret(1), now });`,
})) {
  test(`verifiers stay what they were when ${name}`, () => {
    const loaded = run(`
      const early = [0, 1, 2, 3].map((at) => standard(at));
      assert.equal(early[3].verifySync(signed(3)).ok, true);
      ${more}
      const late = standard(9);
      // Numbers of verifiers are those of the module: the late one must not answer for an early one.
      for (const at of [2, 0, 3, 1]) {
        for (const other of [0, 1, 2, 3, 9]) {
          assert.equal(early[at].verifySync(signed(other)).ok, other === at);
          assert.equal((await early[at].verify(signed(other))).ok, other === at);
        }
      }
      assert.equal(late.verifySync(signed(9)).ok, true);
      assert.equal(late.verifySync(signed(0)).ok, false);
      console.log(JSON.stringify(loaded));`);
    assert.deepEqual(loaded, ["seinpost_verify_standard.wasm", "seinpost_verify_node.wasm"]);
  });
}

test("what a forgotten verifier leaves behind is forgotten in its own module", () => {
  const right = run(`
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    let done = false;
    const seen = new FinalizationRegistry(() => { done = true; });
    (() => {
      for (let at = 0; at < 50; at += 1) seen.register(standard(at), at);
    })();
    const kept = [60, 61, 62].map((at) => standard(at));
    // The whole numbers its verifiers from 0 again, as the small module did those that are forgotten now.
    decode(body, "application/json");
    const renewed = kept.map((verifier, at) => verifier.verifySync(signed(60 + at)).ok);
    for (let rounds = 0; !done && rounds < 1000; rounds += 1) {
      globalThis.gc();
      await turn();
    }
    assert.equal(done, true, "nothing was collected");
    for (let rounds = 0; rounds < 20; rounds += 1) {
      globalThis.gc();
      await turn();
    }
    seen.register(kept, null);
    console.log(JSON.stringify([...renewed, ...kept.map((verifier, at) => verifier.verifySync(signed(60 + at)).ok)]));`, ["--expose-gc"]);
  assert.deepEqual(right, [true, true, true, true, true, true]);
});

test("a program that imports and one that requires have the same classes", async () => {
  const imported = await import("seinpost-verify");
  const required = require("seinpost-verify");
  for (const name of Object.keys(required)) assert.equal(imported[name], required[name], name);
  assert.match(pathToFileURL(ENTRY).href, /index\.cjs$/);
  assert.match(import.meta.resolve("seinpost-verify"), /index\.node\.js$/);
});
