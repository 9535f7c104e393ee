import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { createClient } from "redis";
import { Verifier } from "seinpost-verify";
import { signedCall, verifierOptions } from "seinpost-verify/testing";

import { RedisNonceStore } from "../../../examples/replay-redis/redis-nonces.mjs";

const installed = spawnSync("redis-server", ["--version"]).status === 0;
const skip = installed ? false : "redis-server is not installed (Debian: apt-get install redis-server)";

/** A Redis of this test's own, on a socket in a folder of its own. */
async function startRedis(t) {
  const folder = mkdtempSync(join(tmpdir(), "seinpost-redis-"));
  const path = join(folder, "socket");
  const server = spawn("redis-server", ["--port", "0", "--unixsocket", path, "--save", "", "--appendonly", "no", "--dir", folder]);
  const ended = new Promise((resolve) => server.once("exit", resolve));
  const stop = async () => {
    server.kill();
    await ended;
  };
  t.after(async () => {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  });
  await new Promise((resolve, reject) => {
    let output = "";
    server.stdout.on("data", (chunk) => {
      output += chunk;
      if (/ready to accept connections/i.test(output)) resolve();
    });
    server.once("exit", () => reject(new Error(`Redis ended: ${output}`)));
  });
  const connect = async () => {
    const client = createClient({ socket: { path, reconnectStrategy: false }, disableOfflineQueue: true });
    client.on("error", () => {});
    await client.connect();
    t.after(() => client.destroy());
    return client;
  };
  return { connect, stop };
}

test("replay-redis: a nonce is new once, for as long as it was asked", { skip }, async (t) => {
  const { connect } = await startRedis(t);
  const client = await connect();
  const store = new RedisNonceStore(client);
  assert.equal(await store.add("a", 121), true);
  assert.equal(await store.add("a", 121), false);
  assert.equal(await store.add("b", 121), true);
  const left = await client.ttl("webhook-nonce:a");
  assert.ok(left > 100 && left <= 121);
  await store.delete("a");
  assert.equal(await store.add("a", 121), true);
});

test("replay-redis: of many copies at the same moment, one is new", { skip }, async (t) => {
  const { connect } = await startRedis(t);
  const stores = [new RedisNonceStore(await connect()), new RedisNonceStore(await connect())];
  const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => stores[index % 2].add("same", 60)));
  assert.equal(answers.filter(Boolean).length, 1);
});

test("replay-redis: what one receiver accepted another refuses; without Redis both refuse", { skip }, async (t) => {
  const { connect, stop } = await startRedis(t);
  const receivers = [];
  for (let index = 0; index < 2; index++) {
    const nonces = new RedisNonceStore(await connect());
    receivers.push(new Verifier({ ...verifierOptions(), nonces }));
  }
  const failed = async (verifier, call) => (await verifier.verify(call)).checks.filter(({ outcome }) => outcome === "fail").map(({ name }) => name);
  const call = signedCall();
  assert.deepEqual(await failed(receivers[0], call), []);
  assert.deepEqual(await failed(receivers[1], call), ["nonce"]);
  await stop();
  assert.deepEqual(await failed(receivers[0], signedCall()), ["nonce"]);
});
