// A refused call is explained: by its body, by its target, and by neither.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Verifier } from "seinpost-verify";
import { signedCall, verifierOptions } from "seinpost-verify/testing";

const url = "https://receiver.example.com/hook?a=1&b=2";
const make = (profile, options = {}) => new Verifier({ ...verifierOptions({ url, profile }), explain: true, ...options });
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

for (const profile of ["cavage", "rfc9421"]) {
  test(`${profile}: what a proxy did to the target is named`, async () => {
    const at = (path) => () => ({ url: `https://receiver.example.com${path}` });
    assert.deepEqual(await causes(profile, at("/api/hook?a=1&b=2")), ["path-prefix"]);
    assert.deepEqual(await causes(profile, at("/hook?b=2&a=1")), ["query-order"]);
    assert.deepEqual(await causes(profile, at("/hook/?a=1&b=2")), ["trailing-slash"]);
    assert.deepEqual(await causes(profile, at("/elsewhere")), []);
  });
}

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
