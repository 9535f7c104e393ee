#!/usr/bin/env node
// Makes the npm package from what cargo built: `node pack.mjs --wasm-dir DIR --out DIR`.
//
// DIR is where `cargo build --profile wasm --target wasm32-unknown-unknown -p seinpost-verify` left seinpost_verify.wasm.
// wasm-bindgen and wasm-opt are taken from PATH, or from node_modules. The package stands unpacked in OUT/package, and
// packed in OUT/seinpost-verify-VERSION.tgz. Sizes are printed, and the build fails if one is over its budget.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { brotliCompressSync, gzipSync } from "node:zlib";

import { imports } from "./js/imports.js";
import { packEntries } from "./pack-entries.mjs";
import { MAIL_CRATE, packMail } from "./pack-mail.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const { values: flags } = parseArgs({ options: { "wasm-dir": { type: "string" }, out: { type: "string" } } });
const out = resolve(flags.out ?? join(root, "target/npm"));
const wasmDir = resolve(flags["wasm-dir"] ?? join(root, "target/wasm32-unknown-unknown/wasm"));
const packageDir = join(out, "package");

/** What each file may weigh at most, gzipped, in bytes. */
const BUDGETS = { [`${MAIL_CRATE}.wasm`]: 150 * 1024, "seinpost_verify_explain.wasm": 90 * 1024, "seinpost_verify_ed25519.wasm": 24 * 1024, "seinpost_verify_pure.wasm": 120 * 1024, "seinpost_verify.wasm": 60 * 1024, "seinpost_verify_node.wasm": 60 * 1024, "seinpost_verify_standard.wasm": 24 * 1024, "browser.js": 8 * 1024, "index.cjs": 8 * 1024 };

function fail(message) {
  console.error(`pack: ${message}`);
  process.exit(1);
}

function run(command, args, options = {}) {
  const env = { ...process.env, PATH: `${process.env.PATH}${delimiter}${join(here, "node_modules/.bin")}` };
  const result = spawnSync(command, args, { stdio: ["ignore", "pipe", "inherit"], encoding: "utf8", env, ...options });
  if (result.error?.code === "ENOENT") fail(`${command} is not there; see CONTRIBUTING.md on the tools`);
  if (result.error) fail(`${command}: ${result.error.message}`);
  if (result.status !== 0) fail(`${command} ended with ${result.status}\n${result.stdout}`);
  return result.stdout;
}

if (!existsSync(join(here, "node_modules/esbuild"))) {
  run("npm", ["ci", "--omit=dev", "--no-audit", "--no-fund", "--silent"], { cwd: here });
}
const { build } = await import("esbuild");

/** cargo's module through wasm-bindgen and wasm-opt, which strips last: stripped input loses its target features. */
function assembleWasm(crate, target) {
  const built = join(wasmDir, `${crate}.wasm`);
  if (!existsSync(built)) fail(`${built} is not there: run cargo build first (cargo xtask build does)`);
  const bound = join(out, "bound");
  run("wasm-bindgen", ["--target", "web", "--no-typescript", "--out-dir", bound, built]);
  const module = join(bound, `${crate}_bg.wasm`);
  // A function that is never called need not be compiled: V8 does so one by one, when they are first called.
  const inlining = ["--one-caller-inline-max-function-size", "200"];
  // The stack's far end lies lowest: nothing is read there, so what is added to an address can become part of the instruction.
  const smaller = "--low-memory-unused";
  run("wasm-opt", ["-O3", ...inlining, smaller, "--strip-debug", "--strip-producers", "--strip-target-features", "-o", target, module]);
  const expected = new Set(["__wbindgen_init_externref_table", "__wbindgen_throw", ...(crate === MAIL_CRATE ? ["__wbg_decode_text"] : [])]);
  for (const { name } of WebAssembly.Module.imports(new WebAssembly.Module(readFileSync(target)))) {
    if (![...expected].some((each) => name.startsWith(each))) fail(`the module needs ${name}, which js/imports.js does not give`);
  }
}

function cargoVersion() {
  const toml = readFileSync(join(root, "Cargo.toml"), "utf8");
  return /\[workspace\.package\][^[]*?\bversion = "([^"]+)"/.exec(toml)?.[1] ?? fail("Cargo.toml names no version");
}

function commit() {
  const result = spawnSync("git", ["rev-parse", "HEAD"], { cwd: root, encoding: "utf8" });
  return result.status === 0 ? result.stdout.trim() : null;
}

async function bundle(entry, file, options) {
  await build({
    entryPoints: [join(here, "js", entry)],
    outfile: join(packageDir, file),
    bundle: true,
    charset: "utf8",
    minify: true,
    lineLimit: 5000,
    target: "es2022",
    logLevel: "error",
    define: { IN_NODE: String(options.platform === "node") },
    ...options,
  });
}

/**
 * What Node imports: the CommonJS module, so that a program that imports and one that requires have one cache and one class
 * of error. Where CommonJS is imported as such, Node reads all of it to guess its names, which takes longer than this. A
 * bundler could not follow that call: it is given another file (`module` in package.json).
 */
function writeImported(name, names) {
  const lines = [
    // An import of it takes longer, but the first versions of Node 20 know no other way.
    'const { createRequire } = process.getBuiltinModule?.("node:module") ?? (await import("node:module"));',
    `export const { ${names.join(", ")} } = createRequire(import.meta.url)("./${name}.cjs");`,
  ];
  writeFileSync(join(packageDir, `${name}.node.js`), `${lines.join("\n")}\n`);
  writeFileSync(join(packageDir, `${name}.module.js`), `export { ${names.join(", ")} } from "./${name}.cjs";\n`);
}

/** What to do about checks that failed, by the numbers that the smaller modules give: the larger one knows the words. */
function writeSteps() {
  const module = new WebAssembly.Module(readFileSync(join(packageDir, "seinpost_verify_explain.wasm")));
  const { memory, next_steps } = new WebAssembly.Instance(module, imports).exports;
  const answer = next_steps();
  // After the call, which may have made memory grow.
  const [bytes, , at, length] = new Uint32Array(memory.buffer, answer, 4);
  const lines = new TextDecoder().decode(new Uint8Array(memory.buffer, bytes + at, length)).split("\n");
  writeFileSync(join(packageDir, "next-steps.js"), `export default ${JSON.stringify(lines, null, 1)};\n`);
}

rmSync(packageDir, { recursive: true, force: true });
mkdirSync(packageDir, { recursive: true });
const version = cargoVersion();
assembleWasm("seinpost_verify", join(packageDir, "seinpost_verify.wasm"));
assembleWasm("seinpost_verify_node", join(packageDir, "seinpost_verify_node.wasm"));
assembleWasm("seinpost_verify_standard", join(packageDir, "seinpost_verify_standard.wasm"));
assembleWasm("seinpost_verify_ed25519", join(packageDir, "seinpost_verify_ed25519.wasm"));
assembleWasm("seinpost_verify_explain", join(packageDir, "seinpost_verify_explain.wasm"));
assembleWasm("seinpost_verify_pure", join(packageDir, "seinpost_verify_pure.wasm"));
assembleWasm(MAIL_CRATE, join(packageDir, `${MAIL_CRATE}.wasm`));
writeSteps();
await bundle("dns.js", "dns.cjs", { platform: "node", format: "cjs" });
await bundle("../engines/node.js", "crypto.cjs", { platform: "node", format: "cjs" });
await bundle("node.js", "index.cjs", { platform: "node", format: "cjs", external: ["./crypto.cjs", "./dns.cjs"] });
await bundle("browser.js", "browser.js", { platform: "browser", format: "esm", external: ["./next-steps.js"] });
await bundle("worker.js", "worker.js", { platform: "browser", format: "esm", external: ["*.wasm", "./next-steps.js"] });
await bundle("pure-node.js", "pure.cjs", { platform: "node", format: "cjs" });
await bundle("pure-browser.js", "pure-browser.js", { platform: "browser", format: "esm", external: ["./next-steps.js"] });
await bundle("pure-worker.js", "pure-worker.js", { platform: "browser", format: "esm", external: ["*.wasm", "./next-steps.js"] });
const NAMES = ["Verifier", "MemoryNonceStore", "Report", "VerificationError", "DecodeError", "decode", "decodeWithNotes"];
writeImported("index", NAMES);
writeImported("pure", NAMES);
const entries = { ...(await packEntries(build, join(here, "js"), packageDir)), ...(await packMail(build, join(here, "js"), packageDir)) };
copyFileSync(join(here, "README.md"), join(packageDir, "README.md"));
const licence = join(root, "LICENSE");
if (existsSync(licence)) copyFileSync(licence, join(packageDir, "LICENSE"));
const manifest = JSON.parse(readFileSync(join(here, "js/package.json"), "utf8"));
writeFileSync(join(packageDir, "package.json"), `${JSON.stringify({ ...manifest, version, exports: { ...manifest.exports, ...entries } }, null, 2)}\n`);
const provenance = { version, commit: commit(), "wasm-bindgen": run("wasm-bindgen", ["--version"]).trim().split(" ")[1] };
writeFileSync(join(packageDir, "provenance.json"), `${JSON.stringify(provenance, null, 2)}\n`);

const packed = JSON.parse(run("npm", ["pack", "--json", "--pack-destination", out, packageDir]))[0].filename;
const tarball = join(out, `seinpost-verify-${version}.tgz`);
if (join(out, packed) !== tarball) renameSync(join(out, packed), tarball);

const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`.padStart(10);
console.log(`${"".padEnd(24)}${"raw".padStart(10)}${"gzip".padStart(10)}${"brotli".padStart(10)}`);
let heavy = false;
for (const file of Object.keys(BUDGETS)) {
  const content = readFileSync(join(packageDir, file));
  const gzipped = gzipSync(content, { level: 9 }).length;
  const over = gzipped > BUDGETS[file];
  heavy ||= over;
  const note = over ? `  over its ${kib(BUDGETS[file]).trim()}` : "";
  console.log(`${file.padEnd(24)}${kib(content.length)}${kib(gzipped)}${kib(brotliCompressSync(content).length)}${note}`);
}
console.log(`${tarball} (${kib(statSync(tarball).size).trim()})`);
if (heavy) fail("over budget");
