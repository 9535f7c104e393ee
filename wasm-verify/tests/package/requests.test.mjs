import assert from "node:assert/strict";
import { test } from "node:test";

import {
  describeNote,
  detectForm,
  printRaw,
  readCurl,
  readHar,
  readParts,
  readRaw,
  readRequests,
  RequestError,
} from "seinpost-verify/requests";

const utf8 = (text) => new TextEncoder().encode(text);
const text = (bytes) => new TextDecoder().decode(bytes);
const latin1 = (binary) => Uint8Array.from(binary, (character) => character.charCodeAt(0));
const fails = (read, expected) =>
  assert.throws(read, (error) => {
    assert.ok(error instanceof RequestError);
    const { code, line, path } = error;
    assert.deepEqual({ code, line, path }, { line: undefined, path: undefined, ...expected });
    assert.ok(error.message.length > 10);
    assert.notEqual(error.describe("nl"), error.describe("en"));
    return true;
  });

const har = (request) => JSON.stringify({ log: { entries: [{ request }] } });

const BODY = latin1('{"id":"7f3a","text":"Zo\xc3\xab \xff\x00"}\r\n');

test("a raw request is read byte for byte, and printed back as it was", () => {
  const head = "POST /hook?a=%2B&b=1+2 HTTP/1.1\r\nHost: example.com:8443\r\nX-Empty:\r\nX-Nonce:  a b \r\n\r\n";
  const call = readRaw(new Uint8Array([...utf8(head), ...BODY]));
  assert.equal(call.method, "POST");
  assert.equal(call.url, "/hook?a=%2B&b=1+2");
  assert.deepEqual(call.headers, [["Host", "example.com:8443"], ["X-Empty", ""], ["X-Nonce", "a b"]]);
  assert.deepEqual(call.body, BODY);
  assert.deepEqual(call.notes, []);
  assert.deepEqual(readRaw(printRaw(call)), call);
});

test("lines ended by LF alone, comments and empty lines before it, and a byte order mark", () => {
  const call = readRaw("\ufeff\n### a saved call\n// by hand\nPOST https://example.com/hook HTTP/1.1\nhost: example.com\n\na\nb\n");
  assert.equal(call.url, "https://example.com/hook");
  assert.equal(text(call.body), "a\nb\n");
  assert.deepEqual(call.notes, [{ code: "byte-order-mark" }]);
});

test("folded fields are joined, and it is noted", () => {
  const call = readRaw('POST / HTTP/1.1\r\nSignature: keyId="a",\r\n  algorithm="b"\r\n\tsignature="c"\r\nhost: x\r\n\r\n');
  assert.deepEqual(call.headers[0], ["Signature", 'keyId="a", algorithm="b" signature="c"']);
  assert.deepEqual(call.notes, [{ code: "folded-header", name: "Signature" }]);
});

test("white space around a value is left out, that within it is kept, and a folded field is checked as a whole", () => {
  const head = 'POST / HTTP/1.1\r\nA: \t x \t y\t \r\nB:\r\n  \r\n\tone \r\n  two\r\n\r\n';
  assert.deepEqual(readRaw(head).headers, [["A", "x \t y"], ["B", "one two"]]);
  assert.deepEqual(readRaw(":method: POST\n:path: /\na: b\n:authority: x\n .example\n\n").headers, [["a", "b"], ["host", "x .example"]]);
  fails(() => readRaw("POST / HTTP/1.1\nA: b\n c\0\n\n"), { code: "invalid-header-value", line: 2 });
  fails(() => readRaw("POST / HTTP/1.1\n A: b\n\n"), { code: "invalid-header", line: 2 });
});

test("a head is bounded in every form", () => {
  const long = "x".repeat(256 * 1024);
  const request = { method: "POST", url: "/", headers: [{ name: "a", value: long }] };
  fails(() => readHar(har(request)), { code: "too-large", path: "log.entries[0].request.headers[0]" });
  fails(() => readHar(har({ ...request, url: `${long}x` })), { code: "too-large", path: "log.entries[0].request.url" });
  for (const option of [`-H 'a: ${long}'`, `-A '${long}'`, `-b '${long}'`]) fails(() => readCurl(`curl x ${option}`), { code: "too-large", line: 1 });
  fails(() => readCurl(`curl '${long}x'`), { code: "too-large", line: 1 });
  fails(() => readParts({ headers: `a: ${long}` }), { code: "too-large", path: "headers" });
  fails(() => readParts({ headers: { a: "b", c: long } }), { code: "too-large", path: "headers[1]" });
  fails(() => readCurl(`curl x${" -A x".repeat(1001)}`), { code: "too-many", line: 1 });
  // A body is none of it.
  assert.equal(readCurl(`curl x -H 'a: ${long.slice(100)}' -d '${long}'`).body.length, long.length);
  assert.equal(readHar(har({ ...request, headers: [], postData: { text: long } }))[0].body.length, long.length);
});

test("white space and folds within a head cost next to no time", () => {
  const value = `x${" ".repeat(240_000)}x`;
  const folded = `A: b\n${" x\n".repeat(80_000)}`;
  const { user: before } = process.cpuUsage();
  assert.equal(readRaw(`POST / HTTP/1.1\r\nA: ${value}\r\n\r\n`).headers[0][1], value);
  assert.equal(readCurl(`curl x -H 'A: ${value}'`).headers[0][1], value);
  assert.equal(readHar(har({ method: "GET", url: "/", headers: [{ name: "A", value }] }))[0].headers[0][1], value);
  assert.equal(readParts({ headers: { A: value } }).headers[0][1], value);
  assert.equal(readParts({ headers: folded }).headers[0][1].length, 1 + 2 * 80_000);
  const seconds = (process.cpuUsage().user - before) / 1e6;
  assert.ok(seconds < 5, `it took ${seconds} s`);
});

test("HTTP/2's own fields stand for the request line and Host", () => {
  const call = readRaw(":method: POST\n:path: /hook?x=1\n:scheme: https\n:authority: example.com\nx-nonce: 1\n\n{}");
  assert.deepEqual([call.method, call.url], ["POST", "/hook?x=1"]);
  assert.deepEqual(call.headers, [["host", "example.com"], ["x-nonce", "1"]]);
});

test("a Host that says what :authority does is none beside it; one that differs is, and so are two of HTTP/1.1", () => {
  const hosts = (head) => readRaw(head).headers.filter(([name]) => name.toLowerCase() === "host").map(([, value]) => value);
  const http2 = ":method: POST\n:path: /\n";
  assert.deepEqual(hosts(`${http2}:authority: example.com\nhost: Example.COM\n\n`), ["example.com"]);
  assert.deepEqual(hosts(`${http2}host: example.com\n:authority: example.com\n\n`), ["example.com"]);
  assert.deepEqual(hosts(`${http2}:authority: example.com\nhost: app:3000\n\n`), ["example.com", "app:3000"]);
  assert.deepEqual(hosts(`${http2}:authority: \u00c9.example\nhost: \u00e9.example\n\n`), ["Ã\x89.example", "Ã©.example"]);
  assert.deepEqual(hosts("POST / HTTP/1.1\nhost: example.com\nhost: example.com\n\n"), ["example.com", "example.com"]);
  const request = { method: "POST", url: "/", headers: [{ name: ":authority", value: "a.example" }, { name: "Host", value: "a.example" }] };
  assert.deepEqual(readHar(har(request))[0].headers, [["host", "a.example"]]);
});

test("the body ends where Content-Length says", () => {
  const read = (length, body) => readRaw(`POST / HTTP/1.1\r\nContent-Length: ${length}\r\n\r\n${body}`);
  assert.equal(text(read(2, "{}\n").body), "{}");
  assert.deepEqual(read(2, "{}\n").notes, [{ code: "after-body", bytes: 1 }]);
  assert.deepEqual(read(5, "{}\n").notes, [{ code: "short-body", declared: 5, actual: 3 }]);
  assert.equal(text(read("2x", "{}\n").body), "{}\n");
  for (const lang of ["en", "nl"]) assert.match(describeNote({ code: "after-body", bytes: 1 }, lang), /^1 byte/);
});

test("chunks are put together; a body whose chunks a tool put together already is left alone", () => {
  const read = (body) => readRaw(`POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n${body}`);
  assert.equal(text(read("3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n").body), "abc0123456789");
  assert.equal(text(read('{"id":1}').body), '{"id":1}');
  fails(() => read("3\r\nabcd\r\n0\r\n\r\n"), { code: "invalid-chunk" });
  fails(() => read("ff\r\nabc"), { code: "invalid-chunk" });
});

test("bytes of a header field outside ASCII are one character each, as Node reads them", () => {
  assert.equal(readRaw("POST / HTTP/1.1\nX-Name: é\n\n").headers[0][1], "Ã©");
});

test("what is no request is refused at its line", () => {
  fails(() => readRaw(""), { code: "empty" });
  fails(() => readRaw("\r\n\r\n"), { code: "empty" });
  fails(() => readRaw("\nhello\n"), { code: "invalid-request-line", line: 2 });
  fails(() => readRaw("host: example.com\n\n{}"), { code: "invalid-request-line", line: 1 });
  fails(() => readRaw("POST / HTTP/1.1\nno field\n\n"), { code: "invalid-header", line: 2 });
  fails(() => readRaw("POST / HTTP/1.1\nna me: field\n\n"), { code: "invalid-header", line: 2 });
  fails(() => readRaw("POST / HTTP/1.1\na: b\0c\n\n"), { code: "invalid-header-value", line: 2 });
  fails(() => readRaw("POST / HTTP/1.1\n\n\ud800"), { code: "lone-surrogate" });
  fails(() => readRaw(`POST / HTTP/1.1\nx: ${"a".repeat(300_000)}\n\n`), { code: "too-large", line: 2 });
  fails(() => readRaw(`POST / HTTP/1.1\n${"x: y\n".repeat(1001)}\n`), { code: "too-many", line: 1002 });
  fails(() => readRaw(new Uint8Array(33 * 1024 * 1024)), { code: "too-large" });
  fails(() => printRaw({ method: "POST", url: "/", headers: [["a", "b\r\nc: d"]] }), { code: "invalid-header-value" });
  fails(() => printRaw({ method: "POST", url: "/a b", headers: [] }), { code: "invalid-request-line" });
});

test("every form of quoting that curl commands are copied with", () => {
  const call = readCurl(String.raw`$ curl -sS -X POST 'https://example.com/hook?a=1&b=%2B' \
    -H 'Host: example.com' -H "X-Quote: say \"hi\" \$5" \
    --compressed --header=ignored 2>/dev/null`.replace("--header=ignored", "-H X-Bare:1"));
  assert.equal(call.url, "https://example.com/hook?a=1&b=%2B");
  assert.deepEqual(call.headers, [["Host", "example.com"], ["X-Quote", 'say "hi" $5'], ["X-Bare", "1"]]);
  const body = (command) => text(readCurl(command).body);
  assert.equal(body("curl x -d '{\"it'\\''s\": 1}'"), '{"it\'s": 1}');
  assert.equal(body(String.raw`curl x --data-raw $'a\'b\\c\r\n\u00eb\ud83d\ude00\x41\101'`), "a'b\\c\r\në😀AA");
  assert.deepEqual(readCurl(String.raw`curl x --data-raw $'\xff\xfe'`).body, new Uint8Array([255, 254]));
  assert.equal(body("curl x -d a=1 -d b=2 --data-urlencode 'c=user+tag@example.com é'"), "a=1&b=2&c=user%2Btag%40example.com%20%C3%A9");
  assert.equal(body('curl ^"http://example.com/^" ^\r\n  -H ^"content-type: application/json^" ^\r\n  --data-raw ^"^{^\\^"id^\\^":1^}^"'), '{"id":1}');
  // In a POSIX command a caret is a caret, wherever it is quoted.
  assert.equal(body(`curl http://example.com/ --data-raw '{"a":"b^"}'`), '{"a":"b^"}');
  assert.equal(body(`curl http://example.com/ -H "x: it's" --data-raw 'a^"b'`), 'a^"b');
  assert.equal(body(String.raw`curl http://example.com/ --data-raw $'it\'s ^"'`), `it's ^"`);
  assert.equal(body('curl http://example.com/ --data-raw "x^"'), "x^");
  assert.equal(body('curl "http://example.com/" ^\r\n --data-raw "x"'), "x");
});

test("what curl adds by itself is added, and noted", () => {
  const call = readCurl("curl -uuser:pass -d a=1 http://someone@example.com:81/hook#part");
  assert.equal(call.method, "POST");
  assert.equal(call.url, "http://example.com:81/hook");
  assert.deepEqual(call.headers, [
    ["authorization", "Basic dXNlcjpwYXNz"],
    ["host", "example.com:81"],
    ["content-type", "application/x-www-form-urlencoded"],
  ]);
  assert.deepEqual(call.notes, [{ code: "added-header", name: "host" }, { code: "added-header", name: "content-type" }]);
  assert.equal(readCurl("curl --json '{}' -H Host: example.com").headers[0][0], "content-type");
  assert.equal(readCurl("curl example.com").method, "GET");
});

test("files named in a curl command are asked for", () => {
  const readFile = (name) => (name === "body.json" ? utf8("{\r\n}\n") : undefined);
  assert.equal(text(readCurl("curl x --data-binary @body.json", { readFile }).body), "{\r\n}\n");
  assert.equal(text(readCurl("curl x -d @body.json", { readFile }).body), "{}");
  fails(() => readCurl("curl x -d @other", { readFile }), { code: "file-needed", line: 1 });
  fails(() => readCurl("curl x -d @body.json"), { code: "file-needed", line: 1 });
});

test("what is no curl command is refused at its line", () => {
  fails(() => readCurl("wget x"), { code: "not-curl", line: 1 });
  fails(() => readCurl("curl 'x"), { code: "unterminated-quote", line: 1 });
  fails(() => readCurl("curl x \\\n -d \"x"), { code: "unterminated-quote", line: 2 });
  fails(() => readCurl("curl x $'x"), { code: "unterminated-quote", line: 1 });
  fails(() => readCurl("curl x \\\n --frobnicate"), { code: "unknown-option", line: 2 });
  fails(() => readCurl("curl x -F a=b"), { code: "unsupported-option", line: 1 });
  fails(() => readCurl("curl x -H"), { code: "missing-argument", line: 1 });
  fails(() => readCurl("curl x -H nothing"), { code: "invalid-header", line: 1 });
  fails(() => readCurl("curl -d x"), { code: "missing-url" });
  fails(() => readCurl("curl ftp://example.com/"), { code: "invalid-url", line: 1 });
  fails(() => readCurl("  "), { code: "empty" });
});

test("HAR: every entry, base64 bodies, form parameters, HTTP/2 names", () => {
  const request = { method: "POST", url: "https://example.com/hook#x", headers: [{ name: ":authority", value: "example.com" }, { name: "x-nonce", value: "1" }] };
  const [call] = readHar(har({ ...request, postData: { mimeType: "application/json", text: "eyJpZCI6MX3/", encoding: "base64" } }));
  assert.equal(call.url, "https://example.com/hook");
  assert.deepEqual(call.headers, [["host", "example.com"], ["x-nonce", "1"]]);
  assert.deepEqual(call.body, latin1('{"id":1}\xff'));
  const [form] = readHar(har({ ...request, postData: { params: [{ name: "a b", value: "+" }, { name: "tags[]", value: "ë" }] } }));
  assert.equal(text(form.body), "a+b=%2B&tags%5B%5D=%C3%AB");
  assert.deepEqual(form.notes, [{ code: "rebuilt-form" }]);
  assert.equal(readHar(har(request))[0].body.length, 0);
});

test("HAR: what is wrong is named by its path", () => {
  const request = { method: "POST", url: "/", headers: [] };
  fails(() => readHar("{"), { code: "invalid-json" });
  fails(() => readHar(latin1("{\xff}")), { code: "invalid-json" });
  fails(() => readHar("{}"), { code: "invalid-har", path: "log.entries" });
  fails(() => readHar('{"log":{"entries":[]}}'), { code: "no-request", path: "log.entries" });
  fails(() => readHar('{"log":{"entries":[null]}}'), { code: "invalid-har", path: "log.entries[0].request" });
  fails(() => readHar(har({ ...request, url: 7 })), { code: "invalid-har", path: "log.entries[0].request.url" });
  fails(() => readHar(har({ ...request, headers: [{ name: "a" }] })), { code: "invalid-har", path: "log.entries[0].request.headers[0].value" });
  fails(() => readHar(har({ ...request, headers: [{ name: "a", value: "b\nc" }] })), { code: "invalid-header-value", path: "log.entries[0].request.headers[0]" });
  fails(() => readHar(har({ ...request, postData: { text: "*", encoding: "base64" } })), { code: "invalid-base64", path: "log.entries[0].request.postData.text" });
  fails(() => readHar(har({ ...request, postData: { text: "\ud800" } })), { code: "lone-surrogate", path: "log.entries[0].request.postData.text" });
});

test("headers and body apart: lines, JSON from a log, an object, pairs", () => {
  const expected = [["host", "example.com"], ["x-nonce", "1"]];
  for (const headers of ["host: example.com\r\nx-nonce: 1\r\n", '{"host":"example.com","x-nonce":1}', { host: "example.com", "x-nonce": ["1"] }, expected]) {
    assert.deepEqual(readParts({ headers, body: "{}" }), { method: "POST", url: "/", headers: expected, body: utf8("{}"), form: "parts", notes: [] });
  }
  assert.equal(readParts({ headers: "PUT /hook HTTP/1.1\nhost: x", url: "/other" }).url, "/hook");
  assert.equal(readParts({ headers: "host: x", url: "/other", method: "PUT" }).url, "/other");
  fails(() => readParts({ headers: "host: x\n\nnothing" }), { code: "invalid-header", line: 3 });
  fails(() => readParts({ headers: '{"a":' }), { code: "invalid-json", path: "headers" });
  fails(() => readParts({ headers: '{"a":{}}' }), { code: "invalid-har", path: "headers[0]" });
});

test("the form is recognised", () => {
  assert.equal(detectForm("  {}"), "har");
  assert.equal(detectForm("$ curl x"), "curl");
  assert.equal(detectForm("/usr/bin/curl x"), "curl");
  assert.equal(detectForm(utf8("POST / HTTP/1.1\n\n{}")), "raw");
  assert.equal(readRequests("curl x")[0].form, "curl");
  assert.equal(readRequests(har({ method: "GET", url: "/", headers: [] }))[0].form, "har");
});

test("printed and read again, a request is what it was, whatever its bytes", () => {
  const random = randomNumbers(1);
  for (let round = 0; round < 500; round++) {
    const bytes = (length, from, to) => Array.from({ length }, () => from + (random() % (to - from)));
    const text = (length) => String.fromCharCode(...bytes(length, 0x21, 0x7f));
    const headers = Array.from({ length: random() % 8 }, (_, index) => [`x-${index}`, String.fromCharCode(...bytes(random() % 20, 0xa1, 0x100))]);
    const body = Uint8Array.from(bytes(random() % 200, 0, 256));
    const request = { method: "POST", url: `/${text(random() % 30)}`, headers, body };
    const { method, url, headers: fields, body: read } = readRaw(printRaw(request));
    assert.deepEqual({ method, url, headers: fields, body: read }, request);
  }
  const beyond = printRaw({ method: "POST", url: "/", headers: [["x", "ł"]] });
  assert.equal(readRaw(beyond).headers[0][1], "Å\x82");
});

test("whatever is read, nothing is thrown but a RequestError that can be said in both languages", () => {
  const random = randomNumbers(2);
  const seeds = [
    "POST /hook HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n folded\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    ":method: POST\n:path: /x\nContent-Length: 5\n\nhello",
    `curl -XPOST "https://example.com/\\"x" -H 'A: b' --data-raw $'a\\u00eb\\x41\\'' -sd @file --json '{}' -u a:b`,
    'curl ^"http://example.com^" ^\n -H ^"a: b^"',
    har({ method: "POST", url: "https://example.com/", headers: [{ name: "a", value: "b" }], postData: { text: "eA==", encoding: "base64", params: [{ name: "a", value: "b" }] } }),
  ].map(utf8);
  const pieces = ["\r\n", "\n\n", ":", '"', "'", "\\", "$'", "null", "{", "[", "]", "}", ",", "\0", "\xff", " ", "-H", "@", "=", "1e999", "chunked"].map(latin1);
  let refused = 0;
  for (let round = 0; round < 20_000; round++) {
    let input = seeds[round % seeds.length];
    for (let change = random() % 4; change >= 0; change--) {
      const at = random() % (input.length + 1);
      const piece = random() % 3 === 0 ? new Uint8Array() : pieces[random() % pieces.length];
      input = Uint8Array.from([...input.subarray(0, at), ...piece, ...input.subarray(at + (random() % 4))]);
    }
    try {
      for (const request of readRequests(input, { readFile: (name) => (name === "file" ? "text" : undefined) })) {
        assert.ok(request.body instanceof Uint8Array);
        for (const note of request.notes) assert.ok(describeNote(note, "nl").length > 10);
        readParts({ headers: request.headers, body: request.body });
      }
    } catch (error) {
      assert.ok(error instanceof RequestError, error.stack);
      assert.ok(error.describe("nl").length > 10 && !/undefined/.test(error.message + error.describe("nl")), error.message);
      refused++;
    }
  }
  assert.ok(refused > 1000 && refused < 19_000, `${refused} were refused`);
});

/** Numbers that look random and are the same every time (xorshift32). */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

test("time is linear in the size of what is read", () => {
  const cost = (make) => {
    const time = (size) => {
      const input = make(size);
      const start = process.cpuUsage();
      try {
        readRequests(input);
      } catch (error) {
        assert.ok(error instanceof RequestError);
      }
      const { user, system } = process.cpuUsage(start);
      return user + system;
    };
    time(1 << 16);
    return time(1 << 20) / Math.max(time(1 << 18), 1000);
  };
  for (const make of [
    (size) => `curl x -d '${"a".repeat(size)}'`,
    (size) => `curl x -d $'${"\\u0041".repeat(size / 6)}'`,
    (size) => `curl x ${"\\\n".repeat(size / 2)}`,
    (size) => `curl x "${"\\".repeat(size)}`,
    (size) => `POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n${"1\r\na\r\n".repeat(size / 6)}0\r\n\r\n`,
  ]) {
    assert.ok(cost(make) < 16, `four times the size cost ${cost(make)} times as much`);
  }
});
