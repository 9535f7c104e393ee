// Keys that a page looks up by DNS over HTTPS, in Chromium.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";

import { chromium } from "playwright-core";
import { signedCall, testRecord, verifierOptions } from "seinpost-verify/testing";

import { resolver, serve } from "./resolvers.mjs";

const root = dirname(createRequire(import.meta.url).resolve("seinpost-verify/package.json"));
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => existsSync(path));
const skip = executablePath === undefined ? "no Chromium is installed (Debian: apt-get install chromium)" : false;
const TYPES = { js: "text/javascript", wasm: "application/wasm" };

/** Serves the package as it is unpacked, and an empty page. */
function pages(t) {
  return serve(t, (request, reply) => {
    const name = request.url.slice(1);
    if (name === "") return reply.setHeader("content-type", "text/html").end("<!doctype html><title>keys</title>");
    const file = join(root, name);
    if (!/^[a-z_]+\.(?:js|wasm)$/.test(name) || !existsSync(file)) return reply.writeHead(404).end();
    return reply.setHeader("content-type", TYPES[name.split(".")[1]]).end(readFileSync(file));
  });
}

test("a browser finds keys by DNS over HTTPS", { skip }, async (t) => {
  const url = "https://receiver.example.com/hook";
  const { resolveKey: _, keys: __, nonces: ___, now, ...options } = verifierOptions({ url });
  const { method, body, ...call } = signedCall({ url });
  const headers = [...call.headers];
  const keyId = /keyId="([^"]+)"/.exec(headers.find(([name]) => name.toLowerCase() === "signature")[1])[1];
  const dns = await resolver(t, { [keyId]: testRecord(keyId) });
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  t.after(() => browser.close());
  const page = await browser.newPage();
  await page.goto(await pages(t));
  const told = await page.evaluate(async (given) => {
    const { Verifier } = await import("/browser.js");
    const { dnsOverHttps } = await import("/resolve.js");
    const resolveKey = dnsOverHttps(given.dns, { allowHttp: true });
    const verifier = new Verifier({ ...given.options, now: given.now, resolveKey });
    const request = { ...given.request, body: Uint8Array.from(given.request.body) };
    const reports = [await verifier.verify(request), await verifier.verify(request), await verifier.verify({ ...request, body: "{}" })];
    return { outcomes: reports.map(({ ok, failed }) => [ok, ...failed.map(({ name }) => name)]), none: await resolveKey("nobody.example.com") };
  }, {
    dns: dns.url,
    options,
    now: typeof now === "function" ? now() : now,
    request: { method, url, headers, body: [...new Uint8Array(body)] },
  });
  assert.deepEqual(told, { outcomes: [[true], [true], [false, "digest"]], none: null });
  // The key was asked for once, and kept.
  assert.deepEqual(dns.asked, [keyId, "nobody.example.com"]);
});
