import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

const require = createRequire(import.meta.url);
const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(require.resolve("seinpost-verify/package.json"));
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** What each entry exports. */
const CORE = ["DecodeError", "MemoryNonceStore", "Report", "VerificationError", "Verifier", "decode", "decodeWithNotes"];
const EXPORTS = {
  "seinpost-verify": CORE,
  "seinpost-verify/pure": CORE,
  "seinpost-verify/requests": [
    "MAX_BYTES",
    "RequestError",
    "describeNote",
    "detectForm",
    "printRaw",
    "readCurl",
    "readHar",
    "readParts",
    "readRaw",
    "readRequests",
  ],
  "seinpost-verify/resolve": ["ResolveError", "dnsOverHttps", "jwks", "publishedKeys"],
  "seinpost-verify/testing": [
    "EVENT_TYPES",
    "TEST_TIME",
    "sampleEvent",
    "signedCall",
    "signedRequest",
    "spoilsOf",
    "testRecord",
    "verifierOptions",
  ],
  "seinpost-verify/node": ["webhook"],
  "seinpost-verify/express": ["keepRawBody", "webhook"],
  "seinpost-verify/fastify": ["webhook"],
  "seinpost-verify/fetch": ["webhook"],
  "seinpost-verify/hono": ["webhook"],
  "seinpost-verify/workers": ["webhook"],
  "seinpost-verify/aws": ["webhook"],
};

test("every entry can be imported and required, and both give the same names", async () => {
  for (const [entry, names] of Object.entries(EXPORTS)) {
    const imported = Object.keys(await import(entry)).filter((name) => name !== "default").sort();
    assert.deepEqual(imported.filter((name) => names.includes(name)), names, `import of ${entry}`);
    const required = Object.keys(require(entry)).filter((name) => name !== "__esModule");
    assert.deepEqual(required.sort(), imported, `require of ${entry}`);
  }
});

test("no entry is forgotten here", () => {
  const entries = Object.keys(manifest.exports).map((path) => path.replace(/^\./, "seinpost-verify"));
  const plain = entries.filter((entry) => !/\.(?:json|wasm)$/.test(entry));
  assert.deepEqual(plain.sort(), Object.keys(EXPORTS).sort());
});

test("a program that imports and one that requires share the classes of errors", async () => {
  const { Verifier: imported, VerificationError } = await import("seinpost-verify");
  const required = require("seinpost-verify");
  assert.equal(imported, required.Verifier);
  assert.throws(() => new required.Verifier({}), VerificationError);
});

test("the package has no dependency at run time, and holds README, licence and provenance", () => {
  for (const kind of ["dependencies", "peerDependencies", "optionalDependencies", "bundledDependencies"]) assert.equal(manifest[kind], undefined);
  for (const file of ["README.md", "LICENSE", "provenance.json"]) assert.ok(readFileSync(join(root, file), "utf8").length > 0, file);
  const provenance = JSON.parse(readFileSync(join(root, "provenance.json"), "utf8"));
  assert.equal(provenance.version, manifest.version);
  assert.match(provenance.commit ?? "", /^[0-9a-f]{40}$/);
  assert.ok(Array.isArray(manifest.sideEffects));
});

test("nothing in it calls eval", () => {
  for (const entry of Object.keys(EXPORTS)) {
    const code = readFileSync(require.resolve(entry), "utf8");
    assert.doesNotMatch(code, /\beval\s*\(|new Function\s*\(/, entry);
  }
  const answer = spawnSync(
    process.execPath,
    ["--disallow-code-generation-from-strings", "--input-type=module", "-e", 'await import("seinpost-verify"); await import("seinpost-verify/testing");'],
    { cwd: here, encoding: "utf8" },
  );
  assert.equal(answer.status, 0, answer.stderr);
});

test("publint finds nothing", async () => {
  const { messages, pkg } = await publint({ pkgDir: root, strict: true });
  assert.deepEqual(messages.map((message) => formatMessage(message, pkg)), []);
});

test("@arethetypeswrong/core finds nothing", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "seinpost-types-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const packed = spawnSync("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder, root], { encoding: "utf8" });
  assert.equal(packed.status, 0, packed.stderr);
  const tarball = readFileSync(join(folder, JSON.parse(packed.stdout)[0].filename));
  const { problems } = await checkPackage(createPackageFromTarballData(new Uint8Array(tarball)), {
    // They have no types, and need none: bundlers take them as files.
    excludeEntrypoints: Object.keys(manifest.exports).filter((path) => path.endsWith(".wasm")),
  });
  assert.deepEqual(problems, []);
});

for (const [kind, file] of [["an ES module", "types.mts"], ["CommonJS", "types.cts"]]) {
  test(`the types fit how each entry is used, from ${kind}`, { timeout: 120_000 }, (t) => {
    const folder = mkdtempSync(join(here, "types-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const program = readFileSync(join(here, "types.ts.txt"), "utf8");
    // TypeScript's way of requiring in CommonJS is the same text.
    writeFileSync(join(folder, file), program);
    const options = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--target", "es2022", "--module", "node16", "--types", "node"];
    const typescript = join(dirname(require.resolve("typescript/package.json")), "bin/tsc");
    const { status, stdout } = spawnSync(process.execPath, [typescript, ...options, join(folder, file)], { cwd: here, encoding: "utf8" });
    assert.equal(status, 0, stdout);
  });
}
