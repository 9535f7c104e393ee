// What callers and strangers get wrong at the package's door: forms of headers and bodies, and claims in headers.
import assert from "node:assert/strict";
import { createHash, createHmac, createPublicKey, randomBytes } from "node:crypto";
import { test } from "node:test";

import { VerificationError, Verifier, decode } from "seinpost-verify";
import { Verifier as PureVerifier } from "seinpost-verify/pure";
import { signedCall, testRecord, verifierOptions } from "seinpost-verify/testing";

const url = "https://receiver.example.com/hook?a=%2f&b=1+2";
const PROFILES = ["cavage", "standard", "rfc9421"];
/** A verifier that keeps no nonces, since each call is shown to it in many forms. */
function verifierOf(profile, options) {
  const { nonces: _, ...others } = verifierOptions({ url, profile });
  return new Verifier({ ...others, ...options });
}
const hashOf = (name, body) => createHash(name).update(body).digest("base64");
const failed = (report) => report.failed.map(({ name }) => name);

for (const profile of PROFILES) {
  test(`${profile}: headers are taken in every form that runtimes have them in`, async () => {
    const verifier = verifierOf(profile);
    const { headers, ...call } = signedCall({ url, profile });
    const pairs = [...headers];
    const upper = pairs.map(([name, value]) => [name.toUpperCase(), value]);
    const forms = {
      "a Headers, which has no own keys": new Headers(pairs),
      "pairs": pairs,
      "a Map": new Map(pairs),
      "an object": Object.fromEntries(pairs),
      "an object without a prototype": Object.assign(Object.create(null), Object.fromEntries(pairs)),
      "an object of lists": Object.fromEntries(pairs.map(([name, value]) => [name, [value]])),
      "Node's rawHeaders": pairs.flat(),
      "names in capitals": Object.fromEntries(upper),
    };
    for (const [what, form] of Object.entries(forms)) {
      assert.ok((await verifier.verify({ ...call, headers: form })).ok, what);
      assert.ok(verifier.verifySync({ ...call, headers: form }).ok, what);
    }
  });

  test(`${profile}: bodies are taken in every form that runtimes have them in, and need not be UTF-8`, async () => {
    const verifier = verifierOf(profile);
    const call = signedCall({ url, profile });
    const bytes = Uint8Array.from(call.body);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    const forms = {
      "a Uint8Array, which is not a Buffer": bytes,
      "a Buffer": Buffer.from(bytes),
      "a view that does not begin where its buffer does": shifted.subarray(3),
      "an ArrayBuffer": bytes.buffer,
      "a DataView": new DataView(shifted.buffer, 3),
      "text": new TextDecoder().decode(bytes),
    };
    for (const [what, body] of Object.entries(forms)) assert.ok((await verifier.verify({ ...call, body })).ok, what);
    for (const body of [{}, [1, 2], 7, JSON.parse(forms.text)]) {
      assert.throws(() => verifier.verifySync({ ...call, body }), { name: "VerificationError", code: "invalid-body" });
    }
    assert.throws(() => verifier.verifySync({ ...call, body: "{\ud800}" }), { name: "VerificationError", code: "lone-surrogate" });
  });

  test(`${profile}: a header field that stands twice is refused, whichever form it has`, async () => {
    const verifier = verifierOf(profile);
    const { headers, ...call } = signedCall({ url, profile });
    const names = { cavage: ["Signature", "Digest", "Date", "X-Copernica-ID"], rfc9421: ["Signature", "Signature-Input", "Content-Digest"], standard: ["webhook-id", "webhook-timestamp", "webhook-signature"] };
    for (const name of names[profile]) {
      const value = new Headers([...headers]).get(name);
      const twice = [...headers, [name.toUpperCase(), value]];
      for (const form of [twice, twice.flat(), { ...Object.fromEntries(headers), [name.toUpperCase()]: value, [name.toLowerCase()]: value }]) {
        assert.equal((await verifier.verify({ ...call, headers: form })).ok, false, name);
      }
    }
  });
}

test("a body that is not UTF-8 verifies; decoding it names the place", async () => {
  const secret = randomBytes(32);
  const now = 1_700_000_000_000;
  const body = Buffer.from([...Buffer.from('{"type":"open","id":"'), 0xff, ...Buffer.from('"}')]);
  const mac = createHmac("sha256", secret).update(`msg_1.${now / 1000}.`).update(body).digest("base64");
  const headers = { "webhook-id": "msg_1", "webhook-timestamp": String(now / 1000), "webhook-signature": `v1,${mac}`, "content-type": "application/json" };
  const report = await new Verifier({ profile: "standard", secret, now }).verify({ url, headers, body });
  assert.ok(report.ok);
  assert.throws(() => report.event, { name: "DecodeError", code: "invalid-utf8", offset: 21 });
  assert.throws(() => decode("{\udfff}", "application/json"), { name: "DecodeError", code: "lone-surrogate" });
});

for (const profile of PROFILES) {
  test(`${profile}: a byte order mark is verified with the body, and decoded without`, async () => {
    const body = Buffer.from("\ufeff{\"type\":\"later\",\"n\":12345678901234567890}");
    const { headers, ...call } = signedCall({ url, profile, body });
    const report = await verifierOf(profile).verify({ ...call, headers });
    assert.deepEqual(failed(report), []);
    assert.deepEqual(report.event, { type: "unknown", name: "later", variables: { type: "later", n: "12345678901234567890" } });
    assert.match(report.eventNotes[0], /byte order mark/);
    // Whoever loses it on the way loses the signature.
    assert.equal((await verifierOf(profile).verify({ ...call, headers, body: body.subarray(3) })).ok, false);
  });
}

test("a Signature field as SMTPeter documents it (capitals, folding, no comma before signature=) verifies, with notes", async () => {
  const { headers, ...call } = signedCall({ url });
  const field = headers.find(([name]) => name === "signature")[1];
  const [, list] = /headers="([^"]*)"/.exec(field);
  const [, signature] = /signature="([^"]*)"/.exec(field);
  const capitals = list.replace(/\b[a-z]/g, (letter) => letter.toUpperCase()).replace("(Request-Target)", "(request-target)");
  const documented = field
    .replace(list, capitals)
    .replace(/,signature="[^"]*"/, `\r\n signature="${signature.slice(0, 60)}\r\n ${signature.slice(60)}"`);
  assert.notEqual(capitals, list);
  const report = await verifierOf("cavage").verify({ ...call, headers: headers.map(([name, value]) => [name, name === "signature" ? documented : value]) });
  assert.deepEqual(failed(report), []);
  for (const note of [/capital/, /fold|white space/, /comma/]) assert.ok(report.notes.some((each) => note.test(each)), `${note}: ${report.notes}`);
});

for (const [kind, Kind] of Object.entries({ node: Verifier, pure: PureVerifier })) {
  test(`${kind}: the digests of the profile's own field are computed, whatever other field is there`, async () => {
    const others = {
      cavage: (body) => ["Content-Digest", `sha-512=:${hashOf("sha512", body)}:`],
      rfc9421: (body) => ["Digest", `SHA-256=${hashOf("sha256", body)}`],
    };
    for (const [profile, other] of Object.entries(others)) {
      const { nonces: _, ...options } = verifierOptions({ url, profile });
      const verifier = new Kind(options);
      const call = signedCall({ url, profile });
      const more = profile === "cavage" ? [] : [["content-digest", `sha-512=:${hashOf("sha512", call.body)}:`]];
      const kept = profile === "cavage" ? call.headers : call.headers.filter(([name]) => name !== "content-digest");
      const both = { ...call, headers: [other(call.body), ...kept, ...more] };
      for (const report of [await verifier.verify(both), verifier.verifySync(both)]) {
        const { outcome, reason } = report.checks.find(({ name }) => name === "digest");
        assert.equal(outcome, "pass", `${profile}: ${reason}`);
      }
    }
  });
}

test("auto: a call cannot choose a profile that nobody configured", async () => {
  const secrets = { secret: verifierOptions({ profile: "standard" }).secret };
  const { environment, keyDomain, resolveKey, now, host } = verifierOptions({ url });
  const bySecret = new Verifier({ profile: "auto", now, ...secrets });
  const byEnvironment = new Verifier({ profile: "auto", now, environment, keyDomain, resolveKey, host });
  assert.equal((await bySecret.verify(signedCall({ url, profile: "standard" }))).ok, true);
  assert.equal((await byEnvironment.verify(signedCall({ url, profile: "standard" }))).ok, false);
  for (const profile of ["cavage", "rfc9421"]) {
    assert.equal((await byEnvironment.verify(signedCall({ url, profile }))).ok, true, profile);
    assert.equal((await bySecret.verify(signedCall({ url, profile }))).ok, false, profile);
  }
});

test("auto: a forged call of one profile is not saved by the fields of another", async () => {
  const verifier = new Verifier({ ...verifierOptions({ url, profile: "auto" }), nonces: undefined });
  for (const profile of PROFILES) {
    for (const other of PROFILES.filter((each) => each !== profile)) {
      const forged = signedCall({ url, profile, spoil: "forged" });
      const own = new Set(forged.headers.map(([name]) => name));
      const decoys = signedCall({ url, profile: other, spoil: "forged" }).headers.filter(([name]) => !own.has(name));
      const report = await verifier.verify({ ...forged, headers: [...forged.headers, ...decoys] });
      assert.equal(report.ok, false, `${profile} with the fields of ${other}`);
    }
  }
});

test("a keyId that only looks like one under the trusted domain is refused, and nobody is asked for it", async () => {
  const { headers, ...call } = signedCall({ url });
  for (const keyId of ["s._domainkey.evilcopernica.com", "copernica.com.evil.net", "evilcopernica.com", "s.copernica.com.", ".copernica.com", "copernica.com"]) {
    const asked = [];
    const verifier = verifierOf("cavage", { keyDomain: "copernica.com", resolveKey: (name) => asked.push(name) && null });
    const changed = [...headers].map(([name, value]) => [name, name.toLowerCase() === "signature" ? value.replace(/keyId="[^"]*"/, `keyId="${keyId}"`) : value]);
    const report = await verifier.verify({ ...call, headers: changed });
    const trusted = keyId === "s.copernica.com.";
    assert.deepEqual(failed(report), [trusted ? "signature" : "keyid"], keyId);
    assert.deepEqual(asked, trusted ? [keyId] : [], keyId);
  }
});

test("an RSA key is never an HMAC secret: neither by the algorithm that a call names, nor as its PEM", async () => {
  const { headers, ...call } = signedCall({ url });
  const field = [...headers].find(([name]) => name.toLowerCase() === "signature")[1];
  const keyId = /keyId="([^"]+)"/.exec(field)[1];
  const spki = Buffer.from(/p=([^;]+)/.exec(testRecord(keyId).flat().join(""))[1].split("v=")[0], "base64");
  const pem = createPublicKey({ key: spki, format: "der", type: "spki" }).export({ type: "spki", format: "pem" });
  for (const secret of [pem, Buffer.from(pem)]) {
    assert.throws(() => new Verifier({ environment: 1, secret }), (error) => error instanceof VerificationError && error.code === "key-type");
  }
  for (const algorithm of ["hmac-sha256", "hmac-sha512"]) {
    const changed = [...headers].map(([name, value]) => [name, name.toLowerCase() === "signature" ? value.replace(/algorithm="[^"]*"/, `algorithm="${algorithm}"`) : value]);
    const report = await verifierOf("cavage").verify({ ...call, headers: changed });
    assert.deepEqual(failed(report), ["signature"]);
    assert.match(report.failed[0].reason, /names the algorithm hmac-sha(256|512), but the key is/);
  }
});

test("a URL with a query and no path is signed as HTTP sends it", async () => {
  const home = "https://hooks.example.com";
  for (const profile of ["cavage", "rfc9421"]) {
    const { nonces: _, ...options } = verifierOptions({ url: home, profile });
    const call = signedCall({ url: `${home}/?x=1`, profile });
    for (const each of [`${home}?x=1`, `${home}/?x=1`, "/?x=1"]) {
      assert.equal((await new Verifier(options).verify({ ...call, url: each })).ok, true, `${profile} ${each}`);
    }
  }
});

test("a secret without its padding is the same secret, and one that is otherwise wrong is none", async () => {
  for (const length of [25, 32, 64]) {
    const bytes = randomBytes(length);
    const padded = bytes.toString("base64");
    const bare = padded.replace(/=+$/, "");
    assert.notEqual(bare, padded);
    const now = 1_700_000_000_000;
    const mac = createHmac("sha256", bytes).update(`msg_1.${now / 1000}.{}`).digest("base64");
    const headers = { "webhook-id": "msg_1", "webhook-timestamp": String(now / 1000), "webhook-signature": `v1,${mac}` };
    for (const secret of [padded, bare, `whsec_${bare}`]) {
      for (const Kind of [Verifier, PureVerifier]) {
        assert.equal(new Kind({ profile: "standard", secret, now }).verifySync({ url, headers, body: "{}" }).ok, true, secret);
      }
    }
    for (const secret of [`${padded}=`, `${bare}-`, `${bare.slice(0, -1)}/`]) {
      assert.throws(() => new Verifier({ profile: "standard", secret }), { code: "key-base64" }, secret);
    }
  }
});

test("what is there twice is told so, and what to do follows from it", async () => {
  const of = async (profile, name, value, check) => {
    const call = signedCall({ url, profile });
    const verifier = new Verifier(verifierOptions({ url, profile }));
    const report = await verifier.verify({ ...call, headers: [...call.headers, [name, value]] });
    const found = report.failed.find((each) => each.name === check);
    return [found.reason, found.next.slice(0, 34)];
  };
  const other = "Find out which proxy or framework ";
  assert.deepEqual(await of("cavage", "X-Nonce", "b", "nonce"), ["there is more than one X-Nonce", other]);
  assert.deepEqual(await of("standard", "Webhook-Id", "b", "nonce"), ["there is more than one webhook-id", other]);
  const twice = "the signature covers content-type, which is there more than once";
  assert.deepEqual(await of("cavage", "Content-Type", "text/plain", "coverage"), [twice, other]);
});

test("of a signature that cannot be read the time is not said to be absent", async () => {
  const report = await verifierOf("rfc9421").verify(signedCall({ url, profile: "rfc9421", spoil: "unreadable" }));
  assert.deepEqual(failed(report), ["date", "coverage"]);
  assert.equal(report.failed[0].reason, "no signature could be read, so there is no time to look at");
});
