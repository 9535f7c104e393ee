/**
 * What every adapter must do, told once. Each adapter's test says how its framework is started and called.
 *
 * `start(verifier, handler, options)` resolves to `{url, send(call, {url}), close()}`: `send` puts a call on the framework's own way in and
 * resolves to `{status, headers: Headers, text}`.
 */
import assert from "node:assert/strict";
import { request } from "node:http";
import { test } from "node:test";

import { MemoryNonceStore, Verifier } from "seinpost-verify";
import { EVENT_TYPES, signedCall, spoilsOf, TEST_TIME, verifierOptions } from "seinpost-verify/testing";

const PROFILES = ["cavage", "standard", "rfc9421"];

/** Runs every story for an adapter. `query` is one that its framework hands on as it came. */
export function tellStories(adapter, start, { url: fixedUrl, query = "?a=%2B&b=1+2" } = {}) {
  const story = (name, run) => test(`${adapter}: ${name}`, run);

  /** A receiver with a record of what its handler got; closed at the end of the test. */
  const receiver = async (t, { profile, handler = () => {}, options = {}, setting = {}, nonces } = {}) => {
    const seen = { events: [], refused: [], errors: [] };
    // Where the framework chooses its own port, the host is known only once it runs.
    let judge;
    const verifier = { verify: (call) => judge.verify(call), forget: (report) => judge.forget?.(report) };
    const running = await start(
      verifier,
      async (event, delivery) => {
        seen.events.push({ event, delivery });
        await handler(event, delivery);
      },
      { onRefused: (report) => seen.refused.push(report), onError: (error) => seen.errors.push(error), ...options },
    );
    t.after(() => running.close());
    // A proxy has ended TLS, as it does before most receivers.
    const url = `${fixedUrl ?? running.url.replace(/^http:/, "https:")}/hook`;
    judge = new Verifier({ ...verifierOptions({ profile, url, ...setting }), ...(nonces && { nonces }) });
    const send = (ask = {}, change = (call) => call) => running.send(change(signedCall({ profile, url, ...ask })));
    return { ...seen, seen, send, url, running };
  };

  for (const profile of PROFILES) {
    story(`${profile}: every type arrives, as JSON and as a form`, async (t) => {
      const { send, seen, url } = await receiver(t, { profile });
      for (const type of EVENT_TYPES) {
        for (const format of ["json", "form"]) {
          const { status, text, headers } = await send({ type, format, url: url + query });
          assert.deepEqual([status, text, headers.get("cache-control")], [204, "", "no-store"]);
          const { event, delivery } = seen.events.at(-1);
          assert.equal(event.type, type);
          assert.equal(event.recipient, "reader@example.net");
          assert.deepEqual(event.tags, ["newsletter", "spring"]);
          assert.equal(delivery.report.ok, true);
          assert.equal(delivery.request.method, "POST");
        }
      }
      assert.equal(seen.events.length, 2 * EVENT_TYPES.length);
      assert.deepEqual([seen.refused, seen.errors], [[], []]);
    });

    story(`${profile}: what is spoilt is refused, and the answer names the check and no more`, async (t) => {
      const { send, seen } = await receiver(t, { profile });
      const spoils = spoilsOf(profile).filter(({ check }) => check !== null);
      for (const { name, check } of spoils) {
        const { status, text, headers } = await send({ spoil: name });
        assert.equal(status, 401, name);
        assert.equal(headers.get("content-type"), "application/problem+json");
        assert.equal(headers.get("www-authenticate"), "Signature");
        const skew = { stale: { skew: -3600 }, future: { skew: 3600 } }[name] ?? {};
        const arrived = JSON.parse(text).host;
        assert.equal(typeof arrived, check === "host" ? "string" : "undefined", name);
        assert.deepEqual(JSON.parse(text), {
          type: "urn:seinpost:problem:unverified",
          title: "The call is not verified",
          status: 401,
          check,
          ...skew,
          ...(arrived === undefined ? {} : { host: arrived }),
        });
      }
      assert.equal(seen.refused.length, spoils.length);
      assert.deepEqual([seen.events, seen.errors], [[], []]);
    });
  }

  story("a call that is sent twice is refused the second time", async (t) => {
    const { send, seen } = await receiver(t);
    const nonce = "once";
    assert.equal((await send({ nonce })).status, 204);
    const { status, text } = await send({ nonce });
    assert.deepEqual([status, JSON.parse(text).check], [401, "nonce"]);
    assert.equal(seen.events.length, 1);
  });

  for (const profile of PROFILES) {
    story(`${profile}: with decode: false a call that is no event of mail is handed over as it came`, async (t) => {
      const { send, seen } = await receiver(t, { profile, options: { decode: false } });
      const bodies = ['{"event":"user.created","data":{}}', '{"type":"bounce"', "", "a=1", "\ufeff[]"].map((text) => new TextEncoder().encode(text));
      for (const body of [...bodies, Uint8Array.of(0xff, 0, 0xfe)]) {
        const { status, text } = await send({ body });
        assert.deepEqual([status, text], [204, ""]);
        const { event, delivery } = seen.events.at(-1);
        assert.equal(event, null);
        assert.deepEqual(new Uint8Array(delivery.request.body), body);
        assert.equal(delivery.report.ok, true);
      }
      assert.equal((await send({ spoil: "forged" })).status, 401);
      assert.deepEqual([seen.events.length, seen.refused.length, seen.errors], [6, 1, []]);
    });
  }

  story("a verified body that cannot be decoded is 400, with the place", async (t) => {
    const { send, seen } = await receiver(t);
    const { status, text, headers } = await send({ body: '{"type":"bounce",' });
    assert.equal(status, 400);
    assert.equal(headers.get("content-type"), "application/problem+json");
    const problem = JSON.parse(text);
    assert.equal(problem.type, "urn:seinpost:problem:undecodable");
    assert.equal(problem.code, "invalid-json");
    assert.equal(problem.offset, 17);
    assert.equal(seen.refused.length, 1);
    assert.deepEqual([seen.events, seen.errors], [[], []]);
  });

  story("a verified body that cannot be decoded is so however often it is sent", async (t) => {
    const nonces = new MemoryNonceStore();
    const { send } = await receiver(t, { nonces });
    const again = { body: "{", nonce: "again" };
    assert.equal((await send(again)).status, 400);
    assert.equal((await send(again)).status, 400);
    const away = { add: () => true, delete: () => Promise.reject(new Error("Redis is away")) };
    const other = await receiver(t, { nonces: away });
    assert.equal((await other.send(again)).status, 400);
    assert.deepEqual(other.seen.errors.map(({ message }) => message), ["Redis is away"]);
  });

  story("a body that is not UTF-8 verifies byte for byte", async (t) => {
    const { send } = await receiver(t);
    const body = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const { status, text } = await send({ body });
    // It is verified, so the code is the decoder's; one changed byte would have made it 401.
    assert.equal(status, 400);
    assert.match(JSON.parse(text).code, /^invalid-/);
  });

  story("a body over the limit is 413 and is not verified", async (t) => {
    const { send, seen } = await receiver(t, { options: { limit: 1000 } });
    const fits = signedCall({ type: "open" }).body.length;
    assert.equal((await send({ type: "open", event: { referer: "x".repeat(985 - fits) } })).status, 204);
    const { status, text, headers } = await send({ type: "open", event: { referer: "x".repeat(1000) } });
    assert.equal(status, 413);
    assert.equal(headers.get("content-type"), "application/problem+json");
    assert.deepEqual(JSON.parse(text), { type: "urn:seinpost:problem:too-large", title: "The body is too large", status: 413, limit: 1000 });
    assert.equal(seen.events.length, 1);
    assert.deepEqual([seen.refused, seen.errors], [[], []]);
  });

  story("a body over the limit whose length is not announced is 413", async (t) => {
    const { send, seen } = await receiver(t, { options: { limit: 1000 } });
    const { status } = await send({ event: { mime: "x".repeat(200_000) } }, (call) => ({ ...call, chunked: true }));
    assert.equal(status, 413);
    assert.deepEqual(seen.events, []);
  });

  for (const profile of PROFILES) {
    story(`${profile}: a handler that throws makes 500, and the sender may try again with the same id`, async (t) => {
      let broken = true;
      const handler = () => {
        if (broken) throw new Error("the database is away");
      };
      const { send, seen } = await receiver(t, { profile, handler });
      const first = await send({ nonce: "again" });
      assert.equal(first.status, 500);
      assert.deepEqual(JSON.parse(first.text), {
        type: "urn:seinpost:problem:internal",
        title: "The call was not handled; try again later",
        status: 500,
      });
      assert.deepEqual(seen.errors.map(String), ["Error: the database is away"]);
      broken = false;
      assert.equal((await send({ nonce: "again" })).status, 204);
      assert.equal((await send({ nonce: "again" })).status, 401);
      assert.equal(seen.events.length, 2);
    });
  }

  story("whatever a handler throws is its own fault, not the caller's", async (t) => {
    const handler = (_event, { report }) => new Verifier(verifierOptions()).verify({ report });
    const { send, seen } = await receiver(t, { handler });
    assert.equal((await send({})).status, 500);
    assert.deepEqual(seen.errors.map(({ code }) => code), ["invalid-request"]);
  });

  story("a nonce that cannot be forgotten hides no error of the handler, and no failure of onError matters", async (t) => {
    const told = [];
    const handler = () => {
      throw new Error("the database is away");
    };
    const nonces = { add: () => true, delete: () => Promise.reject(new Error("Redis is away")) };
    const onError = async (error) => {
      told.push(error.message);
      throw error;
    };
    const { send } = await receiver(t, { handler, options: { onError }, nonces });
    assert.equal((await send({})).status, 500);
    assert.deepEqual(told, ["Redis is away", "the database is away"]);
  });

  story("a field that occurs twice is refused", async (t) => {
    const { send } = await receiver(t);
    const twice = (name) => send({}, (call) => ({ ...call, headers: [...call.headers, call.headers.find(([each]) => each === name)] }));
    for (const name of ["date", "digest", "x-copernica-id", "signature"]) assert.equal((await twice(name)).status, 401, name);
  });

  story("the clock is the verifier's", async (t) => {
    const now = TEST_TIME + 86_400_000;
    const { send } = await receiver(t, { setting: { now } });
    assert.equal((await send({ now })).status, 204);
    const { status, text } = await send({});
    assert.deepEqual([status, JSON.parse(text).skew], [401, -86_400]);
  });
}

/**
 * What every adapter must do whose server hands on the target as it came: one in absolute form is for the host that it names, and
 * says nothing of how it came. `start` as above, with an answer to `forwarded`: does it take the word of a proxy?
 */
export function tellTargets(adapter, start) {
  const url = "https://hooks.example.com/hook?a=%2B";
  const evil = "https://evil.example/hook";
  const run = async (t, profile, options) => {
    const reports = [];
    const verifier = new Verifier({ ...verifierOptions({ profile, url }), nonces: undefined });
    const server = await start(verifier, (_event, { report }) => reports.push(report), { onRefused: (report) => reports.push(report) }, options);
    t.after(() => server.close());
    const send = async (call) => {
      const { status, text } = await server.send(call);
      const check = status === 401 ? JSON.parse(text).check : undefined;
      return [status, check, reports.at(-1)?.checks.find(({ name }) => name === "https").outcome];
    };
    return send;
  };
  const at = (call, host, ...more) => ({ ...call, headers: [["host", host], ...more, ...call.headers.filter(([name]) => name !== "host")] });

  for (const profile of ["cavage", "rfc9421"]) {
    test(`${adapter}: ${profile}: a target in absolute form is for the host that it names`, async (t) => {
      const send = await run(t, profile);
      const own = signedCall({ profile, url });
      assert.deepEqual(await send({ ...own, target: url }), [204, undefined, "skip"]);
      // The field Host is not looked at then (RFC 9112 §3.2.2).
      assert.deepEqual(await send({ ...at(own, "app:3000"), target: url }), [204, undefined, "skip"]);
      const others = signedCall({ profile, url: evil });
      assert.deepEqual(await send({ ...others, target: evil }), [401, "host", "skip"]);
      assert.deepEqual(await send({ ...at(others, "hooks.example.com"), target: evil }), [401, "host", "skip"]);
    });
  }

  test(`${adapter}: a target in absolute form is no proof of HTTPS`, async (t) => {
    for (const profile of PROFILES) {
      const send = await run(t, profile, { forwarded: true });
      const call = signedCall({ profile, url });
      const by = (proto) => ({ ...at(call, "hooks.example.com", ["x-forwarded-proto", proto]), target: url });
      assert.deepEqual(await send(by("http")), [401, "https", "fail"]);
      assert.deepEqual(await send(by("https")), [204, undefined, "pass"]);
    }
  });
}

/** Sends a call to a server on this machine, its fields exactly as they stand: `fetch` would put two of a name together. */
export function sendHttp(base, { method, url, target, headers, body, chunked = false }) {
  const { port, pathname, search } = new URL(url.replace(/^https?:\/\/[^/?#]*/, base));
  const fields = chunked ? headers.filter(([name]) => name !== "content-length") : headers;
  return new Promise((resolve, reject) => {
    const path = target ?? (url.replace(/^https?:\/\/[^/?#]*/, "") || pathname + search);
    // The connection of a call that may be answered before its end is nobody else's.
    const agent = chunked ? false : undefined;
    const call = request({ host: "127.0.0.1", port, method, path, headers: fields.flat(), setHost: false, agent }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => {
        const { statusCode: status, rawHeaders } = response;
        const pairs = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1]]] : []));
        resolve({ status, headers: new Headers(pairs), text: Buffer.concat(chunks).toString("utf8") });
      });
    });
    call.on("error", reject);
    if (chunked) {
      call.write(body.subarray(0, body.length >> 1));
      call.end(body.subarray(body.length >> 1));
    } else {
      call.end(body);
    }
  });
}

/** Lets a Node server listen on a free port. */
export async function listen(server) {
  await new Promise((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${server.address().port}`;
  const close = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections?.();
    });
  return { url: base, send: (call) => sendHttp(base, call), close };
}
