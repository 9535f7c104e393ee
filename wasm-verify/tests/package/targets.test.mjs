// What a call was for, where its URL says another host than its field Host.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, request } from "node:http";
import { join } from "node:path";
import { test } from "node:test";

import { Verifier } from "seinpost-verify";
import { signedCall, testRecord, verifierOptions } from "seinpost-verify/testing";

import { serve } from "./resolvers.mjs";

const OWN = "https://hooks.example.com/hook";
const EVIL = "https://evil.example/hook";

function withHost(call, host) {
  return { ...call, headers: call.headers.map(([name, value]) => [name, name === "host" ? host : value]) };
}

async function failing(profile, call) {
  const report = await new Verifier({ ...verifierOptions({ profile, url: OWN }), nonces: undefined }).verify(call);
  return report.failed.map(({ name }) => name);
}

test("rfc9421: a call that was signed for another host is refused, though Host is this receiver's", async () => {
  const profile = "rfc9421";
  assert.deepEqual(await failing(profile, signedCall({ profile, url: OWN })), []);
  const stolen = withHost(signedCall({ profile, url: EVIL }), "hooks.example.com");
  assert.deepEqual(await failing(profile, { ...stolen, url: EVIL }), ["host"]);
  assert.deepEqual(await failing(profile, { ...stolen, url: "/hook" }), ["signature"]);
  // A target that is neither a path nor a URL would make one name of the Host and itself.
  const longer = withHost(signedCall({ profile, url: "https://hooks.example.com.evil.example/hook" }), "hooks.example.com");
  assert.deepEqual(await failing(profile, { ...longer, url: ".evil.example/hook" }), ["coverage"]);
});

test("cavage: the host of the URL is not signed, so one that a framework made up is no matter", async () => {
  assert.deepEqual(await failing("cavage", { ...signedCall({ url: OWN }), url: "https://localhost:3000/hook" }), []);
});

/** A port that was free a moment ago. */
async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

test("examples/receiver-node: scheme and host in a target are only the caller's word", async (t) => {
  // Beside the tests, where the package is found.
  const folder = mkdtempSync(join(import.meta.dirname, "receiver-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const program = join(folder, "receiver.mjs");
  cpSync(join(import.meta.dirname, "../../../examples/receiver-node/receiver.mjs"), program);
  const keys = await serve(t, (req, res) => res.end(testRecord(decodeURIComponent(req.url.split("/").at(-1)))[0][0]));
  const port = await freePort();
  const env = { ...process.env, PORT: String(port), SEINPOST_KEY_DOMAIN: "sign.example.com", SEINPOST_ENVIRONMENT: "1234", SEINPOST_URL: keys };
  const receiver = spawn(process.execPath, [program], { env, stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => receiver.kill());
  await once(receiver.stdout, "data");
  const url = `http://127.0.0.1:${port}/hook`;
  const send = (path) =>
    new Promise((resolve, reject) => {
      const { headers, body } = signedCall({ url, now: Date.now() });
      const call = request({ host: "127.0.0.1", port, method: "POST", path, headers: headers.flat(), setHost: false, agent: false }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      call.on("error", reject);
      call.end(body);
    });
  assert.equal(await send("/hook"), 204);
  // It came by plain HTTP, or by a proxy that ended TLS: who knows.
  assert.equal(await send(url), 204);
  assert.equal(await send("https://127.0.0.1/hook"), 204);
  assert.equal(await send("/other"), 401);
});
