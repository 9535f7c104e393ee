import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createPublicKey } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";

import { printRaw } from "seinpost-verify/requests";
import { signedCall, testRecord, verifierOptions } from "seinpost-verify/testing";

import { WORDS } from "../../js/command/words.js";
import { otherRecord } from "./resolvers.mjs";

const require = createRequire(import.meta.url);
const root = dirname(require.resolve("seinpost-verify/package.json"));
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const command = join(root, manifest.bin["seinpost-verify"]);

const folder = mkdtempSync(join(tmpdir(), "seinpost-command-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = (name, content) => {
  writeFileSync(join(folder, name), content);
  return name;
};

const KEYID = "test._domainkey.sign.example.com";
const [RSA, ED25519] = testRecord(KEYID).flat();
const KEYS = file("keys.json", JSON.stringify([{ keyid: KEYID, dns: RSA, status: "current" }]));
const SECRET = file("secret.txt", `# of the webhook\n${verifierOptions({ profile: "standard" }).secret}\n`);
const OWN = ["--environment", "1234", "--host", "hooks.example.com", "--key-domain", "sign.example.com", "--keys", KEYS, "--now", "sent"];

function run(args, { input, env = {} } = {}) {
  const { NO_COLOR: _, FORCE_COLOR: __, LC_ALL: ___, LANG: ____, ...inherited } = process.env;
  const result = spawnSync(process.execPath, [command, ...args], { cwd: folder, input: input ?? "", env: { ...inherited, ...env }, encoding: "utf8" });
  assert.doesNotMatch(result.stderr, /\n\s+at /, "no stack is shown");
  return { code: result.status, out: result.stdout, err: result.stderr };
}

test("a raw request that verifies: 0, its checks and its event", () => {
  const { code, out, err } = run([file("good.http", printRaw(signedCall({ type: "click" }))), ...OWN]);
  assert.equal(err, "");
  assert.match(out, /^good\.http: POST \/hook, \d+ bytes of body\n/);
  assert.match(out, /✓ It verifies \(profile cavage\)\./);
  assert.match(out, /✓ signature +the signature is valid \(rsa-sha256\)/);
  assert.match(out, /original +https:\/\/shop\.example\.com\/offer\?item=41&size=m/);
  assert.doesNotMatch(out, /\u001b/);
  assert.equal(code, 0);
});

test("one that does not: 1, with what failed and the signing string", () => {
  const name = file("altered.http", printRaw(signedCall({ spoil: "altered" })));
  const { code, out } = run([name, ...OWN]);
  assert.equal(code, 1);
  assert.match(out, /✗ It does not verify \(profile cavage\): 1 check fails, 6 pass, 2 are skipped\./);
  assert.match(out, /✗ digest/);
  assert.match(out, /\n {2}\(request-target\): post \/hook\n {2}host: hooks\.example\.com\n/);
  assert.doesNotMatch(out, /The event/);
});

test("one whose body was rewritten on its way: what happened, and the cure", () => {
  const call = signedCall({ type: "click" });
  const rewritten = new TextEncoder().encode(JSON.stringify(JSON.parse(new TextDecoder().decode(call.body)), null, 2));
  const headers = call.headers.map(([name, value]) => (name === "content-length" ? [name, String(rewritten.length)] : [name, value]));
  const pretty = file("pretty.http", printRaw({ ...call, headers, body: rewritten }));
  const newline = file("newline.http", printRaw(signedCall({ spoil: "newline" })));
  const { code, out } = run([pretty, newline, ...OWN]);
  assert.equal(code, 1);
  assert.match(out, /What most likely happened\n {2}• the JSON was parsed and written again.*\n {4}→ .*express\.raw/);
  assert.match(out, /What most likely happened\n {2}• a line feed \(LF\) was added to the body/);
  const codes = run([pretty, newline, "--json", ...OWN]).out.trim().split("\n").map((line) => JSON.parse(line).causes.map((cause) => cause.code));
  assert.equal(codes.length, 2);
  for (const causes of codes) assert.equal(causes.length, 1);
  assert.equal(codes[0][0], "json-rewritten");
});

test("Dutch, asked for or by the environment", () => {
  const name = file("stale.http", printRaw(signedCall({ spoil: "stale" })));
  for (const [args, env] of [[["--lang", "nl"], {}], [[], { LC_ALL: "nl_NL.UTF-8" }]]) {
    const { code, out } = run([name, ...OWN, "--now", "2026-01-15T12:00:00Z", ...args], { env });
    assert.equal(code, 1);
    assert.match(out, /De aanroep klopt niet/);
  }
});

test("colours where they are asked for, and nothing of a stranger's moves the cursor", () => {
  const name = file("good.http", printRaw(signedCall({ event: { recipient: "\u001b[2Jreader@example.net\u202e" } })));
  assert.match(run([name, ...OWN], { env: { FORCE_COLOR: "1" } }).out, /\u001b\[32m✓/);
  const plain = run([name, ...OWN], { env: { FORCE_COLOR: "1", NO_COLOR: "1" } }).out;
  assert.doesNotMatch(plain, /\u001b|\u202e/);
  assert.match(plain, /\\x1b\[2Jreader@example\.net\\u202e/);
});

test("standard input, several files, and JSON", () => {
  const good = printRaw(signedCall());
  const { code, out } = run(["-", file("forged.http", printRaw(signedCall({ spoil: "forged" }))), "--json", ...OWN], { input: good });
  assert.equal(code, 1);
  const [first, second] = out.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual([first.file, first.ok, first.event.type], ["-", true, "bounce"]);
  assert.deepEqual([second.file, second.ok, second.event], ["forged.http", false, null]);
  assert.deepEqual(second.checks.filter(({ outcome }) => outcome === "fail").map(({ name }) => name), ["signature"]);
});

test("a curl command with its body in a file, and an HTTP archive of which the signed calls are judged", () => {
  const call = signedCall({ type: "open" });
  file("body.json", call.body);
  const flags = call.headers.map(([name, value]) => `-H '${name}: ${value}'`).join(" \\\n  ");
  file("call.sh", `curl ${call.url} \\\n  ${flags} \\\n  --data-binary @body.json\n`);
  const curl = run(["call.sh", ...OWN]);
  assert.equal(curl.code, 0, curl.out + curl.err);
  assert.match(curl.out, /✓ https/);

  const request = ({ method, url, headers, body }) => ({
    method,
    url,
    headers: headers.map(([name, value]) => ({ name, value })),
    postData: { mimeType: "application/json", text: Buffer.from(body).toString() },
  });
  const plain = { method: "GET", url: "https://example.com/", headers: [], body: "" };
  file("calls.har", JSON.stringify({ log: { entries: [plain, call, signedCall({ spoil: "stale" })].map((each) => ({ request: request(each) })) } }));
  const har = run(["calls.har", "--json", ...OWN.slice(0, -2), "--now", "1768478400"]);
  assert.deepEqual(har.out.trim().split("\n").map((line) => [JSON.parse(line).file, JSON.parse(line).ok]), [["calls.har#2", true], ["calls.har#3", false]]);
  assert.equal(har.code, 1);
  file("plain.har", JSON.stringify({ log: { entries: [plain, plain].map((each) => ({ request: request(each) })) } }));
  assert.match(run(["plain.har"]).err, /none of its 2 requests carries a signature/);
});

test("keys in every form", () => {
  const pem = createPublicKey({ key: Buffer.from(RSA.split("p=")[1], "base64"), format: "der", type: "spki" });
  const jwk = pem.export({ format: "jwk" });
  const half = RSA.length >> 1;
  const forms = {
    "map.json": JSON.stringify({ [KEYID]: RSA }),
    "data.json": JSON.stringify({ data: [{ keyid: KEYID, dns: RSA }], next: null }),
    "jwks.json": JSON.stringify({ keys: [{ ...jwk, kid: KEYID }] }),
    "jwk.json": JSON.stringify(jwk),
    "key.pem": pem.export({ format: "pem", type: "spki" }),
    "pkcs1.pem": pem.export({ format: "pem", type: "pkcs1" }),
    "record.txt": RSA,
    "named.txt": `; keys\n${KEYID} ${RSA}\nother._domainkey.example.com ${ED25519}\n`,
    "zone.txt": `${KEYID}. 3600 IN TXT ( "${RSA.slice(0, half)}" "${RSA.slice(half)}" )\n`,
  };
  const name = file("good.http", printRaw(signedCall()));
  for (const [form, text] of Object.entries(forms)) {
    const { code, out, err } = run([name, "--keys", file(form, text), "--now", "sent"]);
    assert.equal(code, 0, `${form}: ${out}${err}`);
  }
  assert.equal(run([name, "--keys", file("wrong.txt", `other._domainkey.example.com ${RSA}`), "--now", "sent"]).code, 1);
  for (const text of ["", "{", "hello", "[1]", '{"keys":7}']) assert.equal(run([name, "--keys", file("bad.txt", text)]).code, 2, text);
});

test("a file may hold PEMs and other keys, with words beside them", () => {
  const pem = createPublicKey({ key: Buffer.from(RSA.split("p=")[1], "base64"), format: "der", type: "spki" }).export({ format: "pem", type: "spki" });
  const { secret } = verifierOptions({ profile: "standard" });
  const all = file("all.txt", `Bag Attributes: a = b\n${pem}${secret}\n${KEYID} ${ED25519}\n`);
  for (const [profile, algorithm] of [["cavage"], ["standard"], ["rfc9421", "ed25519"]]) {
    const name = file("call.http", printRaw(signedCall({ profile, ...(algorithm && { algorithm }) })));
    const { code, out, err } = run([name, "--keys", all, "--now", "sent"]);
    assert.equal(code, 0, `${profile}: ${out}${err}`);
  }
  const name = file("good.http", printRaw(signedCall()));
  const { code, err } = run([name, "--keys", file("open.pem", `${secret}\n${pem.slice(0, -10)}`)]);
  assert.deepEqual([code, err], [2, "seinpost-verify: open.pem: a PEM in it begins, but does not end\n"]);
});

test("a time without a zone is in UTC, wherever this computer is, and one that is no date of RFC 3339 or HTTP is refused", () => {
  const name = file("good.http", printRaw(signedCall()));
  const judged = (now) => run([name, ...OWN.slice(0, -2), "--now", now, "--json"], { env: { TZ: "America/New_York" } });
  for (const now of ["2026-01-15 12:00:00", "2026-01-15T12:00:00", "2026-01-15 12:00", "2026-01-15t12:00:00.5z", "2026-01-15 13:00:00+01:00", "Thu, 15 Jan 2026 12:00:00 GMT", "1768478400"]) {
    const { code, out, err } = judged(now);
    assert.equal(code, 0, `${now}: ${out}${err}`);
  }
  for (const now of ["Jan 15 2026 12:00:00", "Thu Jan 15 12:00:00 2026", "1/15/2026", "2026-01-15 25:00:00", "12:00"]) {
    const { code, out, err } = judged(now);
    assert.deepEqual([code, out], [2, ""], now);
    assert.match(err, /RFC 3339 date such as 2026-01-15T12:00:00Z/);
  }
});

test("--json tells the skew", () => {
  const name = file("stale.http", printRaw(signedCall({ spoil: "stale" })));
  assert.equal(JSON.parse(run([name, ...OWN.slice(0, -2), "--now", "2026-01-15T12:00:00Z", "--json"]).out).skew, -3600);
});

test("with --lang nl what is wrong is said in Dutch, too", () => {
  const good = file("good.http", printRaw(signedCall()));
  const keys = (text) => [good, "--keys", file("bad.txt", text)];
  const cases = [
    ["--nothing"], [good, "--now"], [good, "--json=1"], [good, "--profile", "best"], [good, "--environment", "mine"], [good, "--now", "soon"], ["weg.http"],
    [file("undated.http", printRaw(signedCall({ spoil: "undated" }))), "--now", "sent"],
    keys(""), keys("{"), keys('{"keys":7}'), keys("[1]"), keys("hello"), keys("-----BEGIN x"), keys("whsec_x"), ["diagnose", "weg.eml"], ["diagnose", "--nothing"], ["diagnose"], ["diagnose", good, "--json=1"],
  ];
  for (const args of cases) {
    const [english, dutch] = ["en", "nl"].map((lang) => {
      const { code, out, err } = run(args[0] === "diagnose" ? ["diagnose", "--lang", lang, ...args.slice(1)] : ["--lang", lang, ...args]);
      assert.deepEqual([code, out], [2, ""], args.join(" "));
      return err;
    });
    assert.notEqual(dutch, english, args.join(" "));
    assert.doesNotMatch(dutch, /\b(the|is not|unknown|option|missing|cannot|no such|expected)\b/i);
  }
  for (const [body, english, dutch] of [
    ['{"type":', /The body cannot be read: not JSON/, /De body kan niet worden gelezen: hij is geen JSON \(byte 8\)/],
    ['{"type":"click"}', /The body cannot be read: /, /De body kan niet worden gelezen: id ontbreekt/],
  ]) {
    const name = file("unread.http", printRaw(signedCall({ body })));
    assert.match(run([name, ...OWN, "--lang", "en"]).out, english);
    assert.match(run([name, ...OWN, "--lang", "nl"]).out, dutch);
    assert.match(JSON.parse(run([name, ...OWN, "--lang", "nl", "--json"]).out).undecodable.message, /^(hij is geen JSON|id ontbreekt)/);
  }
});

test("keys in a zone file over several lines, as opendkim-genkey writes them", () => {
  const name = file("good.http", printRaw(signedCall()));
  const [version, key] = [RSA.slice(0, RSA.indexOf("p=")), RSA.slice(RSA.indexOf("p="))];
  const pieces = key.match(/.{1,120}/g).map((piece) => `\t  "${piece}"`).join("\n");
  const opendkim = `test._domainkey.sign.example.com.\tIN\tTXT\t( "${version}"\n${pieces} )  ; ----- DKIM key test for sign.example.com (old\n`;
  const other = `other._domainkey.example.com ${ED25519}\n`;
  const zones = {
    alone: opendkim,
    "between others": `${other}; a note (of ours\n${opendkim}${other}`,
    commented: opendkim.replace("\n", ' ; "of (2026\n'),
    escaped: `${KEYID}. IN TXT ( ${version.replaceAll(";", "\\;")}\n  ${key} )\n${other}`,
    "a note with a parenthesis": `${KEYID} ${version}n=a (b;${key}\n${other}`,
  };
  for (const [how, zone] of Object.entries(zones)) {
    const { code, out, err } = run([name, "--keys", file("zone.txt", zone), "--now", "sent"]);
    assert.equal(code, 0, `${how}: ${out}${err}`);
  }
  const { code, err } = run([name, "--keys", file("zone.txt", `${opendkim}\n\nhello\n`)]);
  assert.equal(code, 2);
  assert.match(err, new RegExp(`line ${opendkim.split("\n").length + 2} is no key`));
});

test("another of the keys in --keys that would have been the right one is named; the check keyid is kept", () => {
  const name = file("renamed.http", printRaw(signedCall({ keyId: "next._domainkey.sign.example.com" })));
  const keys = file("two.txt", `next._domainkey.sign.example.com ${otherRecord()}\n${KEYID} ${RSA}\n`);
  const judged = (...args) => JSON.parse(run([name, "--keys", keys, "--now", "sent", "--json", ...args]).out);
  for (const args of [[], ["--key-domain", "sign.example.com"]]) {
    const { ok, causes } = judged(...args);
    assert.equal(ok, false);
    assert.deepEqual(causes.map(({ code }) => code), ["key"]);
    assert.match(causes[0].text, new RegExp(KEYID));
  }
  const { checks, causes } = judged("--key-domain", "example.org");
  assert.deepEqual(checks.filter(({ outcome }) => outcome === "fail").map(({ name: check }) => check), ["keyid"]);
  assert.deepEqual(causes, []);
});

test("an environment keeps all its digits", () => {
  const name = file("good.http", printRaw(signedCall()));
  const { out } = run([name, ...OWN, "--environment", "12345678901234567", "--environment", "99999999999999999", "--json", "--keys", KEYS]);
  assert.equal(JSON.parse(out).ok, true);
  const { out: other } = run([name, "--environment", "12345678901234567", "--now", "sent", "--json", "--keys", KEYS]);
  const { reason } = JSON.parse(other).checks.find(({ name: check }) => check === "environment");
  assert.match(reason, /is 12345678901234567$/);
});

test("every profile, recognised by its header fields", () => {
  for (const profile of ["cavage", "standard", "rfc9421"]) {
    const keys = file("ed25519.txt", ED25519);
    const { code, out, err } = run([file("call.http", printRaw(signedCall({ profile }))), "--keys", SECRET, "--keys", KEYS, "--keys", keys, "--now", "sent", "--json"]);
    assert.equal(code, 0, out + err);
    assert.equal(JSON.parse(out).profile, profile);
  }
  const name = file("standard.http", printRaw(signedCall({ profile: "standard" })));
  const { code, err } = run([name, "--now", "sent"]);
  assert.equal(code, 2);
  assert.match(err, /whsec_/);
});

test("how it is called: help, version, and what is wrong", () => {
  assert.match(run(["--help"]).out, /seinpost-verify \[options\] FILE/);
  assert.match(run(["--help", "--lang", "nl"]).out, /seinpost-verify \[opties\] BESTAND/);
  for (const [lang, more, head] of [["en", /diagnose MAIL….* came back/, /^Says why a mail came back/], ["nl", /diagnose MAIL….* terugkwam/, /^Zegt waarom een mail terugkwam/]]) {
    assert.match(run(["--help", "--lang", lang]).out, more);
    for (const help of ["--help", "-h"]) {
      const { code, out, err } = run(["diagnose", help, "--lang", lang]);
      assert.deepEqual([code, err], [0, ""]);
      assert.match(out, head);
      for (const option of ["--lang", "--json", "--help"]) assert.ok(out.includes(option), option);
    }
  }
  assert.equal(run(["--version"]).out, `${manifest.version}\n`);
  const good = file("good.http", printRaw(signedCall()));
  const wrong = [
    [],
    ["--nothing"],
    ["missing.http"],
    [good, "--environment", "mine"],
    [good, "--profile", "best"],
    [good, "--now", "soon"],
    [good, "--tolerance", "-1"],
    [good, "--lang", "fr"],
    ["diagnose"],
    ["diagnose", "--lang", "fr", good],
    ["diagnose", "--lang=fr", good],
    ["diagnose", good, "--lang"],
    ["diagnose", "--json=1", good],
    [good, "--keys", "missing.json"],
    [file("empty.http", "")],
    [file("text.http", "hello\n")],
    [file("undated.http", printRaw(signedCall({ spoil: "undated" }))), "--now", "sent"],
  ];
  for (const args of wrong) {
    const { code, out, err } = run(args);
    assert.deepEqual([code, out], [2, ""], args.join(" "));
    assert.match(err, /^seinpost-verify: ./);
  }
  assert.match(run(["text.http"]).err, /text\.http: line 1: "hello" is no request line/);
});

test("each mistake in a key has its words in Dutch", () => {
  const row = readFileSync(join(root, "README.md"), "utf8").split("\n").find((line) => line.startsWith("| `key-too-long`"));
  const codes = ["invalid-key", ...row.match(/key-[a-z0-9-]+/g)];
  assert.ok(codes.length > 15, `${codes}`);
  for (const code of codes) assert.notEqual(WORDS.nl.mistake({ code, message: "in English" }), "in English", code);
});
