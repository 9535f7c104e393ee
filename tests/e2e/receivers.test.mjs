// The receivers that the inspector offers to copy, run as they stand where their language is at hand: each takes a good
// call and refuses those that are spoilt.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer, request as httpRequest } from "node:http";
import { connect } from "node:net";
import { buffer } from "node:stream/consumers";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { KEY_ID, RECORDS, signedCall, verifierOptions } from "../support/calls.mjs";
import { Server, freePort } from "../support/server.mjs";

const installed = process.env.SEINPOST_VERIFY_DIR ?? new URL("../../target/npm-installed", import.meta.url).pathname;
const folder = new URL("../../frontend/inspect/receivers/", import.meta.url).pathname;

const ENVIRONMENT = 1234;
const KEY_DOMAIN = KEY_ID.split("._domainkey.")[1];
const [RSA, ED25519] = RECORDS.map((record) => record.split("p=")[1]);
const SECRET = verifierOptions({ profile: "standard" }).secret;

const runs = (command, args) => spawnSync(command, args).status === 0;
/** How each is started, whether it can be here, and what it takes. The ones in Rust are run in server/tests/it/receivers.rs. */
const LANGUAGES = {
  mjs: { command: (file) => ["node", [file]], there: () => true },
  py: { command: (file) => ["python3", [file]], there: () => runs("python3", ["-c", "import cryptography"]), needs: "Python 3 with the package cryptography" },
  php: {
    command: (file, port) => ["php", ["-S", `127.0.0.1:${port}`, file]],
    there: () => runs("php", ["-r", "exit(extension_loaded('openssl') && extension_loaded('sodium') ? 0 : 1);"]),
    needs: "PHP's command line (Debian's php-cli) with openssl and sodium",
  },
  go: { command: (file) => ["go", ["run", file]], there: () => runs("go", ["version"]), needs: "Go (Debian's golang-go)" },
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

async function send(port, { method, target, headers, body }) {
  const request = httpRequest({ host: "127.0.0.1", port, method, path: target, headers, agent: false });
  request.end(body);
  const [response] = await once(request, "response");
  response.resume();
  return response.statusCode;
}

const asSent = ({ method, url, headers, body }) => {
  const { pathname, search } = new URL(url);
  return { method, target: pathname + search, headers: headers.flat(), body };
};

/** Starts a receiver as it stands, has `use` talk to it on a port, and ends it. `knows` is its environment. */
async function running(file, { command }, knows, use) {
  const port = await freePort();
  const [program, args] = command(file, port);
  const child = spawn(program, args, { env: { ...process.env, PORT: String(port), ...knows(port) }, stdio: ["ignore", "ignore", "inherit"], detached: true });
  try {
    await listening(port, child);
    await use(port);
  } finally {
    // `go run` has a child of its own: the whole group ends.
    if (child.exitCode === null) process.kill(-child.pid, "SIGKILL");
  }
}

/** Writes what is no whole call, says no more, and waits until the receiver has done with it. Resolves to its answer, which may be none. */
async function hungUp(port, written) {
  const socket = connect(port, "127.0.0.1").setEncoding("latin1");
  let answer = "";
  socket.on("data", (text) => (answer += text)).on("error", () => {});
  socket.end(written);
  await new Promise((resolve) => socket.once("close", resolve));
  return answer;
}

/** A call with fields that no sender writes, the rest as it was. */
function odd({ headers, ...call }, change) {
  return { ...call, headers: headers.map((each, index) => (index % 2 === 0 ? each : change(headers[index - 1].toLowerCase(), each))) };
}

const ODD = {
  "bytes beyond ASCII where a signature is": (name, value) => (/^(?:webhook-)?signature$/.test(name) ? value.replace(/[A-Za-z0-9+/]{20,}=*/, "\u00e9") : value),
  "bytes beyond ASCII where a digest is": (name, value) => (/^(?:content-)?digest$|^webhook-signature$/.test(name) ? value.replace(/[A-Za-z0-9+/]{20,}=*/, "\u00e9") : value),
  "a time of more digits than any clock has": (name, value) =>
    ({ date: "Thu, 15 Jan 99999999999 12:00:00 GMT", "webhook-timestamp": "9".repeat(400) })[name] ?? value.replace(/created=\d+/, `created=${"9".repeat(400)}`),
};

/** What the profiles are signed with, and how each is spoilt beside what all have in common. */
const PROFILES = {
  cavage: [{ p: RSA, spoils: ["other-host", "other-environment", "unknown-key", "uncovered", "undigested", "undated", "unsigned", "unreadable", "tampered"] }],
  standard: [{ spoils: ["undated", "unsigned", "unreadable", "tampered"] }],
  rfc9421: [
    { algorithm: "ed25519", p: ED25519, spoils: ["other-host", "other-environment", "unknown-key", "uncovered", "undigested", "undated", "unsigned", "unreadable", "tampered"] },
    { algorithm: "rsa-v1_5-sha256", p: RSA, spoils: ["other-host", "unknown-key", "tampered"] },
  ],
};
/** Where `any.mjs` stands beside the package, as where a user has put it. */
let copied;

before(async () => {
  copied = await mkdtemp(join(installed, "receiver-"));
  await cp(`${folder}any.mjs`, join(copied, "any.mjs"));
});

after(() => rm(copied, { recursive: true, force: true }));

const fileOf = (profile, ending) => (ending === "mjs" ? join(copied, "any.mjs") : `${folder}${profile}.${ending}`);
const nameOf = (profile, ending) => `${ending === "mjs" ? "any" : profile}.${ending}`;

for (const [profile, variants] of Object.entries(PROFILES)) {
  for (const [ending, language] of Object.entries(LANGUAGES)) {
    for (const { algorithm, p = "", spoils } of variants) {
      // It takes keys from DNS records, and the one that it is given here is RSA's.
      if (ending === "mjs" && algorithm === "ed25519") continue;
      const skip = !language.there() && `not run: it takes ${language.needs}`;
      const by = `by ${profile}${algorithm ? ` with ${algorithm}` : ""}`;
      const knows = (port) => ({ HOST_NAME: `127.0.0.1:${port}`, ORIGIN: `http://127.0.0.1:${port}`, ENVIRONMENT: String(ENVIRONMENT), KEY_ID, KEY_DOMAIN, KEY_P: p, SECRET, PROFILE: profile });
      // Without a URL the package takes the call for one that came by HTTPS, as behind a web server that speaks TLS.
      const scheme = ending === "mjs" ? "https" : "http";
      const signed = (port, options) => asSent(signedCall({ profile, algorithm, environment: ENVIRONMENT, url: `${scheme}://127.0.0.1:${port}/hook?a=b%20c`, now: Date.now(), ...options }));

      test(`${nameOf(profile, ending)} takes good calls ${by} and refuses spoilt ones`, { skip }, async () => {
        await running(fileOf(profile, ending), language, knows, async (port) => {
          const call = (options) => signed(port, options);
          for (const type of ["bounce", "click"]) {
            for (const format of ["json", "form"]) assert.equal(await send(port, call({ type, format })), 204, `${type} as ${format}`);
          }
          for (const spoil of ["forged", "altered", "newline", "stale", "future", ...spoils]) assert.equal(await send(port, call({ spoil })), 401, spoil);
        });
      });

      test(`${nameOf(profile, ending)} for calls ${by} outlives what strangers send`, { skip }, async () => {
        await running(fileOf(profile, ending), language, knows, async (port) => {
          const call = (options) => signed(port, options);
          // One that says nothing keeps nobody else waiting.
          const silent = connect(port, "127.0.0.1").on("error", () => {});
          await once(silent, "connect");
          silent.write("POST /hook HTTP/1.1\r\n");
          const head = (length) => `POST /hook HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: ${length}\r\n\r\n`;
          assert.doesNotMatch(await hungUp(port, `${head(100)}abc`), /^HTTP\/1\.\d 2/);
          assert.equal(await send(port, call()), 204);
          for (const [what, change] of Object.entries(ODD)) assert.equal(await send(port, odd(call(), change)), 401, what);
          // Those that are written by hand do not look into the body.
          for (const body of ["[]", Uint8Array.of(0xff)]) assert.equal(await send(port, call({ body })), ending === "mjs" ? 400 : 204, body);
          // PHP and Go count what comes, whatever was announced.
          if (ending === "mjs" || ending === "py") assert.match(await hungUp(port, head(20_000_000)), /^HTTP\/1\.\d 413/);
          assert.equal(await send(port, call()), 204);
          silent.destroy();
        });
      });
    }
  }
}

describe("calls of a real server", () => {
  let server, keyId, keyP;

  before(async () => {
    server = await Server.start();
    const [[id, record]] = await server.publishedKeys();
    [keyId, keyP] = [id, record.split("p=")[1]];
  });

  after(() => server?.remove());

  /** A place that proves to be its owner's, and what the server then calls there: `use({host, secret, call})`, where `call` has a call made, and gives it. */
  async function receiving(profile, use) {
    let file, take;
    const place = createServer(async (request, response) => {
      if (request.method === "GET") return response.end(file);
      const { method, url: target, rawHeaders: headers } = request;
      const body = await buffer(request);
      response.writeHead(204).end();
      return take({ method, target, headers, body });
    }).listen(0, "127.0.0.1");
    await once(place, "listening");
    const host = `127.0.0.1:${place.address().port}`;
    try {
      const webhook = await server.ok("POST", "/v1/webhook", { url: `http://${host}/hook?a=b%20c`, type: "click", profile });
      file = webhook.verification.content;
      await server.ok("POST", `/v1/webhooks/${webhook.id}/verify`);
      const call = async () => {
        const came = new Promise((resolve) => (take = resolve));
        await server.ok("POST", `/v1/webhooks/${webhook.id}/test`);
        return came;
      };
      await use({ host, secret: webhook.secret ?? "", call });
    } finally {
      place.closeAllConnections();
      place.close();
    }
  }

  for (const profile of Object.keys(PROFILES)) {
    for (const [ending, language] of Object.entries(LANGUAGES)) {
      // This server is on plain HTTP, which is part of what this profile signs and not what the package takes.
      if (ending === "mjs" && profile === "rfc9421") continue;
      const skip = !language.there() && `not run: it takes ${language.needs}`;
      test(`${nameOf(profile, ending)} takes a call by ${profile}, once it is not altered`, { skip }, async () => {
        await receiving(profile, async ({ host, secret, call }) => {
          const knows = () => ({ HOST_NAME: host, ORIGIN: `http://${host}`, ENVIRONMENT: "1", KEY_ID: keyId, KEY_P: keyP, SECRET: secret, PROFILE: profile, KEY_DOMAIN: keyId.split("._domainkey.")[1] });
          await running(fileOf(profile, ending), language, knows, async (port) => {
            const made = await call();
            assert.equal(await send(port, { ...made, body: Buffer.concat([made.body.subarray(0, -1), Buffer.from("]")]) }), 401);
            assert.equal(await send(port, made), 204);
          });
        });
      });
    }
  }
});
