import assert from "node:assert/strict";
import { test } from "node:test";

import Fastify from "fastify";
import { Verifier } from "seinpost-verify";
import { webhook } from "seinpost-verify/fastify";
import { signedCall, verifierOptions } from "seinpost-verify/testing";

import { sendHttp, tellStories, tellTargets } from "./stories.mjs";

async function start(verifier, handler, options, { settings = {}, prepare = () => {} } = {}) {
  const app = Fastify(settings);
  prepare(app);
  app.post("/hook", webhook(verifier, handler, options));
  app.post("/json", async (request) => request.body);
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  return { url, send: (call) => sendHttp(url, call), close: () => app.close() };
}

tellStories("fastify", start);
tellTargets("fastify", (verifier, handler, options, { forwarded = false } = {}) =>
  start(verifier, handler, options, { settings: { trustProxy: forwarded } }),
);

test("fastify: the other routes keep their parsers, and their errors", async (t) => {
  const server = await start(new Verifier(verifierOptions()), () => {});
  t.after(server.close);
  const post = (type, body) => fetch(`${server.url}/json`, { method: "POST", headers: { "content-type": type }, body });
  assert.deepEqual(await (await post("application/json", '{"a":1}')).json(), { a: 1 });
  assert.equal((await post("application/json", "{")).status, 400);
  assert.equal((await post("application/x-www-form-urlencoded", "a=1")).status, 415);
});

test("fastify: hooks on requests and answers run for the webhook's route too", async (t) => {
  const ran = [];
  const url = "https://hooks.example.com/hook";
  const prepare = (app) => {
    app.addHook("onRequest", async () => void ran.push("onRequest"));
    app.addHook("onSend", async (_request, reply, payload) => {
      ran.push(`onSend ${reply.statusCode}`);
      return payload;
    });
  };
  const server = await start(new Verifier(verifierOptions({ url })), () => {}, {}, { prepare });
  t.after(server.close);
  assert.equal((await server.send(signedCall({ url }))).status, 204);
  assert.deepEqual(ran, ["onRequest", "onSend 204"]);
});

test("fastify: its option trustProxy decides whom to believe", async (t) => {
  const url = "https://hooks.example.com/hook";
  const answers = [];
  for (const trustProxy of [true, false]) {
    const server = await start(new Verifier(verifierOptions({ url })), () => {}, {}, { settings: { trustProxy } });
    t.after(server.close);
    const call = signedCall({ url });
    const headers = call.headers.map(([name, value]) => (name === "host" ? ["x-forwarded-host", value] : [name, value]));
    const { status, text } = await server.send({ ...call, headers: [["host", "10.0.0.7:3000"], ["x-forwarded-proto", "https"], ...headers] });
    answers.push([status, text && JSON.parse(text).check]);
  }
  assert.deepEqual(answers, [[204, ""], [401, "host"]]);
});
