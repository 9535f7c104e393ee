// A refused call is explained: by its body, by its target, and by neither.
import assert from "node:assert/strict";
import { createHash, createHmac, generateKeyPairSync, sign } from "node:crypto";
import { test } from "node:test";

import { Verifier } from "seinpost-verify";
import { Verifier as PureVerifier } from "seinpost-verify/pure";
import { signedCall, testRecord, verifierOptions } from "seinpost-verify/testing";

const url = "https://receiver.example.com/hook?a=1&b=2";
const make = (profile, options = {}, Kind = Verifier) => new Kind({ ...verifierOptions({ url, profile }), explain: true, ...options });
const text = (call) => new TextDecoder().decode(call.body);

/** The codes of the causes, found at once and later alike; the call is refused however well it is explained. */
async function causes(profile, change, options) {
  const call = signedCall({ url, profile });
  const changed = { ...call, ...change(call), headers: [...call.headers].filter(([name]) => name.toLowerCase() !== "content-length") };
  const report = await make(profile, options).verify(changed);
  assert.equal(report.ok, false);
  assert.deepEqual(make(profile, options).verifySync(changed).causes, report.causes);
  return report.causes.map(({ code }) => code);
}

for (const profile of ["cavage", "rfc9421", "standard"]) {
  test(`${profile}: what was done to the body is named`, async () => {
    assert.deepEqual(await causes(profile, (call) => ({ body: `${text(call)}\n` })), ["line-end-added"]);
    assert.deepEqual(await causes(profile, (call) => ({ body: btoa(text(call)) })), ["base64"]);
    assert.deepEqual(await causes(profile, (call) => ({ body: JSON.stringify(JSON.parse(text(call)), null, 2) })), ["json-rewritten"]);
    assert.deepEqual(await causes(profile, () => ({ body: "{}" })), []);
  });
}

test("standard, signed with a public key alone: what was done to the body is named, by whichever key signed", async () => {
  const [own, other] = [0, 1].map(() => generateKeyPairSync("ed25519"));
  const now = 1_700_000_000_000;
  const body = '{"id":"1","type":"open","url":"http:\\/\\/h\\/\u00e9"}';
  const secret = Buffer.alloc(32, 7);
  const keys = [other, own].map(({ publicKey }) => publicKey.export({ format: "jwk" }));
  const signed = (privateKey, more = []) => ({
    url: "/hook",
    headers: {
      "webhook-id": "msg_1",
      "webhook-timestamp": String(now / 1000),
      "webhook-signature": [`v1a,${sign(null, `msg_1.${now / 1000}.${body}`, privateKey).toString("base64")}`, ...more].join(" "),
    },
    body,
  });
  const changes = {
    "line-end-added": `${body}\n`,
    "bom-added": `\ufeff${body}`,
    "base64": Buffer.from(body).toString("base64"),
    "json-rewritten": JSON.stringify(JSON.parse(body), null, 2),
    "nothing": "{}",
  };
  for (const Kind of [Verifier, PureVerifier]) {
    const verifier = new Kind({ profile: "standard", keys, secret, now, explain: true });
    assert.equal(verifier.verifySync(signed(own.privateKey)).ok, true);
    for (const [code, arrived] of Object.entries(changes)) {
      const call = { ...signed(own.privateKey), body: arrived };
      const report = await verifier.verify(call);
      assert.equal(report.ok, false, code);
      assert.deepEqual(report.causes.map((cause) => cause.code), code === "nothing" ? [] : [code]);
      assert.deepEqual(verifier.verifySync(call).causes, report.causes);
      for (const cause of report.causes) assert.deepEqual(Object.keys(cause), ["code", "text", "cure"]);
    }
    // Of two signatures, the secret's is enough to tell.
    const mac = createHmac("sha256", secret).update(`msg_1.${now / 1000}.${body}`).digest("base64");
    const both = { ...signed(generateKeyPairSync("ed25519").privateKey, [`v1,${mac}`]), body: `${body}\n` };
    assert.deepEqual((await verifier.verify(both)).causes.map(({ code }) => code), ["line-end-added"]);
    // A key that is not the receiver's explains nothing, however the body is turned.
    const strange = { ...signed(generateKeyPairSync("ed25519").privateKey), body: `${body}\n` };
    assert.deepEqual((await verifier.verify(strange)).causes, []);
  }
});

for (const profile of ["cavage", "rfc9421"]) {
  test(`${profile}: what a proxy did to the target is named`, async () => {
    const at = (path) => () => ({ url: `https://receiver.example.com${path}` });
    assert.deepEqual(await causes(profile, at("/api/hook?a=1&b=2")), ["path-prefix"]);
    assert.deepEqual(await causes(profile, at("/hook?b=2&a=1")), ["query-order"]);
    assert.deepEqual(await causes(profile, at("/hook/?a=1&b=2")), ["trailing-slash"]);
    assert.deepEqual(await causes(profile, at("/elsewhere")), []);
  });
}

test("a router of Express, or a proxy's location, that took the whole path off is named", async () => {
  const home = "https://hooks.example.com";
  const verifier = new Verifier({ ...verifierOptions({ url: home }), explain: true });
  const named = async (path, arrived, more = []) => {
    const call = signedCall({ url: `${home}${path}` });
    const { ok, causes } = await verifier.verify({ ...call, url: arrived, headers: [...call.headers, ...more] });
    assert.equal(ok, false);
    return causes.map(({ code, text, cure }) => [code, text, /request\.originalUrl/.test(cure)]);
  };
  const cut = (path) => [["path-stripped", `the path was cut short on its way; what was signed is "${path}"`, true]];
  assert.deepEqual(await named("/webhook", "/"), cut("/webhook"));
  assert.deepEqual(await named("/webhook?x=1", "/?x=1"), cut("/webhook"));
  assert.deepEqual(await named("/webhook/", "/"), cut("/webhook/"));
  assert.deepEqual(await named("/of/mine?x=1", "/?x=1", [["X-Forwarded-Prefix", "/of/mine"]]), cut("/of/mine"));
  assert.deepEqual(await named("/of/mine", "/"), []);
});

test("a form that was read and written again is named, however it was", async () => {
  const writers = {
    URLSearchParams: (body) => new URLSearchParams(body).toString(),
    encodeURIComponent: (body) => [...new URLSearchParams(body)].map((pair) => pair.map(encodeURIComponent).join("=")).join("&"),
    // As qs does, which counts the items of a list.
    counted: (body) => {
      let count = 0;
      const pairs = [...new URLSearchParams(body)].map(([name, value]) => [name.replace("[]", () => `[${count++}]`), value]);
      return pairs.map((pair) => pair.map(encodeURIComponent).join("=").replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`)).join("&");
    },
  };
  for (const type of ["click", "open", "profile"]) {
    const call = signedCall({ url, type, format: "form" });
    const headers = [...call.headers].filter(([name]) => name.toLowerCase() !== "content-length");
    for (const [writer, write] of Object.entries(writers)) {
      const body = write(text(call));
      if (body === text(call)) continue;
      const { ok, causes } = await make("cavage").verify({ ...call, headers, body });
      assert.deepEqual([ok, ...causes.map(({ code }) => code)], [false, "form-rewritten"], `${type} by ${writer}`);
    }
    const counted = writers.counted(text(call));
    assert.notEqual(counted, text(call));
    assert.deepEqual((await make("cavage").verify({ ...call, headers, body: counted.replace("reader", "writer") })).causes, []);
  }
});

test("a clock in another zone is named by as much beside it as the profile allows", async () => {
  const now = 1_700_000_000_000;
  const codes = async (profile, seconds) => {
    const verifier = make(profile, { now: now + seconds * 1000 });
    return (await verifier.verify(signedCall({ url, profile, now }))).causes.map(({ code }) => code);
  };
  assert.deepEqual(await codes("standard", 3690), ["clock-zone"]);
  assert.deepEqual(await codes("cavage", 3690), []);
  assert.deepEqual(await codes("cavage", 5.75 * 3600), ["clock-zone"]);
  assert.deepEqual(await codes("cavage", 5.25 * 3600), []);
});

test("a verified call, and one that nobody asked about, have no causes", async () => {
  const call = signedCall({ url });
  assert.deepEqual((await make("cavage").verify(call)).causes, []);
  const report = await make("cavage", { explain: false }).verify({ ...call, body: `${text(call)}\n` });
  assert.deepEqual([report.ok, report.causes], [false, []]);
});

test("causes come in Dutch, too", async () => {
  const call = signedCall({ url });
  const headers = [...call.headers].filter(([name]) => name.toLowerCase() !== "content-length");
  const report = await make("cavage", { language: "nl" }).verify({ ...call, headers, body: `${text(call)}\n` });
  assert.match(report.causes[0].text, /achter de body gezet/);
});

test("a failed check has its next step, in the asked language, at once and later alike", async () => {
  const call = { ...signedCall({ url }), body: "{}" };
  for (const [language, next] of [["en", /^Give verify the body's bytes as they came/], ["nl", /^Geef verify de bytes van de body/]]) {
    const verifier = make("cavage", { language });
    const report = await verifier.verify(call);
    const digest = report.failed.find(({ name }) => name === "digest");
    assert.match(digest.next, next);
    assert.ok(report.checks.every((check) => (check.outcome === "fail") === (typeof check.next === "string")));
    assert.ok(String(report).includes(`\n      → ${digest.next}\n`));
    assert.deepEqual(verifier.verifySync(call).checks, report.checks);
  }
});

test("reports are in Dutch without explain, of calls that verify, too", async () => {
  const verifier = make("cavage", { explain: false, language: "nl" });
  const call = signedCall({ url });
  const good = await verifier.verify(call);
  assert.equal(good.ok, true);
  const english = (await make("cavage").verify(call)).checks;
  for (const [index, { reason }] of good.checks.entries()) assert.notEqual(reason, english[index].reason);
  assert.equal(good.checks.find(({ name }) => name === "signature").reason, "de handtekening klopt (rsa-sha256)");
  const bad = await verifier.verify({ ...call, body: "{}" });
  assert.match(bad.failed[0].next, /^Geef verify/);
  assert.deepEqual(bad.causes, [], "nobody asked for a search");
});

test("in Node every report has next steps, without explain, too", async () => {
  const report = await make("cavage", { explain: false }).verify({ ...signedCall({ url }), body: "{}" });
  assert.ok(report.failed.length > 0);
  assert.ok(report.failed.every((check) => check.next.endsWith(".")));
});

test("an environment that is not configured is named, and its cure", async () => {
  const call = signedCall({ url });
  const { environment } = verifierOptions({ url });
  for (const profile of ["cavage", "rfc9421"]) {
    const { ok, causes } = await make(profile, { environment: [7, 8] }).verify(signedCall({ url, profile }));
    assert.equal(ok, false);
    assert.deepEqual(causes.map(({ code }) => code), ["environment-unknown"]);
    assert.match(causes[0].text, new RegExp(`environment ${environment}\\b.* 7, 8$`));
    assert.match(causes[0].cure, /give a list/);
  }
  // Rewritten on its way to one that is not configured: what was signed is what matters.
  const headers = [...call.headers].map(([name, value]) => [name, name.toLowerCase() === "x-copernica-id" ? "environment_5678" : value]);
  assert.deepEqual((await make("cavage").verify({ ...call, headers })).causes.map(({ code }) => code), ["environment"]);
});

test("a path that a gateway cut short, and another of the environments, are named", async () => {
  const at = async (from, to) => {
    const call = signedCall({ url: `https://receiver.example.com${from}` });
    return (await make("cavage").verify({ ...call, url: to })).causes.map(({ code }) => code);
  };
  assert.deepEqual(await at("/prod/hook", "/hook"), ["path-stripped"]);
  assert.deepEqual(await at("/nobody/guesses/this", "/this"), []);
  const call = signedCall({ url });
  const headers = [...call.headers].map(([name, value]) => [name, name.toLowerCase() === "x-copernica-id" ? "environment_5678" : value]);
  const { causes } = await make("cavage", { environment: [5678, verifierOptions({ url }).environment] }).verify({ ...call, headers });
  assert.deepEqual(causes.map(({ code }) => code), ["environment"]);
});

test("a call that was signed with another of the keys at hand names that key", async () => {
  const call = signedCall({ url });
  const options = verifierOptions({ url });
  const { resolveKey: _, keys: __, ...others } = options;
  const named = /keyId="([^"]+)"/.exec([...call.headers].find(([name]) => name.toLowerCase() === "signature")[1])[1];
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const keys = { [named]: publicKey.export({ type: "spki", format: "pem" }), spare: testRecord(named).flat()[0] };
  const verifier = new Verifier({ ...others, explain: true, keys });
  const { ok, causes } = await verifier.verify(call);
  assert.equal(ok, false);
  assert.deepEqual(causes.map(({ code }) => code), ["key"]);
  assert.match(causes[0].text, /"spare"/);
  assert.deepEqual(verifier.verifySync(call).causes, causes);
});

test("another of the keys is tried whatever was wrong with the one that the call names", async () => {
  for (const profile of ["cavage", "rfc9421"]) {
    const { resolveKey: _, keys: __, ...others } = verifierOptions({ url, profile });
    const call = signedCall({ url, profile });
    const field = profile === "cavage" ? "signature" : "signature-input";
    const named = /keyid="([^"]+)"/i.exec([...call.headers].find(([name]) => name.toLowerCase() === field)[1])[1];
    const spare = testRecord(named);
    const { publicKey } = generateKeyPairSync("ed25519");
    const ed25519 = `v=DKIM1;k=ed25519;p=${publicKey.export({ type: "spki", format: "der" }).subarray(-32).toString("base64")}`;
    const wrongs = {
      "its name is not trusted": { keyDomain: "elsewhere.example" },
      "there is no key of that name": { resolveKey: () => null },
      "its key was revoked": { keys: { [named]: "v=DKIM1;p=" } },
      "its key is of another kind": { keys: { [named]: ed25519 } },
      "the look-up failed": { resolveKey: () => { throw new Error("down"); } },
    };
    for (const [what, wrong] of Object.entries(wrongs)) {
      const verifier = new Verifier({ ...others, explain: true, ...wrong, keys: { ...wrong.keys, spare } });
      const { ok, causes } = await verifier.verify(call);
      assert.equal(ok, false, what);
      assert.deepEqual(causes.map(({ code }) => code), ["key"], `${profile}: ${what}`);
      assert.match(causes[0].text, /"spare"/);
      assert.deepEqual(verifier.verifySync(call).causes, causes, what);
    }
  }
});

test("keys that were given without names are tried, too, and the cure is to name them", async () => {
  for (const profile of ["cavage", "rfc9421"]) {
    const { resolveKey: _, keys: __, ...others } = verifierOptions({ url, profile });
    const call = signedCall({ url, profile });
    const field = profile === "cavage" ? "signature" : "signature-input";
    const named = /keyid="([^"]+)"/i.exec([...call.headers].find(([name]) => name.toLowerCase() === field)[1])[1];
    const [kind, right] = profile === "cavage" ? ["rsa", testRecord(named).flat()[0]] : ["ed25519", testRecord(named).flat()[1]];
    const pem = () => generateKeyPairSync(kind, { modulusLength: 2048 }).publicKey.export({ type: "spki", format: "pem" });
    const wrongs = {
      "the key of that name is another": () => pem(),
      "there is no key of that name": () => null,
    };
    for (const [what, resolveKey] of Object.entries(wrongs)) {
      const verifier = new Verifier({ ...others, explain: true, resolveKey, keys: [pem(), right] });
      const { ok, causes } = await verifier.verify(call);
      assert.equal(ok, false, what);
      assert.deepEqual(causes.map(({ code }) => code), ["key"], `${profile}: ${what}`);
      assert.match(causes[0].text, /keys\[1\]/);
      assert.match(causes[0].cure, /keys: \{ \[keyId\]: key \}/);
      assert.deepEqual(verifier.verifySync(call).causes, causes, what);
    }
    // A place in the list is no name: a call cannot ask for it.
    const asked = { ...call, headers: [...call.headers].map(([name, value]) => [name, value.replace(named, "1")]) };
    const { ok, failed } = await new Verifier({ ...others, resolveKey: () => null, keyDomain: "any", keys: [pem(), right] }).verify(asked);
    assert.equal(ok, false);
    assert.match(failed.find(({ name }) => name === "signature").reason, /no key|not found/i);
  }
});

test("rfc9421: another scheme, and a default port, are named", async () => {
  const scheme = await causes("rfc9421", () => ({ url: "http://receiver.example.com/hook?a=1&b=2" }), { allowHttp: true });
  assert.deepEqual(scheme, ["scheme"]);
  for (const profile of ["cavage", "rfc9421"]) {
    const change = (call) => ({
      url: "https://receiver.example.com:443/hook?a=1&b=2",
      headers: [...call.headers].map(([name, value]) => [name, name.toLowerCase() === "host" ? "receiver.example.com:443" : value]),
    });
    const call = signedCall({ url, profile });
    const report = await make(profile, { host: "receiver.example.com:443" }).verify({ ...call, ...change(call) });
    assert.equal(report.ok, false);
    assert.deepEqual(report.causes.map(({ code }) => code), ["host"], profile);
  }
});

test("a clock that is off by whole hours is named, whatever the profile", async () => {
  for (const profile of ["cavage", "rfc9421", "standard"]) {
    const { now, ...others } = verifierOptions({ url, profile });
    const report = await new Verifier({ ...others, explain: true, now: now + 2 * 3600_000 }).verify(signedCall({ url, profile }));
    assert.deepEqual(report.causes.map(({ code }) => code), ["clock-zone"], profile);
    assert.match(report.causes[0].text, /\b2:00 hours\b|\b2 hours\b/);
  }
});

for (const [name, Kind] of Object.entries({ node: Verifier, pure: PureVerifier })) {
  test(`${name}, rfc9421: a body is found by a SHA-512 alone`, async () => {
    const { headers, ...call } = signedCall({ url, profile: "rfc9421" });
    const claimed = createHash("sha512").update(call.body).digest("base64");
    const others = headers.filter(([field]) => field !== "content-digest" && field !== "content-length");
    const arrived = { ...call, headers: [...others, ["content-digest", `sha-512=:${claimed}:`]], body: Buffer.concat([call.body, Buffer.from("\n")]) };
    const report = await make("rfc9421", {}, Kind).verify(arrived);
    assert.deepEqual(report.causes.map(({ code }) => code), ["line-end-added"]);
  });

  test(`${name}, rfc9421: of several signatures the one that is judged is explained`, async () => {
    const { headers, ...call } = signedCall({ url, profile: "rfc9421" });
    const before = { "signature-input": 'gw=("@method");created=1;keyid="gw.example.net", ', signature: `gw=:${Buffer.alloc(64).toString("base64")}:, ` };
    const both = headers.map(([field, value]) => [field, (before[field] ?? "") + value]);
    assert.equal((await make("rfc9421", {}, Kind).verify({ ...call, headers: both })).ok, true);
    const report = await make("rfc9421", {}, Kind).verify({ ...call, url: url.replace("/hook", "/api/hook"), headers: both });
    assert.deepEqual(report.causes.map(({ code }) => code), ["path-prefix"]);
  });
}
