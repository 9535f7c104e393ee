import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, extname, join, normalize } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { build as esbuild } from "esbuild";
import { chromium } from "playwright-core";
import { build as vite, createServer as createViteServer } from "vite";

const require = createRequire(import.meta.url);
const here = dirname(fileURLToPath(import.meta.url));
const app = join(here, "app");
const root = dirname(require.resolve("seinpost-verify/package.json"));
const wasm = require.resolve("seinpost-verify/seinpost_verify.wasm");
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => existsSync(path));
const noBrowser = executablePath === undefined ? "no Chromium is installed (Debian: apt-get install chromium)" : false;

let folder;
let browser;
let expected;
before(async () => {
  // Beside this file, so that what a bundle leaves outside of it is found.
  folder = mkdtempSync(join(here, "bundles-"));
  const { story } = await import("./app/story.js");
  expected = await story();
  if (!noBrowser) browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };

/** Serves a folder, with a policy that allows no `eval` and nothing from elsewhere. */
async function serve(t, served, wasmType = TYPES[".wasm"]) {
  const server = createServer((req, res) => {
    const path = join(served, normalize(new URL(req.url, "http://x").pathname).replace(/\/$/, "/index.html"));
    if (!path.startsWith(served) || !existsSync(path)) return res.writeHead(404).end();
    const type = extname(path) === ".wasm" ? wasmType : TYPES[extname(path)];
    const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";
    res.writeHead(200, { "content-type": type ?? "application/octet-stream", "content-security-policy": policy });
    res.end(readFileSync(path));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => new Promise((resolve) => server.close(resolve) && server.closeAllConnections()));
  return `http://127.0.0.1:${server.address().port}/`;
}

/** What a page's story told, and nothing went wrong on the way. */
async function toldBy(t, url) {
  const page = await browser.newPage();
  t.after(() => page.close());
  const faults = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !/favicon/.test(message.location().url)) faults.push(message.text());
  });
  await page.goto(url);
  const told = await page.waitForFunction(() => globalThis.told, null, { timeout: 60_000 });
  assert.deepEqual(faults, []);
  return told.jsonValue();
}

test("the story is what it should be", () => {
  assert.equal(expected.filter((line) => /: (?:bounce|failure|click|open|delivery|abuse|profile)$/.test(line)).length, 21);
  assert.ok(expected.includes("cavage altered: digest"));
  assert.ok(expected.includes("rfc9421 forged: signature"));
  assert.deepEqual(expected.slice(-2), ["bounce", "204"]);
});

test("esbuild, for Node", async () => {
  const outfile = join(folder, "node/story.cjs");
  await esbuild({ entryPoints: [join(app, "story.js")], bundle: true, platform: "node", format: "cjs", outfile, logLevel: "error" });
  // With the modules that are for Node, without the one that only makes the start quicker, and with the browsers' alone.
  const forNode = ["seinpost_verify_node.wasm", "seinpost_verify_explain.wasm"];
  for (const names of [["seinpost_verify_standard.wasm", ...forNode], forNode, ["seinpost_verify.wasm"]]) {
    for (const name of names) copyFileSync(join(root, name), join(folder, "node", name));
    delete require.cache[outfile];
    assert.deepEqual(await require(outfile).story(), expected);
    for (const name of names) rmSync(join(folder, "node", name));
  }
});

test("esbuild, for Node, of the pure entry: its one module is enough", async () => {
  const outfile = join(folder, "pure/story.cjs");
  const source = readFileSync(join(app, "story.js"), "utf8").replace('from "seinpost-verify"', 'from "seinpost-verify/pure"');
  await esbuild({ stdin: { contents: source, resolveDir: app }, bundle: true, platform: "node", format: "cjs", outfile, logLevel: "error" });
  for (const name of readdirSync(root).filter((each) => /_pure\.wasm$|_node\.wasm$/.test(each))) copyFileSync(join(root, name), join(folder, "pure", name));
  assert.deepEqual(await require(outfile).story(), expected);
});

test("Vite, for Node (a server's build)", async () => {
  const outDir = join(folder, "ssr");
  await vite({ root: app, logLevel: "error", configFile: false, build: { ssr: join(app, "story.js"), outDir, emptyOutDir: true } });
  const program = `import { story } from "./story.js"; console.log(JSON.stringify(await story()));`;
  const answer = spawnSync(process.execPath, ["--input-type=module", "-e", program], { cwd: outDir, encoding: "utf8" });
  assert.equal(answer.status, 0, answer.stderr);
  assert.deepEqual(JSON.parse(answer.stdout), expected);
});

test("a browser without a bundler, whether or not its server knows WebAssembly's type", { skip: noBrowser }, async (t) => {
  const served = join(folder, "plain");
  mkdirSync(join(served, "verify"), { recursive: true });
  for (const name of ["browser.js", "requests.js", "testing.js", "fetch.js", "next-steps.js", "seinpost_verify.wasm"]) {
    copyFileSync(join(root, name), join(served, "verify", name));
  }
  const code = readFileSync(join(app, "story.js"), "utf8");
  const paths = { "seinpost-verify": "browser", "seinpost-verify/fetch": "fetch", "seinpost-verify/requests": "requests", "seinpost-verify/testing": "testing" };
  writeFileSync(join(served, "story.js"), code.replace(/from "([^"]+)"/g, (_, name) => `from "/verify/${paths[name]}.js"`));
  for (const name of ["index.html", "main.js"]) copyFileSync(join(app, name), join(served, name));
  assert.deepEqual(await toldBy(t, await serve(t, served)), expected);
  assert.deepEqual(await toldBy(t, await serve(t, served, "application/octet-stream")), expected);
});

test("esbuild, for browsers", { skip: noBrowser }, async (t) => {
  const served = join(folder, "esbuild");
  await esbuild({ entryPoints: [join(app, "main.js")], bundle: true, format: "esm", target: "es2022", outdir: served, logLevel: "error" });
  copyFileSync(join(app, "index.html"), join(served, "index.html"));
  copyFileSync(wasm, join(served, "seinpost_verify.wasm"));
  assert.deepEqual(await toldBy(t, await serve(t, served)), expected);
});

test("Vite, for browsers", { skip: noBrowser }, async (t) => {
  const outDir = join(folder, "vite");
  await vite({ root: app, logLevel: "error", configFile: false, build: { outDir, emptyOutDir: true } });
  assert.deepEqual(await toldBy(t, await serve(t, outDir)), expected);
});

test("Vite's development server", { skip: noBrowser }, async (t) => {
  const server = await createViteServer({
    root: app,
    logLevel: "error",
    configFile: false,
    cacheDir: join(folder, "vite-cache"),
    server: { port: 0, host: "127.0.0.1", fs: { strict: false } },
    optimizeDeps: { exclude: ["seinpost-verify"] },
  });
  await server.listen();
  t.after(() => server.close());
  assert.deepEqual(await toldBy(t, server.resolvedUrls.local[0]), expected);
});
