// Manners of the dashboard: keys, narrow screens, what is shown before it is done and taken back, what is not saved, and a
// connection that goes and comes; in both languages.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { picture } from "../support/browser.mjs";
import { Dashboard, mistakes, speak } from "../support/dashboard.mjs";
import { EVENTS } from "../support/events.mjs";
import { Receiver } from "../support/receiver.mjs";

describe("manners", { timeout: 300_000 }, () => {
  let dashboard, server, page, receiver, webhook, delivery, event;

  const heading = (name) => page.getByRole("heading", { level: 1, name, exact: true });
  const row = () => page.locator("main tbody tr").filter({ hasText: "/hooks/" });

  before(async () => {
    dashboard = await Dashboard.start();
    ({ server, page } = dashboard);
    receiver = await Receiver.start({ server });
    webhook = await server.verifiedWebhook(receiver, "/hooks/a-rather-long-path/for-bounces-and-complaints.php?customer=12345678", { type: ["bounce", "abuse"] });
    for (const { text } of EVENTS) await server.ok("POST", "/v1/events", text);
    await receiver.count(3);
    [delivery] = await server.all("/v1/deliveries");
    event = delivery.event;
  });

  after(async () => {
    await dashboard?.stop("manners");
    await receiver?.stop();
  });

  test("every page is reached by keys, which are silent while one types", async () => {
    await dashboard.go("/webhooks");
    for (const [keys, name] of [["gd", "Deliveries"], ["gk", "Keys"], ["gi", "Inspector"], ["gw", "Webhooks"]]) {
      for (const key of keys) await page.keyboard.press(key);
      await heading(name).waitFor();
    }
    await page.keyboard.press("/");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "q");
    await page.keyboard.type("gdc?");
    assert.equal(await page.locator("#q").inputValue(), "gdc?");
    assert.match(page.url(), /\/webhooks\?q=/);
    await page.locator("#q").fill("");
    await page.locator("#q").blur();
    await page.keyboard.press("c");
    await page.getByRole("dialog").getByRole("heading", { name: "Create a webhook" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.keyboard.press("?");
    const help = page.getByRole("dialog");
    await help.getByText("g").first().waitFor();
    // Keys do nothing behind a dialog.
    await page.keyboard.press("g");
    await page.keyboard.press("d");
    await heading("Webhooks").waitFor();
    await picture(page, "manners-help");
    await page.keyboard.press("Escape");
    await help.waitFor({ state: "detached" });
    await speak(page, "nl");
    await page.locator("main").focus();
    await page.keyboard.press("?");
    await page.getByRole("dialog").getByText("Zoeken").first().waitFor();
    await page.keyboard.press("Escape");
    await speak(page, "en");
  });

  test("rows are gone through and opened by keys, and the focus comes back", async () => {
    await dashboard.go("/deliveries");
    await page.locator(".log tbody tr").nth(2).waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    const first = await page.evaluate(() => document.activeElement?.id);
    assert.match(first, /^row-dlv_/);
    await page.keyboard.press("Enter");
    await page.locator("#opened").waitFor();
    await page.waitForFunction(() => document.activeElement?.id === "opened");
    await page.keyboard.press("Escape");
    await page.waitForFunction((id) => document.activeElement?.id === id, first);
  });

  test("a row of the list of webhooks is one stop, and opens the webhook", async () => {
    const second = await server.ok("POST", "/v1/webhook", { url: `${receiver.base}/second`, type: "click" });
    await dashboard.go("/webhooks");
    // The one has a link to its last delivery besides.
    await page.waitForFunction(() => document.querySelectorAll("main tbody tr:has(.tablelink)").length === 2 && document.querySelectorAll("main tbody .tablelink").length === 3);
    const rows = await page.locator("main tbody tr:has(.tablelink)").evaluateAll((all) => all.map((each) => each.querySelector(".tablelink").getAttribute("href")));
    for (const [key, at] of [["j", 0], ["j", 1], ["j", 1], ["k", 0]]) {
      await page.keyboard.press(key);
      assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("href")), rows[at], key);
    }
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.pathname === rows[0]);
    await server.ok("DELETE", `/v1/webhooks/${second.id}`);
  });

  test("the skip link comes first, and every stop of the focus can be seen", async () => {
    await dashboard.go("/webhooks");
    await row().first().waitFor();
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement?.className), "skip");
    for (let stops = 0; stops < 25; stops += 1) {
      await page.keyboard.press("Tab");
      const style = await page.evaluate(() => {
        const element = document.activeElement;
        // A choice that is hidden shows its focus on what stands for it.
        const shown = element?.matches("input.vh") ? element.nextElementSibling : element;
        return element === document.body ? null : { outline: getComputedStyle(shown).outlineStyle, name: element.outerHTML.slice(0, 120) };
      });
      assert.ok(style === null || style.outline !== "none", style?.name);
    }
  });

  test("at 360 px no page scrolls sideways; in both languages", async () => {
    const of = `/webhooks/${webhook.id}`;
    const places = ["/webhooks", "/webhooks/new", of, ...["settings", "test", "deliveries", "history"].map((tab) => `${of}/${tab}`), `${of}/deliveries/${delivery.id}`, "/deliveries", "/deliveries?time=range", `/deliveries/${delivery.id}`, "/events", `/events/${event}`, "/logfiles", "/inspector", "/keys", "/tokens", "/audit", "/settings", "/no/such/page"];
    const { url } = await server.ok("POST", "/v1/signin-links", { scopes: ["admin"] });
    for (const [language, locale] of [["en", "en-GB"], ["nl", "nl-NL"]]) {
      const narrow = await dashboard.open({ viewport: { width: 360, height: 780 }, locale, reducedMotion: "reduce" });
      await dashboard.signIn(narrow, language === "en" ? url : `${server.base}/signin#code=${server.token}`);
      await narrow.locator(`html[lang=${language}]`).waitFor();
      const wide = [];
      for (const place of places) {
        await dashboard.go(place, narrow);
        await narrow.waitForFunction(() => document.querySelector("main [aria-busy=true], .skel") === null);
        const width = await narrow.evaluate(() => document.scrollingElement.scrollWidth);
        if (width > 360) {
          const culprits = await narrow.evaluate(() => [...document.querySelectorAll("main *")].filter((each) => each.getBoundingClientRect().right > 361).slice(0, 3).map((each) => each.outerHTML.slice(0, 160)));
          wide.push(`${place}: ${width} ${culprits.join(" | ")}`);
        }
        await picture(narrow, `narrow-${language}${place.replace(/(wh|dlv|evt)_\w+/g, "$1").replaceAll(/[/?=]/g, "-")}`);
      }
      assert.deepEqual(wide, []);
      assert.deepEqual(narrow.mistakes, []);
      await narrow.context().close();
    }
    const door = await dashboard.open({ viewport: { width: 360, height: 780 } });
    await door.goto(`${server.base}/signin`);
    await door.getByRole("heading", { level: 1 }).waitFor();
    assert.ok((await door.evaluate(() => document.scrollingElement.scrollWidth)) <= 360);
    await door.context().close();
  });

  test("an address is a page, whatever the id in it looks like", async () => {
    for (const tab of ["y.z", "a.js", "over%2Eview.css"]) {
      await dashboard.go(`/webhooks/${webhook.id}/${tab}`);
      await page.getByRole("heading", { level: 2, name: "Last 24 h" }).waitFor();
    }
  });

  test("fields beside each other stand on one line, however long their labels; in both languages", async () => {
    await page.setViewportSize({ width: 1000, height: 900 });
    for (const language of ["nl", "en"]) {
      await dashboard.go(`/webhooks/${webhook.id}/settings`);
      await page.getByRole("heading", { level: 2 }).first().waitFor();
      await speak(page, language);
      await page.locator("#per-second").waitFor();
      const uneven = await page.evaluate(() => [...document.querySelectorAll(".fields")].flatMap((fields) => {
        const lines = new Map();
        for (const field of fields.querySelectorAll(":scope > .field:has(input)")) {
          const line = Math.round(field.getBoundingClientRect().top);
          const tops = lines.get(line) ?? lines.set(line, new Set()).get(line);
          tops.add(Math.round(field.querySelector("input").getBoundingClientRect().top));
        }
        return [...lines.values()].filter((tops) => tops.size > 1).map((tops) => `${fields.textContent}: ${[...tops]}`);
      }));
      assert.deepEqual(uneven, []);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  test("a change shows at once, and is taken back with the reason where it fails; in both languages", async () => {
    for (const [language, pause, paused, active, reason, close] of [
      ["en", "Pause", "Paused", "Active", "The server did not answer", "Close"],
      ["nl", "Pauzeren", "Gepauzeerd", "Actief", "De server antwoordde niet", "Sluiten"],
    ]) {
      await dashboard.go("/webhooks");
      await speak(page, language);
      await row().getByText(active, { exact: true }).waitFor();
      // It takes the call, and goes down before it answers.
      server.freeze();
      await row().getByRole("button").last().click();
      await page.getByRole("menuitem", { name: pause }).click();
      await row().getByText(paused, { exact: true }).waitFor();
      await server.kill();
      await row().getByText(active, { exact: true }).waitFor();
      await page.locator(".toast").getByText(reason).waitFor();
      await picture(page, `manners-rolled-back-${language}`);
      await page.locator(".toast").getByRole("button", { name: close }).click();
      await server.start();
      await page.getByText(language === "en" ? "Connected" : "Verbonden", { exact: true }).waitFor();
      assert.equal((await server.ok("GET", `/v1/webhooks/${webhook.id}`)).status, "active");
    }
    await speak(page, "en");
  });

  test("one that is gone meanwhile is said to be gone", async () => {
    const doomed = await server.verifiedWebhook(receiver, "/doomed", { type: "click" });
    await dashboard.go("/webhooks");
    const its = page.locator("main tbody tr").filter({ hasText: "/doomed" });
    await its.waitFor();
    await server.ok("DELETE", `/v1/webhooks/${doomed.id}`);
    // The list may hear of it first; then there is nothing to pause.
    const button = its.getByRole("button").last();
    await page.route("**/v1/webhooks?*", (route) => route.abort());
    await button.click();
    await page.getByRole("menuitem", { name: "Pause" }).click();
    await page.locator(".toast").getByText("It is not there any more").waitFor();
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await its.waitFor({ state: "detached" });
  });

  test("what was typed into a new webhook is guarded, also when the browser goes back", async () => {
    await dashboard.go("/webhooks");
    await row().first().waitFor();
    await page.locator("main").focus();
    await page.keyboard.press("c");
    const drawer = page.getByRole("dialog", { name: "Create a webhook" });
    await drawer.getByLabel("Callback URL").fill("https://example.com/typed.php");
    await page.goBack();
    const question = page.getByRole("dialog").filter({ has: page.getByRole("button", { name: "Keep editing" }) }).last();
    await question.getByRole("button", { name: "Keep editing" }).click();
    assert.match(page.url(), /\/webhooks\/new$/);
    assert.equal(await drawer.getByLabel("Callback URL").inputValue(), "https://example.com/typed.php");
    // Esc asks, and a second one goes on editing: the browser itself would close what stands open at the second.
    for (let round = 0; round < 3; round += 1) {
      await page.keyboard.press("Escape");
      await question.waitFor();
      await page.keyboard.press("Escape");
      await question.waitFor({ state: "detached" });
      assert.equal(await drawer.getByLabel("Callback URL").inputValue(), "https://example.com/typed.php");
    }
    // As a phone's gesture does, which asks nobody.
    await drawer.evaluate((dialog) => dialog.close());
    await question.waitFor();
    await question.getByRole("button", { name: "Keep editing" }).click();
    assert.equal(await drawer.getByLabel("Callback URL").inputValue(), "https://example.com/typed.php");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /^Discard/ }).click();
    await drawer.waitFor({ state: "detached" });
    assert.match(page.url(), /\/webhooks$/);
  });

  test("a connection that goes is shown on every page, and heals; in both languages", async () => {
    await dashboard.go("/webhooks");
    await row().first().waitFor();
    await server.kill();
    await page.getByRole("alert").filter({ hasText: "No connection, trying again" }).waitFor();
    await picture(page, "manners-lost");
    // What was there stays.
    assert.ok((await row().count()) > 0);
    await speak(page, "nl");
    await page.getByRole("alert").filter({ hasText: "Geen verbinding, we proberen het opnieuw" }).waitFor();
    await server.start();
    await page.getByText("Verbonden", { exact: true }).waitFor();
    assert.equal(await page.getByRole("alert").count(), 0);
    await speak(page, "en");
    // On a narrow screen it is said once, in the bar: the rest is folded away.
    await page.setViewportSize({ width: 360, height: 780 });
    await server.kill();
    for (const [language, words] of [["en", "No connection"], ["nl", "Geen verbinding"]]) {
      await speak(page, language);
      const alert = page.getByRole("alert").filter({ hasText: words });
      await alert.waitFor();
      assert.equal(await alert.innerText(), words);
      await picture(page, `manners-lost-narrow-${language}`);
      assert.ok((await page.evaluate(() => document.scrollingElement.scrollWidth)) <= 360);
      const menu = page.getByRole("button", { name: "Menu" });
      if ((await menu.getAttribute("aria-expanded")) === "true") await menu.click();
    }
    await server.start();
    await page.getByRole("alert").filter({ hasText: "Geen verbinding" }).waitFor({ state: "detached" });
    await page.setViewportSize({ width: 1280, height: 900 });
    await speak(page, "en");
  });

  test("what the first page asks of the server is asked once, while the dashboard is on its way", async () => {
    const asked = [];
    const note = (request) => {
      const { pathname, search } = new URL(request.url());
      if (pathname.startsWith("/v1/") && pathname !== "/v1/stream") asked.push(`${request.method()} ${pathname}${search}`);
    };
    await dashboard.go("/webhooks");
    await row().first().waitFor();
    // What is drawn is not what was asked for on the page before.
    page.on("request", note);
    await page.reload();
    await row().first().waitFor();
    page.off("request", note);
    assert.deepEqual(asked.toSorted(), [
      "GET /v1/session",
      "GET /v1/stats/webhooks?limit=100",
      "GET /v1/stats?range=24h",
      "GET /v1/webhooks?limit=100",
    ]);
    assert.equal(await page.evaluate(() => globalThis.seinpostEarly.size), 0, "each answer was taken");
  });

  test("nothing on these pages made a mistake", () => {
    assert.deepEqual(mistakes(page).filter((text) => !text.includes("ERR_FAILED")), []);
  });
});
