import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { createRequire } from "node:module";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { decode, Verifier } from "seinpost-verify";
import { webhook } from "seinpost-verify/node";
import { sampleEvent, signedCall, verifierOptions } from "seinpost-verify/testing";

const require = createRequire(import.meta.url);
const here = dirname(fileURLToPath(import.meta.url));
const repository = join(here, "../../..");
const readme = readFileSync(join(dirname(require.resolve("seinpost-verify/package.json")), "README.md"), "utf8");
const examplesOf = (text) => [...text.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code);
const examples = examplesOf(readme);

test("every example is JavaScript", (t) => {
  const folder = mkdtempSync(join(here, "readme-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  assert.ok(examples.length >= 5);
  for (const [index, code] of examples.entries()) {
    const file = join(folder, `${index}.mjs`);
    writeFileSync(file, code);
    const { status, stderr } = spawnSync(process.execPath, ["--check", file], { encoding: "utf8" });
    assert.equal(status, 0, stderr);
  }
});

for (const [whose, text] of [["package", readme], ["repository", readFileSync(join(repository, "README.md"), "utf8")]]) {
  test(`the receiver in ten lines of the ${whose}'s README receives, and outlives what strangers send`, { timeout: 60_000 }, async (t) => {
    const [code] = examplesOf(text);
    const lines = code.split("\n").filter((line) => line.trim() !== "");
    assert.ok(lines.length <= 10, `it has ${lines.length}`);
    const url = "https://hooks.example.com/hook";
    const [, environment, keyDomain] = /environment: (\d+), .*keyDomain: "([^"]+)"/.exec(code);
    const sender = { url, environment: Number(environment), keyDomain };
    // With the keys and the clock of the tests, on a port of its own.
    const program = code
      .replace('from "seinpost-verify/node";', '$&\nimport { verifierOptions } from "seinpost-verify/testing";')
      .replace("nonces });", `nonces, ...(({ resolveKey, now }) => ({ resolveKey, now }))(verifierOptions(${JSON.stringify(sender)})) });`)
      .replace(/^createServer\((.*)\)\.listen\(\d+\);/m, 'const server = createServer($1).listen(0, "127.0.0.1", () => t.listening(server));');
    assert.match(program, /verifierOptions\(\{[^]*t\.listening/);
    const logged = [];
    let server;
    const listening = new Promise((resolve) => (globalThis.t = { listening: (each) => resolve((server = each)) }));
    const { log, warn, error } = console;
    console.log = (...words) => logged.push(words);
    console.warn = (...words) => logged.push(words);
    const toldOf = new Promise((resolve) => (console.error = resolve));
    const file = join(here, `ten-lines-${whose}.tmp.mjs`);
    t.after(() => {
      Object.assign(console, { log, warn, error });
      server?.close();
      rmSync(file, { force: true });
    });
    writeFileSync(file, program);
    await import(file);
    await listening;
    const { port } = server.address();
    const send = (ask) => {
      const { method, headers, body } = signedCall({ ...sender, ...ask });
      return new Promise((resolve, reject) => {
        const call = request({ host: "127.0.0.1", port, path: "/hook", method, headers: headers.flat(), setHost: false }, (answer) =>
          answer.resume().on("end", () => resolve(answer.statusCode)),
        );
        call.on("error", reject).end(body);
      });
    };
    assert.equal(await send({ type: "open" }), 204);
    assert.equal(await send({ spoil: "altered" }), 401);
    assert.deepEqual(logged[0].slice(0, 2), ["open", "reader@example.net"]);
    if (code.includes("onRefused")) assert.match(logged[1][0], /^refused\n/);
    assert.equal(await send({ body: "[]" }), 400);
    connect(port, "127.0.0.1").end("POST /hook HTTP/1.1\r\nHost: hooks.example.com\r\nContent-Length: 100\r\n\r\nabc");
    assert.match((await toldOf).message, /broke off|aborted/);
    assert.equal(await send({ type: "click" }), 204);
  });
}

test("the report of a refused call reads as the README shows it", async () => {
  const [, shown] = /```text\n([\s\S]*?)```/.exec(readme);
  const verifier = new Verifier({ ...verifierOptions(), now: verifierOptions().now + 2000 });
  const call = signedCall({ spoil: "altered" });
  const headers = call.headers.map(([name, value]) => (name === "host" ? [name, "app:3000"] : [name, value]));
  assert.equal(`${await verifier.verify({ ...call, url: "/hook", headers })}\n`, shown);
});

test("headers with the names of svix are renamed in every form", async () => {
  const code = examples.find((example) => example.includes("svix-"));
  const renamed = new Function("headers", `${code}; return renamed;`);
  const { headers, ...call } = signedCall({ profile: "standard" });
  const theirs = headers.map(([name, value]) => [name.replace("webhook-", "Svix-"), value]);
  for (const form of [new Headers(theirs), Object.fromEntries(theirs), theirs]) {
    const verifier = new Verifier(verifierOptions({ profile: "standard" }));
    assert.equal((await verifier.verify({ ...call, headers: form })).ok, false);
    assert.equal((await verifier.verify({ ...call, headers: renamed(form) })).ok, true);
  }
});

test("batches are taken, and single events too, as the README shows it", async (t) => {
  const code = examples.find((example) => example.includes("receiveBatch"));
  const program = code.replace(/^import .*\n/, "").replace(/createServer\((.*)\)\.listen\(3000\);/, "return $1;");
  const url = "https://hooks.example.com/hook";
  const verifier = new Verifier(verifierOptions({ url }));
  const handled = [];
  const handle = async (event) => handled.push(event.type);
  const told = t.mock.method(console, "error", () => {});
  /** Has a receiver listen; gives what sends it something, signed, and resolves to the status and the body of its answer. */
  const receiving = async (receive) => {
    const server = createServer(receive).listen(0, "127.0.0.1");
    t.after(() => server.close());
    await once(server, "listening");
    return async (what) => {
      const { method, headers, body } = signedCall({ url, body: JSON.stringify(what) });
      const call = request({ host: "127.0.0.1", port: server.address().port, path: "/hook", method, headers: headers.flat(), setHost: false }).end(body);
      const [answer] = await once(call, "response");
      return { status: answer.statusCode, text: Buffer.concat(await answer.toArray()).toString() };
    };
  };
  const send = await receiving(new Function("decode", "webhook", "verifier", "handle", program)(decode, webhook, verifier, handle));
  const [bounce, click] = ["bounce", "click"].map((type) => sampleEvent(type));
  for (const [what, types] of [[[bounce, click], ["bounce", "click"]], [[click], ["click"]], [click, ["click"]]]) {
    assert.equal((await send(what)).status, 204);
    assert.deepEqual(handled.splice(0), types);
  }
  for (const bad of [{ type: "click" }, 7]) assert.equal((await send([bounce, bad])).status, 500);
  assert.deepEqual([handled, told.mock.callCount()], [[], 2]);
  // What it says of an adapter that is not told.
  const { status, text } = await (await receiving(webhook(verifier, handle)))([bounce]);
  assert.deepEqual([status, JSON.parse(text).code], [400, "not-an-object"]);
});

test("every code of an error is in its tables", () => {
  const sources = (folder) => readdirSync(join(repository, folder)).map((name) => join(repository, folder, name)).filter((name) => /\.(?:rs|js)$/.test(name));
  const found = new Set();
  const collect = (file, pattern) => {
    for (const [, code] of readFileSync(file, "utf8").matchAll(pattern)) found.add(code);
  };
  for (const file of sources("wasm-verify/js")) collect(file, /(?:VerificationError|DecodeError|Failure)\(\s*"([a-z0-9-]+)"/g);
  collect(join(repository, "protocol/src/payload/error.rs"), /=> "([a-z0-9-]+)"/g);
  collect(join(repository, "protocol/src/key.rs"), /=> "(key-[a-z0-9-]+)"/g);
  // Types that are not known are read as such; the code is the server's.
  found.delete("unknown-type");
  assert.ok(found.size > 25);
  for (const code of found) assert.ok(readme.includes(`\`${code}\``), `${code} is not in the README`);
});
