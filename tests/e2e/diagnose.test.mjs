// The server's binary and the npm package's command say the same of a mail, to the letter.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { BINARY } from "../support/server.mjs";

const INSTALLED = process.env.SEINPOST_VERIFY_DIR ?? new URL("../../target/npm-installed", import.meta.url).pathname;
const COMMAND = join(INSTALLED, "node_modules/seinpost-verify/bin/seinpost-verify.js");
const SAMPLES = new URL("../../protocol/tests/mail/formats", import.meta.url).pathname;

function run(program, args, env = {}) {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", env: { PATH: process.env.PATH, ...env } });
  return { status, stdout, said: stderr.replace(/^seinpost(-verify)?: /, "") };
}

function both(args, env) {
  return [run(BINARY, ["diagnose", ...args], env), run(process.execPath, [COMMAND, "diagnose", ...args], env)];
}

describe("seinpost diagnose and npx seinpost-verify diagnose", () => {
  let folder, samples;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "seinpost-diagnose-"));
    samples = (await readdir(SAMPLES)).filter((name) => name.endsWith(".eml"));
    const mails = await Promise.all(samples.map((name) => readFile(join(SAMPLES, name), "utf8")));
    await writeFile(join(folder, "all.mbox"), mails.map((mail) => `From x\n${mail.trimEnd()}\n\n`).join(""));
  });

  after(() => rm(folder, { recursive: true }));

  test("of each format, alone and in colour", () => {
    assert.ok(samples.length > 30, `${samples.length} samples`);
    for (const name of samples) {
      for (const [args, env] of [[[], {}], [["--lang", "nl"], { FORCE_COLOR: "1" }]]) {
        const [ours, theirs] = both([...args, join(SAMPLES, name)], env);
        assert.equal(ours.status, 0, ours.said);
        assert.equal(ours.stdout, theirs.stdout, name);
      }
    }
  });

  test("of a folder and a mailbox, as counts and as JSON", () => {
    for (const path of [SAMPLES, join(folder, "all.mbox")]) {
      const [ours, theirs] = both(["--json", path]);
      assert.equal(ours.stdout.trimEnd().split("\n").length, samples.length);
      assert.equal(ours.stdout, theirs.stdout);
      const rows = both([path]).map(({ stdout }) => stdout.split("\n").sort());
      assert.deepEqual(rows[0], rows[1]);
    }
  });

  test("of what is not there", () => {
    const [ours, theirs] = both([join(folder, "nothing.eml")]);
    assert.deepEqual([ours.status, theirs.status], [2, 2]);
    assert.match(ours.said, /nothing\.eml/);
  });
});
