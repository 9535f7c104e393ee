// The receivers that the inspector offers to copy, run as they stand where their language is at hand: each takes a good
// call and refuses those that are spoilt.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { createRequire } from "node:module";
import { test } from "node:test";

import { freePort } from "../support/server.mjs";

const installed = process.env.SEINPOST_VERIFY_DIR ?? new URL("../../target/npm-installed", import.meta.url).pathname;
const { signedCall, testRecord, verifierOptions } = createRequire(`${installed}/package.json`)("seinpost-verify/testing");
const folder = new URL("../../frontend/inspect/receivers/", import.meta.url).pathname;

const ENVIRONMENT = 1234;
const KEY_ID = "test._domainkey.sign.example.com";
const KEY_P = testRecord(KEY_ID)[0].join("").split("p=")[1];
const SECRET = verifierOptions({ profile: "standard" }).secret;

const runs = (command, args) => spawnSync(command, args).status === 0;
/** How each is started, and whether it can be here. */
const LANGUAGES = {
  py: { command: (file) => ["python3", [file]], there: () => runs("python3", ["-c", "import cryptography"]) },
  php: { command: (file, port) => ["php", ["-S", `127.0.0.1:${port}`, file]], there: () => runs("php", ["-r", "exit(extension_loaded('openssl') ? 0 : 1);"]) },
  go: { command: (file) => ["go", ["run", file]], there: () => runs("go", ["version"]) },
};

/** Waits until something listens there; ends with the process. */
async function listening(port, child) {
  const patience = AbortSignal.timeout(120_000);
  for (;;) {
    patience.throwIfAborted();
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    const socket = connect(port, "127.0.0.1");
    const answer = await new Promise((resolve) => socket.once("connect", () => resolve(true)).once("error", () => resolve(false)));
    socket.destroy();
    if (answer) return;
    await new Promise(setImmediate);
  }
}

async function send(port, { method, url, headers, body }) {
  const { pathname, search } = new URL(url);
  const request = httpRequest({ host: "127.0.0.1", port, method, path: pathname + search, headers: headers.flat(), agent: false });
  request.end(body);
  const [response] = await once(request, "response");
  response.resume();
  return response.statusCode;
}

for (const profile of ["cavage", "standard"]) {
  for (const [ending, { command, there }] of Object.entries(LANGUAGES)) {
    test(`${profile}.${ending} takes a good call and refuses spoilt ones`, { skip: !there() && "its language is not at hand" }, async () => {
      const port = await freePort();
      const host = `127.0.0.1:${port}`;
      const [program, args] = command(`${folder}${profile}.${ending}`, port);
      const child = spawn(program, args, {
        env: { ...process.env, PORT: String(port), HOST_NAME: host, ENVIRONMENT: String(ENVIRONMENT), KEY_ID, KEY_P, SECRET },
        stdio: ["ignore", "ignore", "inherit"],
        detached: true,
      });
      try {
        await listening(port, child);
        const call = (options) => signedCall({ profile, environment: ENVIRONMENT, url: `http://${host}/hook?a=b%20c`, now: Date.now(), ...options });
        for (const type of ["bounce", "click"]) {
          for (const format of ["json", "form"]) assert.equal(await send(port, call({ type, format })), 204, `${type} as ${format}`);
        }
        const common = ["forged", "altered", "newline", "stale", "future"];
        const own = profile === "cavage" ? ["other-host", "other-environment", "unknown-key", "uncovered"] : [];
        for (const spoil of [...common, ...own]) assert.equal(await send(port, call({ spoil })), 401, spoil);
      } finally {
        // `go run` has a child of its own: the whole group ends.
        if (child.exitCode === null) process.kill(-child.pid, "SIGKILL");
      }
    });
  }
}
