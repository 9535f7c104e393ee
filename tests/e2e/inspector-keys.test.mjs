// The inspector asks DNS over HTTPS for keys: a resolver that the operator chose, and nobody else.

import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";

import { Browser, picture } from "../support/browser.mjs";
import { KEY_ID, RECORDS, raw, signedCall } from "../support/calls.mjs";
import { Doh, answered, endless, refused } from "../support/doh.mjs";
import { Server, freePort } from "../support/server.mjs";

/** A call of RFC 9421 signed anew with a key on P-256 instead. */
function resigned(call, key) {
  const headers = new Map(call.headers.map(([name, value]) => [name.toLowerCase(), value]));
  const parameters = headers.get("signature-input").replace(/^[^=]+=/, "").replace(/;alg="[^"]*"/, ';alg="ecdsa-p256-sha256"');
  const { pathname, search, host } = new URL(call.url);
  const derived = { "@method": "POST", "@target-uri": call.url, "@authority": host, "@path": pathname, "@query": search || "?" };
  const names = [.../\(([^)]*)\)/.exec(parameters)[1].matchAll(/"([^"]+)"/g)].map(([, name]) => name);
  const lines = names.map((name) => `"${name}": ${derived[name] ?? headers.get(name)}`);
  const base = [...lines, `"@signature-params": ${parameters}`].join("\n");
  const signature = sign("sha256", Buffer.from(base), { key, dsaEncoding: "ieee-p1363" }).toString("base64");
  const replaced = { "signature-input": `sig1=${parameters}`, signature: `sig1=:${signature}:` };
  return { ...call, headers: call.headers.map(([name, value]) => [name, replaced[name.toLowerCase()] ?? value]) };
}

const NOW = Date.UTC(2026, 0, 15, 12);
const LANGUAGES = {
  en: { locale: "en-GB", fetch: "Fetch the key by DNS", good: "It verifies", bad: "It does not verify", host: "Your host", arrived: "Time of arrival" },
  nl: { locale: "nl-NL", fetch: "Haal de sleutel op via DNS", good: "De handtekening klopt", bad: "De verificatie mislukt", host: "Uw host", arrived: "Tijd van aankomst" },
};

describe("keys by DNS over HTTPS", () => {
  let doh, server, browser, en, nl;
  /** What pages asked for that were not spoilt on purpose. */
  const requests = [];

  async function open(language, address = `${server.base}/inspector`) {
    const page = await browser.page({ locale: LANGUAGES[language].locale });
    page.on("request", (request) => requests.push(request.url()));
    await page.goto(address);
    await page.locator("#raw").waitFor();
    return page;
  }

  async function paste(page, language, call = signedCall({ type: "click", now: NOW })) {
    await page.getByLabel(LANGUAGES[language].arrived).fill(new Date(NOW).toISOString());
    await page.locator("#key").fill("");
    await page.locator("#raw").fill(raw(call));
    await page.getByRole("heading", { level: 2, name: LANGUAGES[language].bad }).waitFor();
  }

  const verdict = (page, language, word) => page.getByRole("heading", { level: 2, name: LANGUAGES[language][word] }).waitFor();
  const fetchKey = (page, language) => page.getByRole("button", { name: LANGUAGES[language].fetch }).click();

  before(async () => {
    doh = await Doh.start();
    server = await Server.start(["--dns-over-https", doh.url]);
    browser = await Browser.start();
    [en, nl] = [await open("en"), await open("nl")];
  });

  after(async () => {
    if (en && !en.isClosed()) await picture(en, "inspector-keys-last");
    await browser?.stop();
    await server?.remove();
    await doh?.stop();
  });

  for (const language of ["en", "nl"]) {
    for (const profile of ["cavage", "rfc9421"]) {
      test(`a key of two records verifies a call: ${profile}, ${language}`, async () => {
        const page = language === "en" ? en : nl;
        doh.zone = { [KEY_ID]: RECORDS };
        doh.asked.length = 0;
        await paste(page, language, signedCall({ type: "click", profile, now: NOW }));
        await fetchKey(page, language);
        await verdict(page, language, "good");
        assert.equal(await page.locator("#key").inputValue(), RECORDS.join("\n"));
        await picture(page, `inspector-keys-${language}`);
        // The resolver learns the key's name, and nothing of the call or of its reader.
        const [{ method, url, headers, name }, ...more] = doh.asked;
        assert.deepEqual([method, name, more.length], ["GET", KEY_ID, 0]);
        assert.match(url, /^\/dns-query\?dns=[\w-]+$/);
        assert.equal(headers.cookie, undefined);
        assert.equal(headers.referer, undefined);
        assert.equal(headers.authorization, undefined);
      });
    }
  }

  /** What goes wrong, and the words for it. */
  const failures = {
    "no such name": [undefined, /DNS has no record at test\._domainkey/, /DNS heeft geen record onder test\._domainkey/],
    "an answer without end": [endless, /answered more than DNS can say/, /antwoordde meer dan DNS kan zeggen/],
    "no answer in time": [() => {}, /did not answer within five seconds/, /antwoordde niet binnen vijf seconden/],
    "an answer that breaks off": [(reply, question) => reply.end(answered(question, RECORDS).subarray(0, 100)), /is no DNS over HTTPS/, /is geen DNS over HTTPS/],
    "a page of HTML": [(reply) => reply.setHeader("content-type", "text/html").end("<img src=x onerror=alert(1)>"), /is no DNS over HTTPS/, /is geen DNS over HTTPS/],
    "the status 500": [(reply) => reply.writeHead(500).end(), /is no DNS over HTTPS/, /is geen DNS over HTTPS/],
    "a redirection": [(reply) => reply.writeHead(302, { location: "/elsewhere" }).end(), /answers elsewhere/, /verwijst naar elders/],
    "a resolver that fails": [(reply, question) => reply.end(refused(question, 2)), /could not find it out[^]*SERVFAIL/, /kon het niet uitzoeken[^]*SERVFAIL/],
    "a resolver that pages may not ask": [(reply, question) => { reply.removeHeader("access-control-allow-origin"); reply.end(answered(question, RECORDS)); }, /cannot be reached/, /is niet te bereiken/],
    "a connection that breaks": [(reply) => reply.destroy(), /cannot be reached/, /is niet te bereiken/],
  };
  for (const [what, [behaviour, english, dutch]] of Object.entries(failures)) {
    test(`${what} is told in both languages, and what was pasted stays`, async () => {
      doh.zone = behaviour === undefined ? {} : { [KEY_ID]: behaviour };
      for (const [page, language, words] of [[en, "en", english], [nl, "nl", dutch]]) {
        await paste(page, language);
        const pasted = await page.locator("#raw").inputValue();
        await fetchKey(page, language);
        const problem = page.getByRole("status").filter({ hasText: words });
        await problem.waitFor();
        assert.equal(await page.locator("#raw").inputValue(), pasted);
        assert.equal(await page.locator("#key").inputValue(), "");
        assert.equal(await page.getByRole("button", { name: LANGUAGES[language].fetch }).isEnabled(), true);
        await picture(page, `inspector-keys-failed-${language}`);
      }
      assert.ok(!doh.asked.some(({ url }) => url.includes("elsewhere")), "a redirection was followed");
    });
  }

  test("what is typed while a key is under way stays, and a key for another call is not taken", async () => {
    let answer;
    const came = () => new Promise((resolve) => (doh.zone = { [KEY_ID]: (reply, question) => { answer = () => reply.end(answered(question, RECORDS)); resolve(); } }));
    await paste(en, "en");
    let asked = came();
    await fetchKey(en, "en");
    await asked;
    await en.locator("#environment").fill("1234");
    answer();
    await verdict(en, "en", "good");
    assert.equal(await en.locator("#environment").inputValue(), "1234");

    await paste(en, "en");
    asked = came();
    await fetchKey(en, "en");
    await asked;
    const other = signedCall({ type: "open", now: NOW });
    const headers = other.headers.map(([name, value]) => [name, value.replace(KEY_ID, `other.${KEY_ID}`)]);
    await en.locator("#raw").fill(raw({ ...other, headers }));
    await en.locator(".sigstr").waitFor();
    const button = en.getByRole("button", { name: LANGUAGES.en.fetch });
    await en.locator(".checks__item", { hasText: "keyid" }).first().waitFor();
    answer();
    await en.waitForFunction((text) => [...document.querySelectorAll("button")].some((each) => each.textContent.includes(text) && !each.matches("[aria-busy=true], [disabled]")), LANGUAGES.en.fetch);
    assert.equal(await button.isEnabled(), true);
    assert.equal(await en.locator("#key").inputValue(), "");
  });

  test("the PEM of a key of each kind verifies a call", async () => {
    const call = signedCall({ type: "click", profile: "rfc9421", now: NOW });
    const [rsa, ed25519] = RECORDS.map((record) => Buffer.from(/p=([^;]+)/.exec(record)[1], "base64"));
    const pem = (der) => `-----BEGIN PUBLIC KEY-----\n${der.toString("base64").replace(/.{64}/g, "$&\n")}\n-----END PUBLIC KEY-----`;
    // RFC 8410: what stands before the 32 bytes.
    const spki = pem(Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), ed25519]));
    const p256 = generateKeyPairSync("ec", { namedCurve: "P-256" });
    for (const [pasted, key] of [
      [signedCall({ type: "click", now: NOW }), pem(rsa)],
      [call, spki],
      [call, `The key of the sender:\n${spki}\n`],
      [resigned(call, p256.privateKey), p256.publicKey.export({ type: "spki", format: "pem" })],
    ]) {
      await paste(en, "en", pasted);
      await en.locator("#key").fill(key);
      await verdict(en, "en", "good");
    }
  });

  test("a record of markup is text", async () => {
    const hostile = 'v=DKIM1; k=rsa; p=<img src=x onerror="document.title=1"></textarea><script>document.title=1</script>';
    doh.zone = { [KEY_ID]: [hostile] };
    await paste(en, "en");
    await fetchKey(en, "en");
    await en.locator(".checks__item--fail", { hasText: "signature" }).waitFor();
    await en.waitForFunction((text) => document.getElementById("key").value === text, hostile);
    assert.equal(await en.locator("main img, main script").count(), 0);
    assert.match(await en.title(), /Inspector/);
  });

  test("come to from another page, it loads itself anew to ask, with what was pasted", async () => {
    doh.zone = { [KEY_ID]: RECORDS };
    const page = await browser.page();
    await page.goto(server.signInLink);
    // The list is empty: its heading goes as that is known.
    await page.getByRole("heading", { level: 1, name: "Send your first event" }).waitFor();
    await page.getByRole("link", { name: "Inspector" }).first().click();
    await page.locator("#raw").waitFor();
    await page.getByLabel("Time of arrival").fill(new Date(NOW).toISOString());
    await page.locator("#raw").fill(raw(signedCall({ type: "open", now: NOW })));
    await verdict(page, "en", "bad");
    // The page that is loaded may not ask; a loading of the inspector's own may.
    const before = doh.asked.length;
    assert.equal(await page.evaluate((url) => fetch(url).then(() => true, () => false), doh.url), false);
    assert.equal(doh.asked.length, before);
    await fetchKey(page, "en");
    await verdict(page, "en", "good");
    assert.equal(doh.asked.length, before + 1);
    assert.match(await page.locator("#raw").inputValue(), /^POST .*\n/);
    await page.context().close();
  });

  test("no link makes a browser ask: only the button does", async () => {
    doh.zone = { [KEY_ID]: RECORDS };
    await paste(en, "en");
    await en.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await en.getByRole("button", { name: "Copy share link" }).click();
    await en.locator("[data-done]").first().waitFor();
    const link = await en.evaluate(() => navigator.clipboard.readText());
    const before = doh.asked.length;
    const page = await open("en", link);
    await verdict(page, "en", "bad");
    await page.waitForLoadState("networkidle");
    assert.equal(doh.asked.length, before);
    await page.context().close();
  });

  test("nothing else leaves the browser", async () => {
    const other = createServer((request, reply) => { heard.push(request.url); reply.setHeader("access-control-allow-origin", "*").end(); }).listen(0, "127.0.0.1");
    const heard = [];
    await once(other, "listening");
    const elsewhere = `http://127.0.0.1:${other.address().port}`;
    const seen = requests.length;
    try {
      const left = await en.evaluate(async (place) => {
        const image = new Image();
        const drawn = new Promise((resolve) => { image.onload = () => resolve(true); image.onerror = () => resolve(false); });
        image.src = `${place}/image`;
        navigator.sendBeacon(`${place}/beacon`, "leak");
        const socket = await new Promise((resolve) => {
          try {
            const one = new WebSocket(place.replace("http", "ws"));
            one.onopen = () => resolve(true);
            one.onerror = () => resolve(false);
          } catch {
            resolve(false);
          }
        });
        return [await fetch(`${place}/fetch`).then(() => true, () => false), await drawn, socket];
      }, elsewhere);
      assert.deepEqual(left, [false, false, false]);
      assert.deepEqual(heard, []);
    } finally {
      other.close();
    }
    // Where a redirection pointed is named as a request, but was not made: the resolver has not heard of it.
    const expected = (url) => [`${server.base}/`, `${doh.url}?dns=`, "data:"].some((start) => url.startsWith(start)) || url === `${doh.origin}/elsewhere`;
    for (const url of requests.slice(0, seen)) assert.ok(expected(url), url);
    assert.ok(!doh.asked.some(({ url }) => url.includes("elsewhere")));
    const policyOf = async (path) => (await fetch(server.base + path)).headers.get("content-security-policy");
    assert.match(await policyOf("/inspector"), new RegExp(`connect-src 'self' ${doh.origin.replaceAll(".", "\\.")};`));
    for (const path of ["/", "/webhooks", "/index.html", "/inspector/other", "/offline.js", "/theme.js"]) assert.match(await policyOf(path), /connect-src 'self';/, path);
  });

  test("a resolver that cannot be trusted is refused at the start", async () => {
    for (const url of ["http://dns.example/dns-query", "https://user:secret@dns.example/", "dns.example"]) {
      await assert.rejects(Server.start(["--dns-over-https", url]), /dns_over_https = .* cannot be used: a URL such as https/);
    }
  });

  test("without a resolver the page says so, and how to ask by hand", async () => {
    const plain = await Server.start();
    try {
      for (const [language, words] of [["en", /No resolver is set for this page/], ["nl", /is geen resolver ingesteld/]]) {
        const page = await open(language, `${plain.base}/inspector`);
        await page.getByText(words).waitFor();
        assert.equal(await page.getByRole("button", { name: LANGUAGES[language].fetch }).count(), 0);
        await paste(page, language);
        await page.getByText(`dig +short TXT ${KEY_ID}`).waitFor();
        // As dig prints it: a record a line, each in quoted pieces of at most 255 characters.
        await page.locator("#key").fill(RECORDS.map((record) => record.match(/.{1,255}/g).map((piece) => `"${piece}"`).join(" ")).join("\n"));
        await verdict(page, language, "good");
        await page.context().close();
      }
      const policy = (await fetch(`${plain.base}/inspector`)).headers.get("content-security-policy");
      assert.match(policy, /connect-src 'self';/);
    } finally {
      await plain.remove();
    }
  });

  test("a resolver that is not there is told", async () => {
    const nowhere = await Server.start(["--dns-over-https", `http://127.0.0.1:${await freePort()}/dns-query`]);
    try {
      const page = await open("nl", `${nowhere.base}/inspector`);
      await paste(page, "nl");
      await fetchKey(page, "nl");
      await page.getByText(/is niet te bereiken/).waitFor();
      await page.context().close();
    } finally {
      await nowhere.remove();
    }
  });
});
