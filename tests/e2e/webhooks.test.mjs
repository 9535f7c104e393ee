// The list of webhooks: searched, filtered and sorted, with how the last 24 hours went.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { Browser, picture } from "../support/browser.mjs";
import { speak } from "../support/dashboard.mjs";
import { EVENTS } from "../support/events.mjs";
import { inhabited } from "../support/inhabited.mjs";
import { Receiver } from "../support/receiver.mjs";
import { Server } from "../support/server.mjs";

describe("the list of webhooks", { timeout: 180_000 }, () => {
  let server, receiver, browser, page;

  const rows = () => page.locator("tbody tr");

  before(async () => {
    server = await Server.start();
    receiver = await Receiver.start({ server });
    await server.verifiedWebhook(receiver, "/hooks/bounce", { type: "bounce" });
    await server.ok("POST", "/v1/webhook", { type: "open", url: "https://example.com/opens.php" });
    await server.ok("POST", "/v1/events", EVENTS.find(({ type }) => type === "bounce").text);
    await receiver.count(1);
    browser = await Browser.start();
    page = await browser.page();
    page.setDefaultTimeout(30_000);
    await page.goto(server.signInLink);
    await rows().nth(1).waitFor();
  });

  after(async () => {
    if (page && !page.isClosed()) await picture(page, "webhooks-last");
    await browser?.stop();
    await receiver?.stop();
    await server?.remove();
  });

  test("a row says how the last 24 hours went", async () => {
    const row = rows().filter({ hasText: "/hooks/" });
    await page.reload();
    await row.getByRole("img", { name: "Hourly deliveries over 24 h: 1 delivered, 0 failed" }).waitFor();
    await row.getByText("100%").waitFor();
    await picture(page, "webhooks");
  });

  test("the load to expect is what came of late, where one may know; in both languages", async () => {
    await page.goto(`${server.base}/webhooks/new`);
    const drawer = page.getByRole("dialog");
    await drawer.locator(".pick__item").filter({ hasText: "bounce" }).getByText("1 in 24 h").waitFor();
    await drawer.locator(".pick__item").filter({ hasText: "open" }).getByText("very many").waitFor();
    await drawer.getByRole("checkbox", { name: /^bounce/ }).check();
    await drawer.getByText("About 1 call a day, at most 1 in a minute").waitFor();
    await picture(page, "create-measured");
    await drawer.getByRole("checkbox", { name: /^bounce/ }).uncheck();
    await drawer.getByText("One POST for each event").waitFor();
    // Somebody who may make webhooks and not see deliveries.
    const { url } = await server.ok("POST", "/v1/signin-links", { scopes: ["webhooks:write"] });
    const blind = await browser.page({ locale: "nl-NL" });
    await blind.goto(url);
    await blind.locator("main h1").waitFor();
    await blind.goto(`${server.base}/webhooks/new`);
    await blind.locator(".pick__item").filter({ hasText: "klik" }).getByText("zeer veel").waitFor();
    await blind.context().close();
    await page.goto(`${server.base}/webhooks`);
    await speak(page, "nl");
    await page.getByRole("link", { name: /^Webhook aanmaken/ }).click();
    await drawer.getByRole("checkbox", { name: /^bounce/ }).check();
    await drawer.getByText("Ongeveer 1 aanroep per dag, hoogstens 1 per minuut").waitFor();
    await drawer.getByRole("checkbox", { name: /^bounce/ }).uncheck();
    await page.goto(`${server.base}/webhooks`);
    await speak(page, "en");
  });

  test("words and states narrow it, and stand in the address", async () => {
    await page.keyboard.press("/");
    await page.keyboard.type("opens");
    await rows().nth(1).waitFor({ state: "detached" });
    assert.match(page.url(), /q=opens/);
    await page.getByLabel("Find by URL, type or id").fill("");
    await page.getByRole("radio", { name: /^Unverified/ }).check({ force: true });
    await rows().nth(1).waitFor({ state: "detached" });
    await page.reload();
    await rows().filter({ hasText: "opens.php" }).waitFor();
    assert.equal(await rows().count(), 1);
  });

  test("sorted by a head, and back", async () => {
    await page.goto(`${server.base}/webhooks`);
    await rows().nth(1).waitFor();
    await page.getByRole("button", { name: "Webhook", exact: true }).click();
    await page.getByRole("columnheader", { name: "Webhook" }).and(page.locator("[aria-sort=ascending]")).waitFor();
    assert.match(page.url(), /sort=url/);
    assert.match(await rows().nth(0).innerText(), /127\.0\.0\.1/);
  });

  test("check all tests a few at a time, and asks for the list once for all of them", async () => {
    for (let n = 0; n < 20; n += 1) await server.verifiedWebhook(receiver, `/hooks/${n}`, { type: "open" });
    await page.goto(`${server.base}/webhooks`);
    await page.getByText("/hooks/19").waitFor();
    const before = receiver.calls.length;
    let [tests, lists, now, most] = [0, 0, 0, 0];
    page.on("request", (request) => {
      const { pathname } = new URL(request.url());
      if (pathname === "/v1/webhooks") lists += 1;
      if (!pathname.endsWith("/test")) return;
      tests += 1;
      now += 1;
      most = Math.max(most, now);
    });
    page.on("requestfinished", (request) => {
      if (new URL(request.url()).pathname.endsWith("/test")) now -= 1;
    });
    await page.getByRole("button", { name: "Check all" }).click();
    await receiver.count(before + 21);
    await page.locator("button[aria-busy=true]", { hasText: "Check all" }).waitFor({ state: "detached" });
    assert.equal(tests, 21);
    assert.ok(most <= 6, `${most} at a time`);
    // One for all of them, and those that are due by the clock.
    assert.ok(lists <= 5, `the list was asked for ${lists} times`);
    assert.equal(await page.getByText("Too many calls").count(), 0);
  });

  test("no page wrote an error to the console", () => {
    assert.deepEqual(page.mistakes, []);
  });
});

describe("a webhook that is not sent to", { timeout: 180_000 }, () => {
  let server, receiver, browser, page, webhook;
  let answer = 204;
  const row = () => page.locator("tbody tr").filter({ hasText: "/hooks/bounce" });
  const send = () => server.ok("POST", "/v1/events", EVENTS.find(({ type }) => type === "bounce").text);
  /** What the list and the overview say, in both languages. */
  const said = async (name, why, waits) => {
    for (const [index, language] of ["en", "nl"].entries()) {
      await page.goto(`${server.base}/webhooks`);
      await speak(page, language);
      await row().locator(".rownote").first().filter({ hasText: why[index] }).waitFor();
      await row().locator(".rownote").filter({ hasText: waits[index] }).waitFor();
      await picture(page, `webhooks-${name}-${language}`);
      await page.goto(`${server.base}/webhooks/${webhook.id}`);
      await page.locator(".note").filter({ hasText: why[index].slice(0, -1) }).filter({ hasText: waits[index] }).waitFor();
      await picture(page, `webhook-${name}-${language}`);
    }
    await page.goto(`${server.base}/webhooks`);
    await speak(page, "en");
  };

  before(async () => {
    server = await Server.start();
    receiver = await Receiver.start({ server, answer: () => answer });
    webhook = await server.verifiedWebhook(receiver, "/hooks/bounce", { type: "bounce" });
    browser = await Browser.start();
    page = await browser.page();
    page.setDefaultTimeout(30_000);
    await page.goto(server.signInLink);
    await row().waitFor();
  });

  after(async () => {
    await browser?.stop();
    await receiver?.stop();
    await server?.remove();
  });

  test("paused here, it says that it was you, and how much waits", async () => {
    await row().getByRole("button", { name: /^Actions for/ }).click();
    await page.getByRole("menuitem", { name: "Pause" }).click();
    await row().getByText(/^Paused by you/).waitFor();
    await send();
    await send();
    await said("paused", ["Paused by you", "Door u gepauzeerd,"], ["2 deliveries wait.", "2 afleveringen wachten."]);
    // To somebody else it is not you.
    const { url } = await server.ok("POST", "/v1/signin-links", { scopes: ["webhooks:read"], person: "bram@example.com" });
    const other = await browser.page();
    await other.goto(url);
    await other.locator(".rownote").filter({ hasText: /^Paused (just now|\d)/ }).waitFor();
    await other.context().close();
  });

  test("paused by somebody else, it says by whom", async () => {
    await server.ok("PATCH", `/v1/webhooks/${webhook.id}`, { status: "active" });
    await receiver.count(2);
    const { token } = await server.ok("POST", "/v1/tokens", { name: "Nightly jobs", scopes: ["webhooks:write"] });
    await server.ok("PATCH", `/v1/webhooks/${webhook.id}`, { status: "paused" }, { authorization: `Bearer ${token}` });
    await send();
    await said("paused-by", ["Paused by Nightly jobs", "Door Nightly jobs gepauzeerd,"], ["1 delivery waits.", "1 aflevering wacht."]);
  });

  test("switched off since its receiver is gone, it says that and nothing else", async () => {
    answer = 410;
    await server.ok("PATCH", `/v1/webhooks/${webhook.id}`, { status: "active" });
    await receiver.count(3);
    await said(
      "gone",
      ["the receiver answered 410 (Gone).", "de ontvanger antwoordde 410 (Gone)."],
      ["1 delivery waits.", "1 aflevering wacht."],
    );
    assert.equal(await page.getByText("four days").count(), 0);
    answer = 204;
    await row().getByRole("button", { name: "Enable" }).click();
    await receiver.count(4);
    await row().getByText("Active", { exact: true }).waitFor();
  });

  test("none of this wrote an error to the console", () => {
    assert.deepEqual(page.mistakes, []);
  });
});

describe("a webhook that fails", { timeout: 180_000 }, () => {
  let place, browser, page;

  before(async () => {
    place = await inhabited();
    browser = await Browser.start();
    page = await browser.page();
    page.setDefaultTimeout(30_000);
    await page.goto(place.server.signInLink);
    await page.getByRole("heading", { level: 1, name: "Webhooks" }).waitFor();
  });

  after(async () => {
    await browser?.stop();
    await place?.receiver.stop();
    await place?.server.remove();
  });

  test("the list says since when and why, what waits and what is next; every page says how many fail; in both languages", async () => {
    const { server, failing } = place;
    const asked = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    const row = page.locator("tbody tr").filter({ hasText: "/mail/clicks" });
    for (const [language, why, cause, waits, next, count] of [
      ["en", /^First failure .*; the last call was refused with 401 Unauthorized\. Your receiver’s clock is 312 s ahead\.$/, "Your receiver’s clock is 312 s ahead", "1 delivery waits.", /Next attempt (?:in \d+|now|just now)/, "1 failing"],
      ["nl", /^Eerste mislukking .*; de laatste aanroep werd geweigerd met 401 Unauthorized\. De klok van uw ontvanger loopt 312 s voor\.$/, "De klok van uw ontvanger loopt 312 s voor", "1 aflevering wacht.", /Volgende poging (?:over \d+|nu|zojuist)/, "1 storing"],
    ]) {
      await page.goto(`${server.base}/webhooks`);
      await speak(page, language);
      await row.locator(".rownote").first().filter({ hasText: why }).waitFor();
      const line = row.locator(".rownote--next");
      await line.filter({ hasText: waits }).waitFor();
      await line.filter({ hasText: next }).waitFor();
      await picture(page, `webhooks-failing-${language}`);
      const counted = page.getByRole("navigation").getByRole("link", { name: `Webhooks ${count}`, exact: true });
      await counted.waitFor();
      for (const path of ["/keys", `/webhooks/${failing.id}`]) {
        await page.goto(server.base + path);
        await counted.waitFor();
      }
      await page.locator(".note").filter({ hasText: cause }).filter({ hasText: next }).waitFor();
      await picture(page, `webhook-failing-${language}`);
    }
    // It is all in the list, and the number in a call of its own.
    assert.deepEqual(asked.filter((path) => path.startsWith("/v1/deliveries/")), []);
    assert.ok(asked.includes("/v1/webhooks/counts"));
    await speak(page, "en");
  });

  test("nothing of the list moves as its figures come; in both languages, wide and narrow", async () => {
    await place.server.ok("POST", "/v1/events", EVENTS.find(({ type }) => type === "open").text);
    const { cookies } = await page.context().storageState();
    for (const locale of ["en-GB", "nl-NL"]) {
      for (const width of [1280, 1000, 768, 360]) {
        const held = await browser.page({ locale, viewport: { width, height: 900 }, storageState: { cookies, origins: [] } });
        let release;
        const free = new Promise((done) => { release = done; });
        await held.route("**/v1/stats/**", async (route) => {
          await free;
          await route.continue();
        });
        await held.goto(`${place.server.base}/webhooks`);
        await held.locator(".rownote--next").waitFor();
        const places = () => held.locator("tbody tr").evaluateAll((rows) => rows.map((row) => {
          const { top, height } = row.getBoundingClientRect();
          return [Math.round(top), Math.round(height)];
        }));
        const before = await places();
        release();
        await held.locator(".rownote--next").filter({ hasText: /waits|wacht/ }).waitFor();
        await held.locator("tr", { hasText: "/mail/opens" }).locator(".rownote").filter({ hasText: /waits|wacht/ }).waitFor();
        assert.deepEqual(await places(), before, `${locale}, ${width} px`);
        await held.context().close();
      }
    }
  });

  test("what waits can be sent at once from its page; in both languages", async () => {
    const { server, failing, receiver } = place;
    const words = [
      ["en", "Send it now", "1 delivery is sent now.", "Waiting deliveries brought forward"],
      ["nl", "Nu versturen", "1 aflevering wordt nu verstuurd.", "Wachtende afleveringen vervroegd"],
    ];
    for (const [language, button, done, entry] of words) {
      await page.goto(`${server.base}/webhooks/${failing.id}`);
      await speak(page, language);
      const before = receiver.calls.length;
      await page.getByRole("button", { name: button, exact: true }).click();
      await page.getByText(done).first().waitFor();
      await receiver.count(before + 1);
      await picture(page, `webhook-sent-${language}`);
      await page.goto(`${server.base}/audit`);
      await page.getByRole("row").filter({ hasText: entry }).first().waitFor();
    }
    await speak(page, "en");
  });

  test("paused, it does not fail: the navigation knows at once, from its page and from the list", async () => {
    const { server, failing } = place;
    const main = page.getByRole("navigation", { name: "Main" });
    const counted = main.getByRole("link", { name: "Webhooks 1 failing", exact: true });
    const calm = main.getByRole("link", { name: "Webhooks", exact: true });
    await page.goto(`${server.base}/webhooks/${failing.id}`);
    await counted.waitFor();
    await page.getByRole("button", { name: "Pause" }).click();
    // Well before it would be counted again anyway.
    await calm.waitFor({ timeout: 10_000 });
    await server.ok("PATCH", `/v1/webhooks/${failing.id}`, { status: "active" });
    await server.ok("POST", `/v1/deliveries/${place.refused.id}/replay`);
    await page.goto(`${server.base}/webhooks`);
    await counted.waitFor();
    await page.locator("tbody tr").filter({ hasText: "/mail/clicks" }).getByRole("button", { name: /^Actions for/ }).click();
    await page.getByRole("menuitem", { name: "Pause" }).click();
    await calm.waitFor({ timeout: 10_000 });
  });

  test("on a narrow screen what one sorts by can be read whole; in both languages", async () => {
    const { cookies } = await page.context().storageState();
    for (const locale of ["en-GB", "nl-NL"]) {
      const narrow = await browser.page({ locale, viewport: { width: 360, height: 780 }, storageState: { cookies, origins: [] } });
      await narrow.goto(`${place.server.base}/webhooks`);
      const select = narrow.locator("#sort");
      await select.waitFor();
      for (const value of await select.locator("option").evaluateAll((options) => options.map((option) => option.value))) {
        await select.selectOption(value);
        const [room, needed] = await select.evaluate((element) => {
          const style = getComputedStyle(element);
          const pen = document.createElement("canvas").getContext("2d");
          pen.font = style.font;
          const room = element.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
          return [room, pen.measureText(element.selectedOptions[0].textContent).width];
        });
        assert.ok(needed <= room, `${locale} ${value}: ${needed} px in ${room}`);
      }
      await narrow.context().close();
    }
  });

  test("no page of it wrote an error to the console", () => {
    assert.deepEqual(page.mistakes, []);
  });
});
