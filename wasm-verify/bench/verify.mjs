#!/usr/bin/env node
// Measures the package against what people use now, and prints a table.
//
//   node wasm-verify/bench/verify.mjs [--package DIR] [--rounds N] [--only TEXT] [--json FILE]
//
// DIR is the unpacked package; without it, it is the one installed below $SEINPOST_VERIFY_DIR, or target/npm/package.
// TEXT keeps the lines that hold it. The exit code is 1 if a ratio is under what it must be at least, or a size or the
// start is over its limit.
import { existsSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { compare } from "./measure.mjs";
import * as others from "./others.mjs";
import * as requests from "./requests.mjs";
import { sizes } from "./sizes.mjs";
import { starts } from "./start.mjs";

const installed = process.env.SEINPOST_VERIFY_DIR;
const { values: flags } = parseArgs({
  options: {
    package: {
      type: "string",
      default: installed === undefined
        ? fileURLToPath(new URL("../../target/npm/package", import.meta.url))
        : join(installed, "node_modules/seinpost-verify"),
    },
    rounds: { type: "string", default: "21" },
    only: { type: "string", default: "" },
    json: { type: "string" },
  },
});
const folder = resolve(flags.package);
const rounds = Number(flags.rounds);
if (!Number.isInteger(rounds) || rounds < 15) {
  console.error("--rounds must be a whole number, at least 15");
  process.exit(2);
}
if (!existsSync(join(folder, "package.json"))) {
  console.error(`${folder} holds no package: build it with cargo xtask pack, or name its folder with --package`);
  process.exit(2);
}
const { Verifier } = createRequire(import.meta.url)(folder);

/** The package's own candidate: `later` where it is awaited, `event` where the body is decoded too. */
function own(call, options, { later = false, event = false } = {}) {
  const verifier = new Verifier(options);
  const { method, url, headers, body } = call;
  const request = { method, url, headers, body };
  const passed = (report) => report.ok && (!event || report.event.type === "bounce");
  const run = later ? async () => passed(await verifier.verify(request)) : () => passed(verifier.verifySync(request));
  return { name: "seinpost-verify", run, later };
}

const standardOptions = ({ secretText }) => ({ profile: "standard", secret: secretText });
const keyOptions = (profile, { keyId, record }) => {
  return { profile, environment: 1234, keyDomain: "sign.example.com", keys: { [keyId]: record } };
};
const kib = (size) => (size < 1024 ? `${size} B` : `${size / 1024} KiB`);

/** One line for each: what is compared, and the ratio that it must and should reach. */
const cases = [];
for (const [size, least, aim] of [[512, 1.1, 1.6], [1024, 0.95, 1.15], [65_536, 0.95, 1.0]]) {
  cases.push({
    name: `standard, ${kib(size)}`,
    against: "by hand on node:crypto",
    make() {
      const call = requests.standard(size);
      return [own(call, standardOptions(call)), { name: "by hand", run: others.handStandard(call) }];
    },
    least,
    aim,
  });
}
for (const [event, size, least, aim, what, body] of [
  [true, 1024, 2, 3], [true, 65_536, 2, 3], [false, 1024, 6, 8], [false, 65_536, 20, 26],
  // What else there is of this size: the libraries make text of a body and parse it, which costs more or less by what it holds.
  [false, 65_536, 20, 26, "a batch of 64 events", requests.batch],
  [false, 65_536, 20, 26, "a mail in Greek", requests.greekBounce],
]) {
  for (const library of ["standardwebhooks", "svix"]) {
    cases.push({
      name: `standard ${event ? "with" : "without"} decoding, ${kib(size)}${what ? `, ${what}` : ""}`,
      against: library,
      make() {
        const call = requests.standard(size, body);
        return [own(call, standardOptions(call), { event }), { name: library, run: others[library](call) }];
      },
      least,
      aim,
    });
  }
}
for (const [against, make, limits] of [
  ["by hand on node:crypto", others.handCavage, [[1024, 0.9, 1.0], [65_536, 0.9, 1.0]]],
  ["http-signature", others.joyent, [[1024, 5.5, 6.5], [65_536, 3, 3.4]]],
]) {
  for (const [size, least, aim] of limits) {
    cases.push({
      name: `cavage rsa-sha256, ${kib(size)}`,
      against,
      make() {
        const call = requests.cavage(size);
        return [own(call, keyOptions("cavage", call)), { name: against, run: make(call) }];
      },
      least,
      aim,
    });
  }
}
cases.push({
  name: "rfc9421 ed25519, 1 KiB",
  against: "http-message-signatures",
  make() {
    const call = requests.rfc9421(1024);
    return [
      own(call, keyOptions("rfc9421", call), { later: true }),
      { name: "http-message-signatures", run: others.httpMessageSignatures(call), later: true },
    ];
  },
  least: 2,
  aim: 3,
});
// What awaiting costs: no limit is set for it.
for (const size of [1024, 65_536]) {
  cases.push({
    name: `standard, awaited, ${kib(size)}`,
    against: "by hand on node:crypto",
    make() {
      const call = requests.standard(size);
      return [own(call, standardOptions(call), { later: true }), { name: "by hand", run: others.handStandard(call) }];
    },
  });
}

function line(cells) {
  const widths = [62, -24, 9, 9, 7, 9, 6];
  return cells.map((cell, index) => {
    const width = widths[index];
    return width === undefined ? cell : index < 2 ? cell.padEnd(Math.abs(width)) : cell.padStart(width);
  }).join("  ").trimEnd();
}

const results = [];
let failed = 0;
console.log(`${rounds} rounds, medians of process CPU time, Node ${process.version}\n`);
console.log(line(["case", "against", "ours µs", "theirs µs", "ratio", "at least", "aim"]));
for (const { name, against, make, least, aim } of cases) {
  if (!`${name} ${against}`.includes(flags.only)) continue;
  let result;
  try {
    const [ours, theirs] = await compare(make(), rounds);
    result = { name, against, ours, theirs, ratio: theirs / ours, least, aim };
  } catch (error) {
    result = { name, against, error: String(error.message ?? error), least, aim };
  }
  const short = result.error !== undefined || result.ratio < (least ?? 0);
  if (short && least !== undefined) failed += 1;
  const numbers = result.error === undefined
    ? [result.ours.toFixed(2), result.theirs.toFixed(2), result.ratio.toFixed(2)]
    : ["-", "-", "-"];
  const verdict = result.error ?? (short ? "UNDER" : least !== undefined && result.ratio < aim ? "under its aim" : "");
  console.log(line([name, against, ...numbers, String(least ?? "-"), String(aim ?? "-"), verdict]));
  results.push(result);
}

const limits = flags.only === "" ? [...(await starts(folder, rounds)), ...sizes(folder)] : [];
if (limits.length > 0) {
  console.log(`\n${"what".padEnd(58)}${"measured".padStart(12)}${"at most".padStart(12)}`);
  for (const { name, value, unit, most } of limits) {
    const over = most !== undefined && !(value <= most);
    if (over) failed += 1;
    const amount = (number) => (number === undefined ? "-" : `${Number.isNaN(number) ? "none" : number.toFixed(1)} ${unit}`);
    console.log(`${name.padEnd(58)}${amount(value).padStart(12)}${amount(most).padStart(12)}${over ? "  OVER" : ""}`);
  }
}
if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify({ node: process.version, rounds, results, limits }, null, 2)}\n`);
if (failed > 0) {
  console.log(`\n${failed} of them ${failed === 1 ? "is" : "are"} not as good as it must be.`);
  process.exitCode = 1;
}
