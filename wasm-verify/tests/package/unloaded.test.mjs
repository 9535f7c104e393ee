// The module with the search for causes and the Dutch is loaded when it is needed. Whether a call is good never hangs on it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { Verifier as InNode } from "seinpost-verify";
import { signedCall, spoilsOf, verifierOptions } from "seinpost-verify/testing";

import { browserEntry, missing } from "./browser-entry.mjs";

const EXPLAIN = "seinpost_verify_explain.wasm";
const moved = () => ({ ...signedCall(), url: "https://hooks.example.com/inner/hook" });

for (const file of ["browser.js", "pure-browser.js"]) {
  test(`${file}: a good call is accepted in English, and once, while Dutch cannot be loaded`, async () => {
    const { Verifier } = await browserEntry(file);
    const verifier = new Verifier({ ...verifierOptions(), language: "nl" });
    missing.add(EXPLAIN);
    const call = signedCall();
    const first = await verifier.verify(call);
    assert.equal(first.ok, true);
    assert.match(String(first), /^verified\npass  https: the call/);
    assert.deepEqual((await verifier.verify(call)).failed.map(({ name }) => name), ["nonce"]);
    missing.delete(EXPLAIN);
    assert.doesNotMatch(String(await verifier.verify(signedCall())), / the call/);
  });

  test(`${file}: a refused call has a report without causes while they cannot be searched for, and later with them`, async () => {
    const { Verifier } = await browserEntry(file);
    const verifier = new Verifier({ ...verifierOptions(), explain: true });
    missing.add(EXPLAIN);
    const before = await verifier.verify(moved());
    assert.deepEqual(before.failed.map(({ name }) => name), ["signature"]);
    assert.deepEqual(before.causes, []);
    missing.delete(EXPLAIN);
    assert.deepEqual((await verifier.verify(moved())).causes.map(({ code }) => code), ["path-prefix"]);
  });
}

const STEPS = "next-steps.js";

/** The package in a folder of its own, without one of its files. */
function without(file, t) {
  const root = dirname(createRequire(import.meta.url).resolve("seinpost-verify/package.json"));
  const folder = mkdtempSync(join(import.meta.dirname, "unloaded-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(root, join(folder, "package"), { recursive: true, dereference: true, filter: (from) => !from.endsWith(file) });
  return folder;
}

for (const file of ["browser.js", "pure-browser.js"]) {
  test(`${file}: a check that failed tells what to do about it, as in Node, without explain`, async () => {
    const { Verifier } = await browserEntry(file);
    for (const profile of ["cavage", "standard", "rfc9421"]) {
      for (const { name: spoil } of spoilsOf(profile)) {
        const options = { ...verifierOptions({ profile }), nonces: undefined };
        const call = signedCall({ profile, spoil });
        const { checks } = await new Verifier(options).verify(call);
        assert.ok(checks.every(({ outcome, next }) => (outcome === "fail") === (typeof next === "string")), spoil);
        const inNode = await new InNode(options).verify(call);
        assert.deepEqual(checks.map(({ next }) => next), inNode.checks.map(({ next }) => next), spoil);
      }
    }
  });
}

test("browser.js: where the next steps cannot be loaded a refused call is refused all the same", async (t) => {
  const folder = without(STEPS, t);
  const { Verifier } = await import(pathToFileURL(join(folder, "package/browser.js")));
  const report = await new Verifier(verifierOptions()).verify(signedCall({ spoil: "stale" }));
  assert.deepEqual(report.failed.map(({ name, next }) => [name, next]), [["date", undefined]]);
});

test("Node: no module with Dutch, and a call is judged all the same, with one warning that names the file", (t) => {
  const folder = without(EXPLAIN, t);
  const program = `
    const { Verifier } = require("./package/index.cjs");
    const { signedCall, verifierOptions } = require("./package/testing.cjs");
    const nonce = "once";
    const verifier = new Verifier({ ...verifierOptions(), explain: true, language: "nl" });
    const judged = [signedCall({ nonce }), signedCall({ nonce }), signedCall({ spoil: "forged" })].map((call) => verifier.verify(call));
    Promise.all(judged).then((reports) => console.log(JSON.stringify(reports.map(({ ok, causes }) => [ok, causes]))));`;
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", program], { encoding: "utf8", cwd: folder });
  assert.deepEqual(JSON.parse(stdout || "null"), [[true, []], [false, []], [false, []]], stderr);
  assert.equal(stderr.match(/ENOENT.*seinpost_verify_explain\.wasm/g)?.length, 1, stderr);
});
