import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";

import express from "express";
import { Verifier } from "seinpost-verify";
import { keepRawBody, webhook } from "seinpost-verify/express";
import { signedCall, verifierOptions } from "seinpost-verify/testing";

import { listen, tellStories, tellTargets } from "./stories.mjs";

const start = (mount) => (...receiver) => {
  const app = express();
  mount(app, ...receiver);
  app.post("/json", (req, res) => res.json(req.body));
  return listen(createServer(app));
};

const above = start((app, ...receiver) => {
  app.post("/hook", webhook(...receiver));
  app.use(express.json());
});
tellStories("express", above);
tellTargets("express", (verifier, handler, options, { forwarded = false } = {}) =>
  start((app, ...receiver) => app.set("trust proxy", forwarded).post("/hook", webhook(...receiver)))(verifier, handler, options),
);

test("express: the other routes still get parsed JSON", async (t) => {
  const server = await above(new Verifier(verifierOptions()), () => {});
  t.after(server.close);
  const answer = await fetch(`${server.url}/json`, { method: "POST", headers: { "content-type": "application/json" }, body: '{"a":1}' });
  assert.deepEqual(await answer.json(), { a: 1 });
});

/** Sends one good call to an app, and says what came back. */
async function tryOut(t, mount, { path = "/hook", errors = [], setting = {}, ask = {} } = {}) {
  const url = `https://hooks.example.com${path}`;
  const verifier = new Verifier(verifierOptions({ url, ...setting }));
  const server = await start(mount)(verifier, () => {}, { onError: (error) => errors.push(error.message) });
  t.after(server.close);
  const call = signedCall({ url, ...ask });
  return (headers = (fields) => fields) => server.send({ ...call, headers: headers(call.headers) });
}

test("express: below express.json(), with keepRawBody as the documentation shows it, a bounce of 2 MB too", async (t) => {
  const folder = dirname(createRequire(import.meta.url).resolve("seinpost-verify/package.json"));
  const documented = ["README.md", "express.js", "express.d.ts"].flatMap((name) =>
    [...readFileSync(join(folder, name), "utf8").matchAll(/express\.json\((\{[^}]*keepRawBody[^}]*\})\)/g)].map(([, options]) => options),
  );
  assert.ok(documented.length >= 3);
  for (const options of new Set(documented)) {
    const large = { event: { mime: "x".repeat(2_000_000) } };
    const mount = (app, ...receiver) => {
      app.use(express.json(new Function("keepRawBody", `return ${options}`)(keepRawBody)));
      app.post("/hook", webhook(...receiver));
    };
    assert.equal((await (await tryOut(t, mount))()).status, 204);
    assert.equal((await (await tryOut(t, mount, { ask: large }))()).status, 204, options);
  }
});

test("express: below express.raw()", async (t) => {
  const send = await tryOut(t, (app, ...receiver) => app.post("/hook", express.raw({ type: "*/*" }), webhook(...receiver)));
  assert.equal((await send()).status, 204);
});

test("express: below express.json() alone it is 500, and its developer is told the cure", async (t) => {
  const errors = [];
  const send = await tryOut(
    t,
    (app, ...receiver) => {
      app.use(express.json());
      app.post("/hook", webhook(...receiver));
    },
    { errors },
  );
  assert.equal((await send()).status, 500);
  assert.match(errors[0], /above app\.use\(express\.json\(\)\)/);
});

test("express: in a router that is mounted at a path, the whole path is verified", async (t) => {
  const mount = (app, ...receiver) => app.use("/mail", express.Router().post("/hook", webhook(...receiver)));
  assert.equal((await (await tryOut(t, mount, { path: "/mail/hook?x=%2B" }))()).status, 204);
});

test("express: its setting \"trust proxy\" decides whom to believe", async (t) => {
  const behindProxy = (fields) => [
    ["host", "10.0.0.7:3000"],
    ["x-forwarded-proto", "https"],
    ...fields.map(([name, value]) => (name === "host" ? ["x-forwarded-host", value] : [name, value])),
  ];
  const trusting = await tryOut(t, (app, ...receiver) => app.set("trust proxy", true).post("/hook", webhook(...receiver)));
  assert.equal((await trusting(behindProxy)).status, 204);
  const wary = await tryOut(t, (app, ...receiver) => app.post("/hook", webhook(...receiver)));
  assert.equal(JSON.parse((await wary(behindProxy)).text).check, "host");
});
