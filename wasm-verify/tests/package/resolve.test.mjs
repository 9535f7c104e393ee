// Look-ups of keys against servers on this machine.
import assert from "node:assert/strict";
import { createPublicKey } from "node:crypto";
import { test } from "node:test";

import { Verifier } from "seinpost-verify";
import { dnsOverHttps, jwks, publishedKeys, ResolveError } from "seinpost-verify/resolve";
import { signedCall, TEST_TIME, testRecord, verifierOptions } from "seinpost-verify/testing";

import { cname, nameBytes, otherRecord, readQuery, record, resolver, response, serve, txt } from "./resolvers.mjs";

const KEY = "test._domainkey.sign.example.com";
const [[RSA_RECORD]] = testRecord(KEY);
const LOCAL = { allowHttp: true };
const NAME = Buffer.from([0xc0, 12]);

function verifies(resolveKey, { keyId = KEY, ...options } = {}) {
  return new Verifier({ ...verifierOptions(), ...options, resolveKey }).verify(signedCall({ keyId }));
}

function reason(report) {
  return report.checks.find(({ name }) => name === "signature").reason;
}

/** A resolver that answers what `make` makes of the question. */
async function answering(t, make, type = "application/dns-message") {
  const origin = await serve(t, (request, reply) => {
    const { question } = readQuery(Buffer.from(new URL(request.url, "http://dns").searchParams.get("dns"), "base64url"));
    reply.writeHead(200, { "content-type": type }).end(make(question));
  });
  return dnsOverHttps(`${origin}/dns-query`, LOCAL);
}

test("DNS: a record in one piece or several, alone or among others, verifies", async (t) => {
  const pieces = RSA_RECORD.match(/[^]{1,100}/g);
  assert.ok(pieces.length > 2);
  for (const records of [[[RSA_RECORD]], [pieces], [["v=spf1 -all"], [RSA_RECORD]], [[otherRecord()], pieces]]) {
    const dns = await resolver(t, { [KEY]: records });
    assert.equal((await verifies(dnsOverHttps(dns.url, LOCAL))).ok, true);
    assert.deepEqual(dns.asked, [KEY]);
  }
});

test("DNS: strings keep their pieces, their bytes, and their being empty", async (t) => {
  const dns = await resolver(t, { "a.example.com": [["one", "", "three"], [Buffer.from([0xe9, 0]).toString("latin1")]] });
  const [first, second] = await dnsOverHttps(dns.url, LOCAL)("a.example.com");
  assert.deepEqual(first, ["one", "", "three"]);
  assert.deepEqual(second, ["\u00e9\0"]);
});

test("DNS: no such name, and a name without TXT records, is no key", async (t) => {
  const dns = await resolver(t, { "empty.example.com": [] });
  const resolveKey = dnsOverHttps(dns.url, LOCAL);
  assert.equal(await resolveKey("empty.example.com"), null);
  assert.equal(await resolveKey("none.example.com"), null);
  assert.match(reason(await verifies(resolveKey)), /no key|not found|there is no/i);
});

test("DNS: aliases are followed, and records of other names are not taken", async (t) => {
  const dns = await resolver(t, { [KEY]: "b.example.net", "b.example.net": "c.example.net", "c.example.net": [[RSA_RECORD]], "x.example.com": "gone.example.com" });
  assert.equal((await verifies(dnsOverHttps(dns.url, LOCAL))).ok, true);
  assert.equal(await dnsOverHttps(dns.url, LOCAL)("x.example.com"), null);
  const stray = await answering(t, (question) => response(question, [txt(nameBytes("other.example.com"), ["stray"]), txt(NAME, ["mine"])]));
  assert.deepEqual(await stray(KEY), [["mine"]]);
});

test("DNS: letters' case and a dot at the end make no other name", async (t) => {
  const upper = await answering(t, (question) => response(question, [txt(nameBytes("A.Example.COM"), ["found"])]));
  assert.deepEqual(await upper("a.example.com"), [["found"]]);
  assert.deepEqual(await upper("a.example.com."), [["found"]]);
});

test("DNS: the URL may be a template, and may have a query", async (t) => {
  const dns = await resolver(t, { [KEY]: [[RSA_RECORD]] });
  for (const url of [`${dns.url}{?dns}`, `${dns.url}?a=1`, `${dns.url}?a=1{&dns}`, new URL(dns.url)]) {
    assert.deepEqual((await dnsOverHttps(url, LOCAL)(KEY)).map((pieces) => pieces.join("")), [RSA_RECORD]);
  }
});

test("DNS: what cannot be a name is not asked for", async (t) => {
  const dns = await resolver(t, {});
  const resolveKey = dnsOverHttps(dns.url, LOCAL);
  for (const name of ["", ".", "a..b", "a b", "é.example.com", `${"a".repeat(64)}.com`, `${"a.".repeat(127)}a`, "a/../b", "a\0b"]) {
    assert.equal(await resolveKey(name), null, name);
  }
  assert.deepEqual(dns.asked, []);
});

test("DNS: failures of the resolver have their names", async (t) => {
  const dns = await resolver(t, {});
  for (const [rcode, name] of [[1, /FORMERR/], [2, /SERVFAIL/], [5, /REFUSED/], [9, /code 9/]]) {
    dns.rcode = rcode;
    await assert.rejects(dnsOverHttps(dns.url, LOCAL)(KEY), { name: "ResolveError", code: "dns-failure", message: name });
  }
});

test("DNS: an answer that is none is refused", async (t) => {
  const whole = (question) => response(question, [txt(NAME, ["abc"])]);
  const spoilt = {
    empty: () => Buffer.alloc(0),
    "a query": (question) => Buffer.concat([Buffer.from([0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]), question]),
    "another ID": (question) => response(question, [], { id: 7 }),
    "cut off by its flag": (question) => response(question, [], { flags: 0x0200 }),
    "another question": () => response(Buffer.concat([nameBytes("x.example.com"), Buffer.from([0, 16, 0, 1])]), []),
    "another type": (question) => response(Buffer.concat([question.subarray(0, -4), Buffer.from([0, 1, 0, 1])]), []),
    "a pointer to itself": (question) => response(question, [txt(Buffer.from([0xc0, 12 + question.length]), ["abc"])]),
    "a pointer forward": (question) => response(question, [txt(Buffer.from([0xc0, 255]), ["abc"])]),
    "an unknown label": (question) => response(question, [txt(Buffer.from([0x41, 0]), ["abc"])]),
    "a name that is too long": (question) => response(question, [txt(nameBytes("abcdefg.".repeat(40) + "a"), ["abc"])]),
    "a string over its end": (question) => response(question, [record(NAME, 16, Buffer.from([9, 97]))]),
    "fewer records than it says": (question) => {
      const message = whole(question);
      message.writeUInt16BE(2, 6);
      return message;
    },
    "aliases in a circle": (question) => response(question, [cname(NAME, NAME)]),
  };
  for (const [name, make] of Object.entries(spoilt)) {
    await assert.rejects((await answering(t, make))(KEY), { code: "malformed" }, name);
  }
  for (let length = 0; length < 60; length += 1) {
    await assert.rejects((await answering(t, (question) => whole(question).subarray(0, length)))(KEY), { code: "malformed" }, `${length} bytes`);
  }
});

test("DNS: a name has no more pointers than labels would fit into it", async (t) => {
  // Pointers to one another, in a record that nobody asked for, and one to the last of them.
  const chained = (count) => async (question) => {
    const first = 12 + question.length + 2 + 10;
    const pointers = Buffer.alloc(2 * count);
    for (let index = 0; index < count; index += 1) pointers.writeUInt16BE(0xc000 | (index === 0 ? 12 : first + 2 * (index - 1)), 2 * index);
    const last = Buffer.alloc(2);
    last.writeUInt16BE(0xc000 | (first + 2 * (count - 1)));
    return response(question, [record(NAME, 10, pointers), txt(last, ["found"])]);
  };
  const answer = async (count) => {
    const make = chained(count);
    const { question } = readQuery(Buffer.from([0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...nameBytes(KEY), 0, 16, 0, 1]));
    const message = await make(question);
    return (await answering(t, () => message))(KEY);
  };
  assert.deepEqual(await answer(126), [["found"]]);
  for (const count of [127, 4000]) await assert.rejects(answer(count), { code: "malformed", message: /too many pointers/ });
});

test("DNS: an answer of another type is refused", async (t) => {
  await assert.rejects((await answering(t, () => "{}", "application/dns-json"))(KEY), { code: "wrong-type", message: /application\/dns-json/ });
});

test("every look-up is bounded in size, before all of it came", async (t) => {
  let sent = 0;
  const origin = await serve(t, (request, reply) => {
    reply.writeHead(200, { "content-type": request.headers.accept.split(",")[0] });
    const more = () => {
      while (!reply.destroyed && reply.write(Buffer.alloc(65_536, 32))) sent += 65_536;
    };
    reply.on("drain", more);
    more();
  });
  for (const resolveKey of [dnsOverHttps(origin, LOCAL), jwks(origin, LOCAL), publishedKeys(origin, LOCAL)]) {
    sent = 0;
    await assert.rejects(resolveKey(KEY), { code: "too-large" });
    assert.ok(sent < 32 * 1_048_576);
  }
});

test("every look-up is bounded in time, to its last byte", async (t) => {
  for (const head of [false, true]) {
    const origin = await serve(t, (request, reply) => {
      if (head) reply.writeHead(200, { "content-type": request.headers.accept.split(",")[0] }).write("{");
    });
    for (const make of [dnsOverHttps, jwks, publishedKeys]) {
      await assert.rejects(make(origin, { ...LOCAL, timeout: 50 })(KEY), { code: "timeout", message: /within 50 ms/ });
    }
  }
});

test("every look-up says what else went wrong", async (t) => {
  const statuses = await serve(t, (request, reply) => reply.writeHead(request.url.includes("302") ? 302 : 500, { location: "/elsewhere" }).end());
  for (const make of [dnsOverHttps, jwks, publishedKeys]) {
    await assert.rejects(make(`${statuses}/302`, LOCAL)(KEY), { code: "redirected" });
    await assert.rejects(make(`${statuses}/500`, LOCAL)(KEY), { code: "http-status", message: /answered 500/ });
    await assert.rejects(make("http://127.0.0.1:1", LOCAL)(KEY), (error) => error instanceof ResolveError && error.code === "unreachable");
    for (const url of ["http://example.com", "file:///etc/passwd", "example.com", "https://a:b@example.com", 7, undefined]) {
      assert.throws(() => make(url), { code: "invalid-options" }, String(url));
    }
    for (const options of [{ timeout: 0 }, { timeout: "5" }, { fetch: 7 }]) assert.throws(() => make("https://example.com", options), { code: "invalid-options" });
  }
});

test("every look-up goes through the fetch that is given", async () => {
  const asked = [];
  const fetch = async (url, { headers, redirect, signal }) => {
    assert.ok(signal instanceof AbortSignal && redirect === "manual" && headers.accept !== "");
    asked.push(url);
    return new Response("", { status: 500 });
  };
  for (const make of [dnsOverHttps, jwks, publishedKeys]) await assert.rejects(make("https://example.com/x", { fetch })("k"), { code: "http-status" });
  assert.deepEqual(asked.map((url) => url.split("?")[0]), ["https://example.com/x", "https://example.com/x", "https://example.com/x/v1/keys/k"]);
});

function jwkOf(dkim, more) {
  const der = Buffer.from(/p=([^;]+)/.exec(dkim)[1], "base64");
  return { ...createPublicKey({ key: der, format: "der", type: "spki" }).export({ format: "jwk" }), ...more };
}

/** A server of a JWK set: `{url, set, asked}`. */
async function setServer(t, keys) {
  const server = { keys, asked: 0 };
  server.url = await serve(t, (request, reply) => {
    server.asked += 1;
    reply.writeHead(server.status ?? 200, { "content-type": "application/jwk-set+json" }).end(server.text ?? JSON.stringify({ keys: server.keys }));
  });
  return server;
}

test("JWK sets: the keys of that name verify, and no other", async (t) => {
  const [right, wrong] = [RSA_RECORD, otherRecord()];
  const accepted = [
    [jwkOf(right, { kid: KEY })],
    [jwkOf(wrong, { kid: "another" }), jwkOf(right, { kid: KEY, use: "sig" })],
    [jwkOf(wrong, { kid: KEY }), jwkOf(right, { kid: KEY })],
    [null, 7, { kty: "new", kid: "x" }, jwkOf(right, { kid: KEY })],
  ];
  for (const keys of accepted) assert.equal((await verifies(jwks((await setServer(t, keys)).url, LOCAL))).ok, true);
  for (const keys of [[], [jwkOf(right)], [jwkOf(right, { kid: "another" })], [jwkOf(right, { kid: KEY, use: "enc" })], [jwkOf(wrong, { kid: KEY })]]) {
    assert.equal((await verifies(jwks((await setServer(t, keys)).url, LOCAL))).ok, false);
  }
});

test("JWK sets: names of any form, with keyDomain any", async (t) => {
  const { url } = await setServer(t, [jwkOf(RSA_RECORD, { kid: "2026-01" })]);
  assert.equal((await verifies(jwks(url, LOCAL), { keyId: "2026-01", keyDomain: "any" })).ok, true);
});

test("JWK sets: what is none is refused with its reason", async (t) => {
  const server = await setServer(t, []);
  for (const text of ["", "<html>", "[]", "null", '{"keys":{}}', "{}"]) {
    server.text = text;
    await assert.rejects(jwks(server.url, LOCAL)(KEY), { code: "malformed" }, text);
  }
  server.status = 404;
  await assert.rejects(jwks(server.url, LOCAL)(KEY), { code: "http-status" });
  for (const cooldown of [-1, "x", Number.NaN]) assert.throws(() => jwks("https://example.com", { cooldown }), { code: "invalid-options" });
});

test("JWK sets: one request serves every name until the cool-down is over; a failure is kept for 5 s", async (t) => {
  const server = await setServer(t, [jwkOf(RSA_RECORD, { kid: "a" })]);
  let now = TEST_TIME;
  const resolveKey = jwks(server.url, { ...LOCAL, cooldown: 10, now: () => now });
  const found = await Promise.all(["a", "b", "c"].map(resolveKey));
  assert.deepEqual(found.map((set) => set?.keys.length ?? 0), [1, 0, 0]);
  now += 9_999;
  assert.equal(await resolveKey("d"), null);
  assert.equal(server.asked, 1);
  now += 1;
  server.status = 500;
  await assert.rejects(resolveKey("a"), { code: "http-status" });
  server.status = 200;
  server.keys = [jwkOf(RSA_RECORD, { kid: "d" })];
  now += 4_999;
  for (let index = 0; index < 50; index += 1) await assert.rejects(resolveKey(`made-up-${index}`), { code: "http-status" });
  assert.equal(server.asked, 2);
  now += 1;
  assert.equal((await resolveKey("d")).keys.length, 1);
  assert.equal(server.asked, 3);
  // Who asks for no cool-down gets none.
  const eager = jwks(server.url, { ...LOCAL, cooldown: 0, now: () => now });
  server.status = 500;
  for (let count = 0; count < 2; count += 1) await assert.rejects(eager("a"), { code: "http-status" });
  assert.equal(server.asked, 5);
});

test("published keys: the record of a name, or none", async (t) => {
  const asked = [];
  const origin = await serve(t, (request, reply) => {
    asked.push(request.url);
    if (!request.url.endsWith(`/v1/keys/${KEY}`)) return reply.writeHead(404, { "content-type": "application/problem+json" }).end("{}");
    return reply.writeHead(200, { "content-type": "text/plain; charset=utf-8" }).end(RSA_RECORD);
  });
  for (const base of [origin, `${origin}/`, `${origin}/seinpost/`]) assert.equal((await verifies(publishedKeys(base, LOCAL))).ok, true);
  assert.deepEqual(asked, [`/v1/keys/${KEY}`, `/v1/keys/${KEY}`, `/seinpost/v1/keys/${KEY}`]);
  assert.equal(await publishedKeys(origin, LOCAL)("other._domainkey.sign.example.com"), null);
  // A name with the dot of the root after it is the same one.
  assert.notEqual(await publishedKeys(origin, LOCAL)("test._domainkey.sign.example.com."), null);
  for (const name of ["..", "../session", "", "a/b"]) assert.equal(await publishedKeys(origin, LOCAL)(name), null);
  assert.equal(asked.length, 5);
  assert.throws(() => publishedKeys("https://example.com/?a"), { code: "invalid-options" });
});

test("published keys: a page that is no record is refused", async (t) => {
  const origin = await serve(t, (request, reply) => reply.writeHead(200, { "content-type": "text/html" }).end("<html>"));
  const report = await verifies(publishedKeys(origin, LOCAL));
  assert.equal(report.ok, false);
  assert.match(reason(report), /text\/html/);
});
