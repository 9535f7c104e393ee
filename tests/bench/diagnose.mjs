// What `cargo xtask bench diagnose` runs: how right the diagnoses of a corpus are, by the corpus' own scorer, and how
// long they take, in Rust beside mail-parser alone, and in Node by the npm package.
//
//   node diagnose.mjs --programs FOLDER [--package FOLDER] --corpus FOLDER
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const ROUNDS = 20;
const { values: flags } = parseArgs({ options: { programs: { type: "string" }, package: { type: "string" }, corpus: { type: "string" } } });

function fail(message) {
  console.error(`diagnose: ${message}`);
  process.exit(1);
}

function run(program, ...args) {
  const result = spawnSync(program, args, { encoding: "utf8", maxBuffer: 1 << 28 });
  if (result.error) fail(`${program}: ${result.error.message}`);
  if (result.status !== 0) fail(`${program} ended with ${result.status}\n${result.stderr}`);
  return result.stdout;
}

if (flags.programs === undefined || flags.corpus === undefined) fail("--corpus FOLDER is needed: a folder with manifest.jsonl and score.mjs");
const corpus = resolve(flags.corpus);
if (!existsSync(join(corpus, "score.mjs"))) fail(`${corpus} has no score.mjs`);

const folder = mkdtempSync(join(tmpdir(), "seinpost-diagnose-"));
try {
  const results = join(folder, "results.jsonl");
  writeFileSync(results, run(join(flags.programs, "diagnose_corpus"), corpus));
  console.log(run(process.execPath, join(corpus, "score.mjs"), results));
} finally {
  rmSync(folder, { recursive: true });
}

const times = JSON.parse(run(join(flags.programs, "diagnose_bench"), corpus));
console.log(`${times.mails} mails: mail-parser alone ${times["mail-parser"] / 1000} µs a mail, diagnose ${times.diagnose / 1000} µs, ratio ${times.ratio}`);
console.log(`1 MiB in ${times["1MiB_us"] / 1000} ms, 10 MiB in ${times["10MiB_us"] / 1000} ms`);

if (flags.package !== undefined) {
  const { diagnose } = await import(pathToFileURL(join(flags.package, "mail.js")));
  const lines = readFileSync(join(corpus, "manifest.jsonl"), "utf8").split("\n").filter(Boolean);
  const mails = lines.map((line) => readFileSync(join(corpus, JSON.parse(line).file)));
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = process.cpuUsage();
    for (const mail of mails) diagnose(mail);
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1000);
  }
  const each = (best * 1000) / mails.length;
  console.log(`in Node ${each.toFixed(1)} µs a mail, ${((each * 1000) / times.diagnose).toFixed(2)} times the Rust time`);
}
