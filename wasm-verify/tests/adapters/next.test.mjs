import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, realpathSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { after, before } from "node:test";

import { listen, tellStories } from "./stories.mjs";

const DIR = join(import.meta.dirname, "next");
const RECEIVER = Symbol.for("seinpost-verify.test.receiver");

let app;
let running;

/** The application is built as for production, once, and served by Next.js in this process. */
before(async () => {
  const require = createRequire(import.meta.url);
  // Next.js follows no link out of the application's folder.
  const [from, to] = [dirname(realpathSync(require.resolve("seinpost-verify/package.json"))), join(DIR, "node_modules/seinpost-verify")];
  rmSync(to, { recursive: true, force: true });
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true });
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" };
  const { status, stdout, stderr } = spawnSync(process.execPath, [require.resolve("next/dist/bin/next"), "build"], { cwd: DIR, env, encoding: "utf8" });
  assert.equal(status, 0, stdout + stderr);
  process.env.NODE_ENV = "production";
  const { default: next } = await import("next");
  app = next({ dir: DIR, dev: false });
  await app.prepare();
  running = await listen(createServer(app.getRequestHandler()));
}, { timeout: 300_000 });

after(async () => {
  await running?.close();
  await app?.close();
});

tellStories("next", async (...receiver) => {
  globalThis[RECEIVER] = receiver;
  return { url: running.url, send: running.send, close: () => {} };
});
