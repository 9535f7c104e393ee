// The inspector as a static page of its own, served by a plain web server from a path of somebody else's site.

import assert from "node:assert/strict";
import { access, cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { Browser, picture } from "../support/browser.mjs";
import { KEY_ID, RECORDS, raw, signedCall } from "../support/calls.mjs";
import { Doh } from "../support/doh.mjs";
import { EVENTS } from "../support/events.mjs";
import { StaticServer } from "../support/static.mjs";

const folder = new URL("../../target/inspector/", import.meta.url).pathname;
const NOW = Date.UTC(2026, 0, 15, 12);
const WORDS = {
  en: { locale: "en-GB", title: "Inspector", good: "It verifies", bad: "It does not verify", would: "It would verify if…", arrived: "Time of arrival", resolver: /No resolver is set for this page/, server: "Take the key from this server", loading: /The inspector is being loaded/ },
  nl: { locale: "nl-NL", title: "Inspecteur", good: "De handtekening klopt", bad: "De verificatie mislukt", would: "De handtekening zou kloppen als…", arrived: "Tijd van aankomst", resolver: /is geen resolver ingesteld/, server: "Haal de sleutel van deze server", loading: /De inspecteur wordt geladen/ },
};

describe("the inspector as a page of its own", () => {
  let files, browser;
  const asked = [];

  before(async () => {
    await access(`${folder}index.html`);
    files = await StaticServer.start(folder, "/somebody/tools/inspector/");
    browser = await Browser.start();
  });

  after(async () => {
    await browser?.stop();
    await files?.stop();
  });

  async function open(language, options = {}) {
    const page = await browser.page({ locale: WORDS[language].locale, ...options });
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(files.base);
    await page.getByRole("heading", { level: 1, name: WORDS[language].title }).waitFor();
    return page;
  }

  const verdict = (page, name) => page.getByRole("heading", { level: 2, name }).waitFor();

  async function check(page, words, call) {
    await page.getByLabel(words.arrived).fill(new Date(NOW).toISOString());
    await page.locator("#key").fill(RECORDS[0]);
    await page.locator("#raw").fill(raw(call));
  }

  for (const [language, words] of Object.entries(WORDS)) {
    test(`it opens, reads and judges: ${language}`, async () => {
      const page = await open(language);
      // What depends on a Seinpost behind it is not there.
      await page.getByText(words.resolver).waitFor();
      assert.equal(await page.getByRole("button", { name: words.server }).count(), 0);
      await check(page, words, signedCall({ now: NOW, body: EVENTS[0].text }));
      await verdict(page, words.good);
      await page.locator("#mail-title").waitFor();
      await page.locator("mark.ev").first().waitFor();
      await page.getByText(`dig +short TXT ${KEY_ID}`).waitFor();
      await picture(page, `inspector-alone-${language}`);
      await check(page, words, signedCall({ now: NOW, spoil: "newline" }));
      await verdict(page, words.bad);
      await page.getByRole("heading", { name: words.would }).waitFor();
      assert.deepEqual(page.mistakes, []);
      await page.context().close();
    });
  }

  test("samples, receivers, both languages and both themes", async () => {
    const page = await open("en");
    await page.getByRole("button", { name: "Make a sample" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Profile").selectOption("rfc9421");
    await dialog.getByRole("button", { name: "Make a sample" }).click();
    await verdict(page, WORDS.en.good);
    await page.getByText("A receiver to copy").click();
    for (const [language, word] of [["JavaScript", "seinpost-verify"], ["Python", "Signature-Input"], ["PHP", "sodium_crypto"], ["Rust", "ring"], ["Go", "ed25519"]]) {
      await page.locator(".seg__item", { hasText: language }).click();
      await page.locator(".code", { hasText: word }).first().waitFor();
    }
    await page.getByRole("button", { name: "Nederlands" }).click();
    await page.getByRole("heading", { level: 1, name: WORDS.nl.title }).waitFor();
    await verdict(page, WORDS.nl.good);
    await page.getByTitle("Donker").click();
    await page.waitForFunction(() => document.documentElement.dataset.theme === "dark");
    await picture(page, "inspector-alone-dark");
    await page.reload();
    await page.getByRole("heading", { level: 1, name: WORDS.nl.title }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
    await page.context().close();
  });

  test("a link holds it all, and leads to this very page", async () => {
    const page = await open("en");
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await check(page, WORDS.en, signedCall({ type: "open", now: NOW }));
    await verdict(page, WORDS.en.good);
    await page.getByRole("button", { name: "Copy share link" }).click();
    await page.locator("[data-done]").first().waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    assert.ok(link.startsWith(`${files.base}#`), link);
    const other = await browser.page();
    await other.goto(link);
    await verdict(other, WORDS.en.good);
    await other.context().close();
    await page.context().close();
  });

  test("it works without a connection once it was opened", async () => {
    const page = await open("en");
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      if (navigator.serviceWorker.controller === null) await new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }));
    });
    await files.stop();
    try {
      await page.reload();
      await check(page, WORDS.en, signedCall({ now: NOW, body: EVENTS[0].text }));
      await verdict(page, WORDS.en.good);
      await page.locator("#mail-title").waitFor();
      await page.getByText("A receiver to copy").click();
      await page.locator(".seg__item", { hasText: "Go" }).click();
      await page.locator(".code", { hasText: "net/http" }).first().waitFor();
    } finally {
      await files.start();
    }
    await page.context().close();
  });

  test("what is kept for one page is not thrown away by another on the same site", async () => {
    const page = await open("en");
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.evaluate(() => caches.open("seinpost /another/ 0123456789abcdef"));
    await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      await registration.unregister();
    });
    await page.reload();
    await page.evaluate(() => navigator.serviceWorker.ready);
    const names = await page.evaluate(() => caches.keys());
    assert.ok(names.includes("seinpost /another/ 0123456789abcdef"), names.join());
    assert.equal(names.filter((name) => name.startsWith("seinpost /somebody/tools/inspector/ ")).length, 1, names.join());
    await page.context().close();
  });

  test("where nothing can run, it says what is needed", async () => {
    for (const [language, words] of Object.entries(WORDS)) {
      const page = await browser.page({ locale: words.locale, javaScriptEnabled: false });
      await page.goto(files.base);
      await page.getByText(words.loading).waitFor();
      await page.goto(`file://${folder}index.html`);
      await page.getByText(words.loading).waitFor();
      await page.context().close();
      assert.ok(language);
    }
  });

  test("where its index.html names a resolver, it asks that for keys, and nobody else", async () => {
    const doh = await Doh.start();
    const copy = await mkdtemp(join(tmpdir(), "seinpost-inspector-"));
    await cp(folder, copy, { recursive: true });
    const index = await readFile(join(copy, "index.html"), "utf8");
    const named = index.replace('name="dns-over-https" content=""', `name="dns-over-https" content="${doh.url}"`);
    await writeFile(join(copy, "index.html"), named.replace("connect-src 'self'", `connect-src 'self' ${doh.origin}`));
    const own = await StaticServer.start(copy, "/");
    const page = await browser.page();
    const requests = [];
    page.on("request", (request) => requests.push(request.url()));
    try {
      doh.zone = { [KEY_ID]: RECORDS };
      await page.goto(own.base);
      for (const profile of ["cavage", "rfc9421"]) {
        await page.getByLabel(WORDS.en.arrived).fill(new Date(NOW).toISOString());
        await page.locator("#key").fill("");
        await page.locator("#raw").fill(raw(signedCall({ type: "click", profile, now: NOW })));
        await verdict(page, "It does not verify");
        await page.getByRole("button", { name: "Fetch the key by DNS" }).click();
        await verdict(page, WORDS.en.good);
        // The resolver learns the key's name, and nothing of the call or of its reader.
        const { method, url, headers, name } = doh.asked.at(-1);
        assert.deepEqual([method, name, headers.cookie, headers.referer], ["GET", KEY_ID, undefined, undefined]);
        assert.match(url, /^\/dns-query\?dns=[\w-]+$/);
      }
      assert.equal(doh.asked.length, 2);
      doh.zone = {};
      await page.getByRole("button", { name: "Fetch the key by DNS" }).click();
      await page.getByText(`DNS has no record at ${KEY_ID}`).waitFor();
      for (const url of requests) assert.ok(url.startsWith(own.base) || url.startsWith(`${doh.url}?dns=`) || url.startsWith("data:"), url);
    } finally {
      await page.context().close();
      await own.stop();
      await doh.stop();
      await rm(copy, { recursive: true, force: true });
    }
  });

  test("nothing left the site, and the page's policy would not have let it", async () => {
    assert.ok(asked.length > 20);
    for (const url of asked) assert.ok(url.startsWith(files.base) || url.startsWith("data:"), url);
    for (const path of files.asked) assert.match(path, /^\/somebody\/tools\/inspector\/(?:[\w./-]+\.(?:js|css|svg|wasm|mjs|py|php|rs|go|html))?$/);
    const page = await open("en");
    assert.equal(await page.evaluate(() => fetch("https://example.com/?leak=1").then(() => true, () => false)), false);
    await page.context().close();
  });
});
