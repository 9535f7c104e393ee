import assert from "node:assert/strict";
import { test } from "node:test";

import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { Verifier } from "seinpost-verify";
import { webhook } from "seinpost-verify/hono";
import { signedCall, signedRequest, verifierOptions } from "seinpost-verify/testing";

import { listen, tellStories, tellTargets } from "./stories.mjs";

const start = (...receiver) => {
  const app = new Hono();
  app.post("/hook", webhook(...receiver));
  return listen(createAdaptorServer({ fetch: app.fetch }));
};
tellStories("hono", start);
tellTargets("hono", (verifier, handler, options, { forwarded } = {}) => start(verifier, handler, { ...options, trustProxy: forwarded }));

test("hono: the handler gets the framework's context", async () => {
  const app = new Hono();
  const url = "https://hooks.example.com/hook";
  const paths = [];
  app.post("/hook", webhook(new Verifier(verifierOptions({ url })), (_event, { context }) => paths.push(context.req.path)));
  const answer = await app.request(...signedRequest({ url }));
  assert.equal(answer.status, 204);
  assert.deepEqual(paths, ["/hook"]);
});

test("hono: a middleware that read bytes or text does no harm, one that parsed does", async () => {
  const url = "https://hooks.example.com/hook";
  const answers = {};
  for (const how of ["arrayBuffer", "text", "json"]) {
    const app = new Hono();
    const errors = [];
    app.use(async (c, next) => {
      await c.req[how]();
      await next();
    });
    app.post("/hook", webhook(new Verifier(verifierOptions({ url })), () => {}, { onError: (error) => errors.push(error.name) }));
    const { method, headers, body } = signedCall({ url });
    const { status } = await app.request(url, { method, headers, body });
    answers[how] = [status, ...errors];
  }
  assert.deepEqual(answers.arrayBuffer, [204]);
  assert.deepEqual(answers.text, [204]);
  // Hono keeps the text that it parsed JSON from in some versions: then the bytes are there.
  assert.ok([204, 500].includes(answers.json[0]));
  if (answers.json[0] === 500) assert.deepEqual(answers.json, [500, "BodyConsumed"]);
});
