// The inspector, as a receiver's programmer uses it: nobody is signed in.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { Browser, picture } from "../support/browser.mjs";
import { RECORDS, curl, har, raw, signedCall } from "../support/calls.mjs";
import { EVENTS } from "../support/events.mjs";
import { Server } from "../support/server.mjs";

const NOW = Date.UTC(2026, 0, 15, 12);
const KEY = RECORDS[0];

describe("the inspector", () => {
  let server, browser, page;
  /** Every address that a page asked for. */
  const asked = [];

  before(async () => {
    server = await Server.start();
    browser = await Browser.start();
    page = await browser.page();
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(`${server.base}/inspector`);
    await page.getByRole("heading", { level: 1, name: "Inspector" }).waitFor();
  });

  after(async () => {
    if (page && !page.isClosed()) await picture(page, "inspector-last");
    await browser?.stop();
    await server?.remove();
  });

  const verdict = (name, on = page) => on.getByRole("heading", { level: 2, name }).waitFor();
  async function settings(on = page) {
    await on.getByLabel("Your host").fill("hooks.example.com");
    await on.locator("#environment").fill("1234");
    await on.getByLabel("Trusted key domain").fill("sign.example.com");
    await on.getByLabel("Time of arrival").fill(new Date(NOW).toISOString());
    await on.locator("#key").fill(KEY);
  }

  test("a raw request, a curl command, an archive, and headers and body apart are read alike", async () => {
    await settings();
    const call = signedCall({ type: "click", now: NOW });
    await page.locator("#raw").fill(raw(call));
    await verdict("It verifies");
    await page.getByText("understood as Raw").waitFor();
    // Each signed part has the colour of its header, and pointing at one rings the other.
    const lines = await page.locator(".sigstr > li").count();
    assert.equal(await page.locator(".paste .tie").count(), lines);
    assert.ok(lines >= 8, `${lines}`);
    const marks = page.locator(".paste .tie");
    const rings = () => marks.evaluateAll((all) => all.map((each) => getComputedStyle(each).boxShadow + getComputedStyle(each).outline + getComputedStyle(each).backgroundColor));
    const before = await rings();
    await page.locator(".sigstr > li .tie").nth(2).hover();
    await page.waitForFunction((old) => [...document.querySelectorAll(".paste .tie")].filter((each, index) => getComputedStyle(each).boxShadow + getComputedStyle(each).outline + getComputedStyle(each).backgroundColor !== old[index]).length === 1, before);
    await picture(page, "inspector-verifies");
    // The event, variable by variable.
    for (const [name, value] of Object.entries(JSON.parse(new TextDecoder().decode(call.body)))) {
      const term = page.locator("dl.kv dt", { hasText: new RegExp(`^${name}$`) });
      assert.equal(await term.locator("xpath=following-sibling::dd[1]").textContent(), typeof value === "string" ? value : JSON.stringify(value), name);
    }

    await page.locator("#raw").fill(curl(call));
    await page.getByText("understood as curl").waitFor();
    await verdict("It verifies");
    await page.getByRole("heading", { name: "The request as sent" }).waitFor();

    await page.locator("#raw").fill(har(signedCall({ now: NOW, spoil: "stale" }), call));
    await page.getByText("understood as HAR").waitFor();
    await verdict("It does not verify");
    await page.getByLabel("Which request").selectOption({ label: "Request 2" });
    await verdict("It verifies");

    await page.getByText("Headers + body", { exact: true }).click();
    const [head, body] = raw(call).split("\n\n");
    await page.locator("#raw").fill(head);
    await page.locator("#body").fill(body);
    await page.getByText("understood as Headers + body").waitFor();
    await verdict("It verifies");
    await page.getByText("Any", { exact: true }).click();
  });

  test("what is no request is told where, and keeps what was typed", async () => {
    await page.locator("#raw").fill("POST /hook HTTP/1.1\nHost hooks.example.com\n\n{}");
    await page.locator("#raw-note .bad").waitFor();
    assert.match(await page.locator("#raw-note").textContent(), /line 2/);
    await page.locator("#raw").fill("curl 'http://a");
    await page.locator("#raw-note .bad").waitFor();
    assert.equal(await page.locator("#raw").inputValue(), "curl 'http://a");
  });

  test("a body with a line feed too much: where it differs, what would verify, and trying it", async () => {
    const call = signedCall({ type: "bounce", now: NOW });
    const body = new TextDecoder().decode(call.body);
    await page.locator("#raw").fill(raw({ ...call, headers: call.headers.map(([name, value]) => [name, name.toLowerCase() === "content-length" ? String(call.body.length + 1) : value]) }, `${body}\n`));
    await verdict("It does not verify");
    await page.getByRole("heading", { name: "It would verify if…" }).waitFor();
    await page.getByRole("heading", { name: "Where the body differs" }).waitFor();
    const offset = (call.body.length + 1).toLocaleString("en-GB");
    await page.getByText(`Byte ${offset} is the first that differs.`).waitFor();
    await page.locator(".hex .inv--bad").first().waitFor();
    await picture(page, "inspector-body-differs");
    await page.getByRole("button", { name: "Try it" }).first().click();
    await verdict("It verifies");
  });

  test("another host: the part that differs, from which byte, and trying it", async () => {
    const call = signedCall({ type: "open", now: NOW });
    await page.locator("#raw").fill(raw({ ...call, headers: call.headers.map(([name, value]) => [name, name.toLowerCase() === "host" ? "app:3000" : value]) }));
    await verdict("It does not verify");
    await page.getByText(/they differ from byte \d+ on/).waitFor();
    await page.locator(".sigstr .diff-b", { hasText: "app:3000" }).waitFor();
    await page.locator(".sigstr .diff-a", { hasText: "hooks.example.com" }).waitFor();
    await page.getByRole("button", { name: "Try it" }).first().click();
    await verdict("It verifies");
  });

  test("a bounce and a complaint are diagnosed, with their evidence and their parts", async () => {
    for (const [index, word, type] of [[0, "bounce", "message/delivery-status"], [5, "Complaint", "message/feedback-report"]]) {
      const call = signedCall({ now: NOW, body: EVENTS[index].text });
      await page.locator("#raw").fill(raw(call));
      await page.locator(".panel", { has: page.locator("#mail-title") }).getByText(new RegExp(word, "i")).first().waitFor();
      await page.locator(".tree", { hasText: type }).first().waitFor();
    }
    const call = signedCall({ now: NOW, body: EVENTS[0].text });
    await page.locator("#raw").fill(raw(call));
    await page.locator("mark.ev").first().waitFor();
    await page.locator(".tree .strong").first().waitFor();
    await picture(page, "inspector-bounce");
  });

  test("invisible characters are marked in the bytes", async () => {
    const body = '{"id":"1","type":"open","recipient":"a\u200bb@example.com"}\t';
    await page.locator("#raw").fill(raw(signedCall({ now: NOW, body })));
    await page.locator(".hex .inv", { hasText: "<200B>" }).waitFor();
    await page.locator(".hex .inv", { hasText: "⇥" }).waitFor();
  });

  test("samples of every type and profile verify; spoilt ones do not", async () => {
    const types = ["bounce", "failure", "click", "open", "delivery", "abuse", "profile"];
    async function make(values) {
      await page.getByRole("button", { name: "Make a sample" }).click();
      const dialog = page.getByRole("dialog");
      for (const [label, value] of Object.entries(values)) await dialog.getByLabel(label).selectOption(value);
      await dialog.getByRole("button", { name: "Make a sample" }).click();
      await dialog.waitFor({ state: "detached" });
      await page.locator(".verdict", { hasText: `Profile ${values.Profile}` }).waitFor();
    }
    for (const Profile of ["cavage", "standard", "rfc9421"]) {
      for (const Type of types) {
        const Format = types.indexOf(Type) % 2 === 0 ? "json" : "form";
        await make({ Type, Profile, Format, Spoilt: "" });
        await verdict("It verifies");
        assert.equal(await page.locator("dl.kv dt", { hasText: /^type$/ }).locator("xpath=following-sibling::dd[1]").textContent(), Type);
      }
      for (const Spoilt of ["newline", "altered", "stale", "future", "forged"]) {
        await make({ Type: "open", Profile, Format: "json", Spoilt });
        await verdict("It does not verify");
      }
    }
  });

  test("it is checked anew at each key", async () => {
    await settings();
    await page.locator("#raw").fill(raw(signedCall({ type: "open", now: NOW })));
    await verdict("It verifies");
    const environment = page.locator("#environment");
    const check = (outcome) => page.locator(`.checks__item--${outcome}`, { has: page.locator(".checks__name", { hasText: "environment" }) }).waitFor();
    await environment.press("End");
    await environment.press("5");
    await check("fail");
    await verdict("It does not verify");
    await environment.press("Backspace");
    await check("pass");
    await verdict("It verifies");
    // In the request itself, too: the cursor stands where it stood.
    await page.locator("#raw").press("Control+End");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.type(" ");
    await page.locator(".checks__item--fail", { hasText: "digest" }).first().waitFor();
    await page.keyboard.press("Backspace");
    await verdict("It verifies");
  });

  test("a receiver in each language, for the profile of the call", async () => {
    await page.getByText("A receiver to copy").click();
    const words = {
      cavage: { Python: "(request-target)", PHP: "openssl_verify", Rust: "httpdate", Go: "VerifyPKCS1v15" },
      standard: { Python: "whsec_", PHP: "hash_hmac", Rust: "HMAC_SHA256", Go: "hmac.New" },
      rfc9421: { Python: "@signature-params", PHP: "sodium_crypto_sign_verify_detached", Rust: "ED25519", Go: "ed25519.Verify" },
    };
    for (const [profile, languages] of Object.entries(words)) {
      await page.locator("#raw").fill(raw(signedCall({ type: "open", profile, now: NOW })));
      await page.locator(".verdict", { hasText: `Profile ${profile}` }).waitFor();
      // What is said of them is what they do.
      await page.getByText(profile === "standard" ? "It checks the time and the signature" : "the time, the host, the environment").waitFor();
      for (const [language, word] of Object.entries({ JavaScript: "seinpost-verify", ...languages })) {
        await page.locator(".seg__item", { hasText: language }).click();
        await page.locator(".code", { hasText: word }).first().waitFor();
      }
    }
  });

  test("a receiver that comes late does not take the place of the one that was chosen since", async () => {
    await page.locator("#raw").fill(raw(signedCall({ type: "open", now: NOW })));
    await page.locator(".verdict", { hasText: "Profile cavage" }).waitFor();
    await page.locator(".seg__item", { hasText: "JavaScript" }).click();
    let answer;
    const held = new Promise((resolve) => (answer = resolve));
    const name = /receivers\/cavage\.py/;
    const late = page.waitForResponse(name);
    await page.route(name, async (route) => {
      await held;
      await route.continue();
    });
    await page.locator(".seg__item", { hasText: "Python" }).click();
    await page.locator(".seg__item", { hasText: "Go" }).click();
    const shown = page.locator(".code", { hasText: "VerifyPKCS1v15" });
    await shown.waitFor();
    answer();
    await (await late).finished();
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    await page.unrouteAll({ behavior: "wait" });
    assert.ok(await shown.isVisible());
    assert.match(await shown.innerText(), /Go · cavage/);
    await page.locator(".seg__item", { hasText: "JavaScript" }).click();
  });

  test("a link holds it all in its fragment", async () => {
    await settings();
    await page.locator("#raw").fill(raw(signedCall({ type: "delivery", now: NOW })));
    await verdict("It verifies");
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByRole("button", { name: "Copy share link" }).click();
    await page.locator("[data-done]").first().waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(link, /\/inspector#[\w-]+$/);
    const other = await browser.page();
    await other.goto(link);
    await verdict("It verifies", other);
    await other.context().close();
  });

  test("what a call carries is text, never markup", async () => {
    const hostile = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
    const body = JSON.stringify({ ...EVENTS[0].variables, id: hostile, recipient: hostile, mime: `From: ${hostile}\r\nContent-Type: ${hostile}\r\n\r\n550 ${hostile}`, [hostile]: hostile });
    const call = signedCall({ now: NOW, body });
    const marked = { ...call, headers: [...call.headers, ["X-Hostile", hostile]] };
    await page.locator("#raw").fill(raw(marked));
    await page.locator("#mail-title").waitFor();
    const harmless = async () => {
      assert.equal(await page.locator("main img, main script, main iframe").count(), 0);
      assert.match(await page.title(), /Inspector/);
    };
    // As it stands, in the event, and in the part of the mail that its diagnosis rests on.
    const shown = (place) => page.locator(place, { hasText: hostile }).first().waitFor();
    await shown("dl.kv dt");
    await shown("dl.kv dd");
    await page.locator("section:has(#mail-title)", { hasText: "<img src=x" }).waitFor();
    await harmless();
    for (const [form, text] of [["curl", curl(marked)], ["HAR", har(marked)]]) {
      await page.locator("#raw").fill(text);
      await page.getByText(`understood as ${form}`).waitFor();
      await shown("section:has(#wire-title) pre");
      await harmless();
    }
    // In what is signed, what is wrong with it, what it was, and what cannot be read at all.
    const named = { ...call, headers: call.headers.map(([name, value]) => [name, name === "x-copernica-id" ? hostile : value]) };
    await page.locator("#raw").fill(raw(named));
    await shown(".sigstr");
    await page.locator(".checks__item--fail", { hasText: "environment" }).waitFor();
    await harmless();
    await page.locator("#raw").fill(raw(call, `{"type": ${hostile}`));
    await page.getByText("does not decode").waitFor();
    await harmless();
    for (const text of [`${hostile} / HTTP/1.1\nHost: a\n\n`, `POST / HTTP/1.1\n${hostile}\n\n`, `curl '${hostile}`, `{"log": "${hostile.replaceAll('"', "'")}"}`]) {
      await page.locator("#raw").fill(text);
      await page.locator("#raw-note").waitFor();
      await harmless();
    }
    await page.locator("#raw").fill(raw(call));
    await page.locator("#key").fill(hostile);
    await verdict("It does not verify");
    await harmless();
    await settings();
  });

  test("it speaks Dutch", async () => {
    const dutch = await browser.page({ locale: "nl-NL" });
    await dutch.goto(`${server.base}/inspector`);
    await dutch.getByRole("heading", { level: 1, name: "Inspecteur" }).waitFor();
    await dutch.locator("#raw").fill(raw(signedCall({ now: NOW, spoil: "newline" })));
    await verdict("De verificatie mislukt", dutch);
    await dutch.getByRole("heading", { name: "De handtekening zou kloppen als…" }).waitFor();
    await picture(dutch, "inspector-nl");
    await dutch.getByLabel("Tijd van aankomst").fill(new Date(NOW).toISOString());
    await dutch.locator("#key").fill(KEY);
    for (const text of [raw, curl, har].map((form) => form(signedCall({ now: NOW, body: EVENTS[0].text })))) {
      await dutch.locator("#raw").fill(text);
      await verdict("De handtekening klopt", dutch);
    }
    await dutch.locator("#mail-title").waitFor();
    await picture(dutch, "inspector-nl-bounce");
    // What cannot be checked at all is said in the reader's language, too.
    await dutch.locator("#environment").fill("abc");
    await dutch.getByText("De omgeving moet een nummer zijn, een lijst ervan, of any.").waitFor();
    await picture(dutch, "inspector-nl-mistake");
    await dutch.locator("#environment").fill("1234");
    await dutch.locator("#raw").fill("POST /hook HTTP/1.1\nHost hooks.example.com\n\n{}");
    await dutch.locator("#raw-note .bad", { hasText: /regel 2/ }).waitFor();
    assert.deepEqual(dutch.mistakes, []);
    await dutch.context().close();
  });

  test("it works without a connection once it was opened", async () => {
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      if (navigator.serviceWorker.controller === null) await new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }));
    });
    await server.kill();
    await page.goto(`${server.base}/inspector`);
    await settings();
    await page.locator("#raw").fill(raw(signedCall({ now: NOW, body: EVENTS[0].text })));
    await verdict("It verifies");
    await page.locator("#mail-title").waitFor();
    await server.start();
  });

  test("nothing left the browser, and the page's policy would not have let it", async () => {
    assert.ok(asked.length > 5);
    for (const url of asked) {
      assert.ok(url.startsWith(`${server.base}/`) || url.startsWith("data:"), url);
      // What is asked of the server itself are the page's files, and whether someone is signed in.
      assert.match(new URL(url).pathname, /^\/(?:inspector|index\.html|v1\/(?:session|settings|branding)|[\w./-]+\.(?:js|css|svg|wasm|mjs|py|php|rs|go))$/);
    }
    const policy = (await fetch(`${server.base}/inspector`)).headers.get("content-security-policy");
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /connect-src 'self';/);
    const escaped = await page.evaluate(() => fetch("https://example.com/?leak=1").then(() => true, () => false));
    assert.equal(escaped, false);
  });
});
