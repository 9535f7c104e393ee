import assert from "node:assert/strict";
import { createServer, request } from "node:http";
import { connect, createServer as createHttp2Server } from "node:http2";
import { test } from "node:test";

import { Verifier } from "seinpost-verify";
import { webhook } from "seinpost-verify/node";
import { signedCall, signedRequest, verifierOptions } from "seinpost-verify/testing";

import { listen, tellStories, tellTargets } from "./stories.mjs";

tellStories("node:http", (...receiver) => listen(createServer(webhook(...receiver))));
tellTargets("node:http", (verifier, handler, options, { forwarded } = {}) =>
  listen(createServer(webhook(verifier, handler, { ...options, trustProxy: forwarded }))),
);

test("a target that is neither a path nor a URL is no call", async (t) => {
  const server = await listen(createServer(webhook(new Verifier(verifierOptions()), () => {})));
  t.after(server.close);
  for (const target of ["*", "https://a b/hook", "https://"]) {
    const req = { method: "POST", url: target, rawHeaders: ["host", "hooks.example.com"], headers: {}, body: new Uint8Array(), socket: {} };
    let status;
    const res = { writeHead: (code) => (status = code), end: () => {} };
    await webhook(new Verifier(verifierOptions()), () => {})(req, res);
    assert.equal(status, 400, target);
  }
  assert.equal((await server.send({ ...signedCall(), target: "*" })).status, 400);
});

test("fetch(...signedRequest(…)), as the documentation shows it", async (t) => {
  let hook;
  const server = await listen(createServer((req, res) => hook(req, res)));
  t.after(server.close);
  const url = `${server.url}/hook`;
  for (const profile of ["cavage", "standard", "rfc9421"]) {
    const events = [];
    hook = webhook(new Verifier(verifierOptions({ profile, url })), (event) => events.push(event.type));
    const good = await fetch(...signedRequest({ profile, url, type: "click" }));
    assert.equal(good.status, 204);
    const stale = await fetch(...signedRequest({ profile, url, type: "bounce", spoil: "stale" }));
    assert.equal(stale.status, 401);
    const { check, skew } = await stale.json();
    assert.deepEqual([check, skew], ["date", -3600]);
    assert.deepEqual(events, ["click"]);
  }
});

test("what signedRequest signs is what fetch sends, however the URL is written", async (t) => {
  let hook;
  const server = await listen(createServer((req, res) => hook(req, res)));
  t.after(server.close);
  const { port } = new URL(server.url);
  const urls = [`HTTP://LOCALHOST:${port}/hook`, `http://127.0.0.1:${port}`, ...["/h\u00f3ok", "/a b?c d", "/hook?it's=\"1\"", "/a/../hook#part", "/?a=%2B&b=1+2"].map((path) => server.url + path)];
  for (const profile of ["cavage", "rfc9421"]) {
    for (const url of urls) {
      const refused = [];
      hook = webhook(new Verifier(verifierOptions({ profile, url })), () => {}, { onRefused: (report) => refused.push(String(report)) });
      assert.equal((await fetch(...signedRequest({ profile, url }))).status, 204, `${profile} ${url}: ${refused}`);
    }
    // No test can listen on port 80: what fetch leaves out of Host is not signed either.
    const url = "http://127.0.0.1:80/hook";
    assert.equal(signedCall({ profile, url }).headers.find(([name]) => name === "host")[1], "127.0.0.1");
    assert.equal((await new Verifier(verifierOptions({ profile, url })).verify(signedCall({ profile, url }))).ok, true);
  }
});

test("behind a proxy that is trusted, scheme and host are the sender's", async (t) => {
  const url = "https://hooks.example.com/hook";
  const seen = [];
  const start = async (options) => {
    const refused = (report) => seen.push(report.checks.find(({ outcome }) => outcome === "fail").name);
    const server = await listen(createServer(webhook(new Verifier(verifierOptions({ url })), () => {}, { ...options, onRefused: refused })));
    t.after(server.close);
    return (proto, host = "10.0.0.7:3000") => {
      const call = signedCall({ url });
      const headers = call.headers.map(([name, value]) => (name === "host" ? ["x-forwarded-host", value] : [name, value]));
      return server.send({ ...call, headers: [["host", host], ["x-forwarded-proto", proto], ...headers] });
    };
  };
  const trusting = await start({ trustProxy: true });
  assert.equal((await trusting("https")).status, 204);
  assert.equal((await trusting("http")).status, 401);
  const wary = await start({});
  const answer = await wary("https", "app:3000");
  assert.equal(answer.status, 401);
  // What the sender's log explains the refusal with.
  assert.deepEqual([JSON.parse(answer.text).check, JSON.parse(answer.text).host], ["host", "app:3000"]);
  assert.deepEqual(seen, ["https", "host"]);
});

test("HTTP/2: :authority is the host, also where Host says the same", async (t) => {
  const events = [];
  const refused = [];
  let verifier;
  const server = createHttp2Server(webhook({ verify: (call) => verifier.verify(call) }, (event) => events.push(event.type), { onRefused: ({ failed }) => refused.push(failed[0].name) }));
  const { url: base, close } = await listen(server);
  const url = `${base}/hook`;
  verifier = new Verifier(verifierOptions({ url }));
  const session = connect(base);
  t.after(async () => {
    await new Promise((resolve) => session.close(resolve));
    await close();
  });
  const send = ({ method, headers, body }, more = {}) =>
    new Promise((resolve, reject) => {
      const fields = Object.fromEntries(headers.filter(([name]) => name !== "host"));
      const stream = session.request({ ":authority": new URL(base).host, ":method": method, ":path": "/hook", ...fields, ...more });
      stream.on("response", (answer) => stream.resume().on("end", () => resolve(answer[":status"])));
      stream.on("error", reject);
      stream.end(body);
    });
  assert.equal(await send(signedCall({ url, type: "open" })), 204);
  assert.equal(await send(signedCall({ url, spoil: "altered" })), 401);
  assert.equal(await send(signedCall({ url, type: "click" }), { host: new URL(base).host }), 204);
  assert.equal(await send(signedCall({ url }), { host: "elsewhere.example.org" }), 401);
  assert.deepEqual(events, ["open", "click"]);
  assert.deepEqual(refused, ["digest", "host"]);
});

test("a body that was read before is a fault of the receiver's, named to its developer", async (t) => {
  const errors = [];
  const hook = webhook(new Verifier(verifierOptions()), () => {}, { onError: (error) => errors.push(error.message) });
  const server = await listen(
    createServer(async (req, res) => {
      for await (const _ of req);
      await hook(req, res);
    }),
  );
  t.after(server.close);
  const answer = await server.send(signedCall());
  assert.equal(answer.status, 500);
  assert.equal(JSON.parse(answer.text).detail, undefined);
  assert.match(errors[0], /raw body is gone/);
});

test("a sender that breaks off is no event, and the server goes on", { timeout: 60_000 }, async (t) => {
  const errors = [];
  const events = [];
  let arrived;
  let told;
  const onArrival = new Promise((resolve) => (arrived = resolve));
  const onTold = new Promise((resolve) => (told = resolve));
  const onError = (error) => told(errors.push(error.message));
  let verifier;
  const hook = webhook({ verify: (call) => verifier.verify(call) }, (event) => events.push(event), { onError });
  const server = await listen(
    createServer((req, res) => {
      arrived();
      return hook(req, res);
    }),
  );
  t.after(server.close);
  const url = `${server.url}/hook`;
  verifier = new Verifier(verifierOptions({ url }));
  const sender = request(url, { method: "POST", headers: { "content-length": 1000 } });
  sender.on("error", () => {});
  sender.write("the beginning");
  await onArrival;
  sender.destroy();
  await onTold;
  assert.equal(errors.length, 1);
  assert.equal((await fetch(...signedRequest({ url }))).status, 204);
  assert.equal(events.length, 1);
});

test("a sender that is gone before its call is read is told so at once", { timeout: 20_000 }, async (t) => {
  const errors = [];
  const hook = webhook(new Verifier(verifierOptions()), () => {}, { onError: (error) => errors.push(error.message) });
  let arrived;
  let settled;
  const onArrival = new Promise((resolve) => (arrived = resolve));
  const done = new Promise((resolve) => (settled = resolve));
  const server = await listen(
    createServer((req, res) => {
      // What a receiver does first, such as asking who may call, takes longer than the sender waits.
      req.on("error", () => {});
      req.on("close", () => setImmediate(() => settled(hook(req, res))));
      arrived();
    }),
  );
  t.after(server.close);
  const sender = request(`${server.url}/hook`, { method: "POST", headers: { "content-length": 1000 } });
  sender.on("error", () => {});
  sender.write("the beginning");
  await onArrival;
  sender.destroy();
  await done;
  assert.deepEqual(errors, ["the call broke off before its end"]);
});

test("what is not a verifier or a handler is refused at once", () => {
  const verifier = new Verifier(verifierOptions());
  assert.throws(() => webhook(undefined, () => {}), TypeError);
  assert.throws(() => webhook(verifier), TypeError);
  assert.throws(() => webhook(verifier, () => {}, { limit: "much" }), RangeError);
  assert.throws(() => webhook(verifier, () => {}, { decode: "no" }), TypeError);
});
