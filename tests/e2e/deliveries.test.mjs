// The delivery log: live without a reload, paused, filtered, searched, sent again in bulk; and a refusal explained.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { AdapterReceiver, Proxy } from "../support/adapter.mjs";
import { Browser, picture } from "../support/browser.mjs";
import { speak } from "../support/dashboard.mjs";
import { EVENTS } from "../support/events.mjs";
import { Receiver } from "../support/receiver.mjs";
import { Server } from "../support/server.mjs";

const BOUNCE = EVENTS.find(({ type }) => type === "bounce");

describe("the delivery log", { timeout: 240_000 }, () => {
  let server, receiver, browser, page, webhook;
  let answer = 204;

  const rows = () => page.locator(".log tbody tr");
  const send = () => server.ok("POST", "/v1/events", BOUNCE.text);

  before(async () => {
    server = await Server.start();
    // What the package's adapters answer a call whose date is too far off.
    const refusal = {
      status: 401,
      headers: { "content-type": "application/problem+json" },
      body: JSON.stringify({ status: 401, check: "date", skew: -312 }),
    };
    receiver = await Receiver.start({ server, answer: () => (answer === 204 ? 204 : refusal) });
    webhook = await server.verifiedWebhook(receiver, "/hooks/bounce", { type: "bounce" });
    browser = await Browser.start();
    page = await browser.page();
    page.setDefaultTimeout(30_000);
    await page.goto(server.signInLink);
    await page.getByRole("heading", { level: 1, name: "Webhooks" }).waitFor();
  });

  after(async () => {
    if (page && !page.isClosed()) await picture(page, "deliveries-last");
    await browser?.stop();
    await receiver?.stop();
    await server?.remove();
  });

  test("what is sent shows without a reload", async () => {
    await page.goto(`${server.base}/deliveries`);
    await page.getByText("Nothing has been sent yet").waitFor();
    await send();
    await rows().nth(0).getByText("Delivered").waitFor();
    await send();
    await rows().nth(1).waitFor();
    await picture(page, "deliveries");
  });

  test("paused, it stands still until it is resumed", async () => {
    await page.keyboard.press("p");
    await page.getByText("Standing still").waitFor();
    await send();
    await receiver.count(3);
    const log = await server.all("/v1/deliveries");
    assert.equal(log.length, 3);
    assert.equal(await rows().count(), 2);
    await page.keyboard.press("p");
    await rows().nth(2).waitFor();
  });

  test("filters narrow it, stand in the address, and can be cleared", async () => {
    await page.getByRole("radio", { name: "Waiting" }).check({ force: true });
    await page.getByText("No delivery matches.").waitFor();
    assert.match(page.url(), /outcome=pending/);
    await page.getByRole("button", { name: "Show all" }).click();
    await rows().nth(2).waitFor();
    await page.getByLabel("Status code").fill("5");
    await page.getByText("No delivery matches.").waitFor();
    await page.getByLabel("Status code").fill("204");
    await rows().nth(2).waitFor();
    await page.getByLabel("Time").selectOption("15m");
    await rows().nth(2).waitFor();
    await page.reload();
    await rows().nth(2).waitFor();
    assert.equal(await page.getByLabel("Status code").inputValue(), "204");
    const [newest] = await server.all("/v1/deliveries");
    await page.goto(`${server.base}/deliveries?q=${newest.id}`);
    await rows().nth(0).waitFor();
    assert.equal(await rows().count(), 1);
  });

  test("the recipient stands in its column, and a time of one's own narrows it", async () => {
    await page.goto(`${server.base}/deliveries`);
    await rows().nth(2).waitFor();
    await page.getByRole("columnheader", { name: "Recipient" }).waitFor();
    await rows().nth(0).getByText("zoe@example.net").waitFor();
    const local = (hours) => {
      const at = new Date(Date.now() + hours * 3_600_000);
      return new Date(at - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
    };
    const until = local(1);
    await page.getByLabel("Time", { exact: true }).selectOption("range");
    await page.getByLabel("From", { exact: true }).fill(local(1));
    await page.getByText("No delivery matches.").waitFor();
    await page.getByLabel("From", { exact: true }).fill(local(-1));
    await rows().nth(2).waitFor();
    await page.getByLabel("until", { exact: true }).fill(local(-0.5));
    await page.getByText("No delivery matches.").waitFor();
    await page.getByLabel("until", { exact: true }).fill(until);
    await rows().nth(2).waitFor();
    // In the address it is UTC, for readers elsewhere.
    assert.match(decodeURIComponent(page.url()), /from=\d{4}-\d\d-\d\dT\d\d:\d\d:00(?:\.000)?Z&until=/);
    await picture(page, "deliveries-range");
    await page.reload();
    await rows().nth(2).waitFor();
    assert.equal(await page.getByLabel("until", { exact: true }).inputValue(), until);
    await page.goto(`${server.base}/deliveries?q=ZOE@example.net&time=range&until=2001-01-01T00:00:00Z`);
    await page.getByText("No delivery matches.").waitFor();
  });

  test("tests are hidden at a click, and that is said; in both languages", async () => {
    await server.ok("POST", `/v1/webhooks/${webhook.id}/test`);
    for (const [language, hide, chip, show] of [["en", "Hide tests", "Tests hidden", "Show tests again"], ["nl", "Tests verbergen", "Tests verborgen", "Tests weer tonen"]]) {
      await page.goto(`${server.base}/deliveries`);
      await speak(page, language);
      await rows().nth(3).waitFor();
      await page.getByRole("button", { name: hide, exact: true }).click();
      await rows().nth(3).waitFor({ state: "detached" });
      assert.match(page.url(), /\?tests=hidden$/);
      await page.locator(".chip", { hasText: chip }).waitFor();
      await picture(page, `deliveries-without-tests-${language}`);
      await page.reload();
      await rows().nth(2).waitFor();
      assert.equal(await rows().count(), 3);
      const again = page.getByRole("button", { name: show, exact: true });
      await again.focus();
      await page.keyboard.press("Enter");
      await rows().nth(3).waitFor();
      assert.match(page.url(), /\/deliveries$/);
      assert.ok(await page.getByRole("button", { name: hide, exact: true }).evaluate((button) => button === document.activeElement));
    }
    await speak(page, "en");
  });

  test("an older page stands in the address: a reload and an opened delivery keep it, back leaves it; in both languages", async () => {
    // A log of its own, of one page and a few.
    const other = await server.verifiedWebhook(receiver, "/hooks/many", { type: "open" });
    const open = EVENTS.find(({ type }) => type === "open").text;
    for (let sent = 0; sent < 53; sent += 1) await server.ok("POST", "/v1/events", open);
    await page.waitForFunction(async (id) => (await (await fetch(`/v1/webhooks/${id}/deliveries?limit=60&status=delivered`)).json()).data.length === 53, other.id);
    const log = `/webhooks/${other.id}/deliveries`;
    for (const [language, older, newer, newest, count, all] of [["en", "Older", "Newer", "Newest", "3 deliveries on this page", "All deliveries"], ["nl", "Ouder", "Nieuwer", "Nieuwste", "3 afleveringen op deze pagina", "Alle afleveringen"]]) {
      await page.goto(`${server.base}${log}?outcome=delivered`);
      await speak(page, language);
      await rows().nth(49).waitFor();
      await page.getByRole("button", { name: older, exact: true }).click();
      await page.getByText(count).waitFor();
      await page.getByRole("button", { name: newer, exact: true }).click();
      await rows().nth(49).waitFor();
      assert.equal(await page.getByRole("button", { name: newer, exact: true }).count(), 0);
      await page.getByRole("button", { name: older, exact: true }).click();
      await page.getByText(count).waitFor();
      const address = page.url();
      assert.match(address, /\?outcome=delivered&cursor=./);
      await page.reload();
      await page.getByText(count).waitFor();
      const oldest = await rows().nth(2).locator("a").getAttribute("href");
      await rows().nth(2).locator("a").click();
      await page.locator("#opened .track").waitFor();
      assert.equal(page.url(), server.base + oldest);
      assert.ok(oldest.includes("cursor="), oldest);
      assert.equal(await rows().count(), 3);
      // On a narrow screen the delivery has the place of the log, and a link back to it.
      assert.equal(server.base + (await page.locator("#opened").getByText(all).getAttribute("href")), address);
      await page.goBack();
      await page.locator("#opened").waitFor({ state: "detached" });
      assert.equal(page.url(), address);
      await page.goBack();
      await rows().nth(49).waitFor();
      await page.goForward();
      await page.getByText(count).waitFor();
      await page.getByRole("button", { name: newest, exact: true }).click();
      await rows().nth(49).waitFor();
      assert.match(page.url(), /\?outcome=delivered$/);
    }
    await speak(page, "en");
    await server.ok("DELETE", `/v1/webhooks/${other.id}`);
  });

  test("many are sent again, with how far that has come", async () => {
    await page.goto(`${server.base}/deliveries`);
    await page.getByRole("button", { name: "Replay…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("radio", { name: /^All/ }).check();
    await dialog.getByRole("button", { name: "Send again" }).click();
    await dialog.getByText("Done: 3 new deliveries").waitFor();
    await picture(page, "deliveries-replay");
    await dialog.getByRole("button", { name: "Close" }).click();
    await rows().nth(5).waitFor();
  });

  test("one that is sent again opens beside the log as it was narrowed; in both languages", async () => {
    for (const [language, replay, queued] of [["en", "Replay", "Queued"], ["nl", "Opnieuw versturen", "In de wachtrij"]]) {
      await page.goto(`${server.base}/deliveries?outcome=delivered&time=24h`);
      await speak(page, language);
      await rows().nth(0).locator("a").first().click();
      await page.locator("#opened .track").waitFor();
      const before = new URL(page.url());
      await page.locator("#opened").getByRole("button", { name: replay, exact: true }).click();
      await page.getByText(queued).first().waitFor();
      await page.waitForURL((url) => url.pathname !== before.pathname);
      assert.equal(new URL(page.url()).search, before.search);
      assert.equal(before.search, "?outcome=delivered&time=24h");
      await page.locator("#opened .track").waitFor();
    }
    await speak(page, "en");
  });

  test("a refusal that names its check is explained, in both languages", async () => {
    answer = 401;
    await send();
    await page.goto(`${server.base}/deliveries?outcome=refused`);
    await rows().nth(0).getByRole("link").click();
    await page.getByText("Your receiver’s clock is 312 s ahead").waitFor();
    // This one says so and answers with the right time: what stands before it has another clock.
    await page.getByText("The Date of its answer agrees with our clock").waitFor();
    await page.getByText(/^Attempt 2 in/).waitFor();
    // What comes after that, as the server's own schedule says: eight more until the tenth.
    await page.getByText(/Should it fail: in 5 min, in 35 min and 6 more, the last in 3 days\./).waitFor();
    // Whom the attempt reached, for who has several servers behind one name.
    await page.getByText(`to ${new URL(receiver.base).host}, without TLS.`).first().waitFor();
    await picture(page, "deliveries-refused");
    await page.getByRole("button", { name: "Nederlands" }).click();
    await page.getByText(`naar ${new URL(receiver.base).host}, zonder TLS.`).first().waitFor();
    await page.getByText("De klok van uw ontvanger loopt 312 s voor").waitFor();
    await page.getByText("De Date van het antwoord klopt met onze klok").waitFor();
    await page.getByRole("button", { name: "English" }).click();
    await page.keyboard.press("Escape");
    await page.getByText("Your receiver’s clock is 312 s ahead").waitFor({ state: "detached" });
    assert.match(page.url(), /deliveries\?outcome=refused$/);
    // From a delivery to its event, and back.
    await rows().nth(0).getByRole("link").click();
    await page.locator("#opened .track").getByRole("link", { name: /^evt_/ }).click();
    await page.getByRole("heading", { level: 1, name: "Events" }).waitFor();
    assert.match(page.url(), /\/events\/evt_/);
    await page.goBack();
    await page.locator("#opened .track").waitFor();
    await page.keyboard.press("Escape");
  });

  test("the package's own receivers say what is wrong, and it is explained; in both languages", async () => {
    const late = await AdapterReceiver.start({ server, clock: () => Date.now() + 312_000 });
    const own = await AdapterReceiver.start({ server, host: "hooks.example.com" });
    const proxy = await Proxy.start(own.base, "app:3000");
    const sound = await AdapterReceiver.start({ server });
    try {
      own.base = proxy.base;
      for (const [one, types] of [[late, "open"], [own, "click"], [sound, "delivery"]]) {
        one.webhook = await server.verifiedWebhook(one, "/hook", { type: types, retries: [] });
      }
      for (const type of ["open", "click", "delivery"]) await server.ok("POST", "/v1/events", EVENTS.find((each) => each.type === type).text);
      const refused = async (one) => {
        await page.goto(`${server.base}/webhooks/${one.webhook.id}/deliveries`);
        await rows().nth(0).getByText("Refused").waitFor();
        await rows().nth(0).getByRole("link").first().click();
        await page.locator("#opened").waitFor();
      };
      await refused(late);
      // The call was under way for a moment.
      await page.getByText(/^Your receiver’s clock is 31[123] s ahead$/).waitFor();
      await page.getByText("timedatectl set-ntp true").first().waitFor();
      await picture(page, "deliveries-clock");
      await page.getByRole("button", { name: "Nederlands" }).click();
      await page.getByText(/^De klok van uw ontvanger loopt 31[123] s voor$/).waitFor();
      await page.getByRole("button", { name: "English" }).click();
      await refused(own);
      await page.getByText("Your proxy sends Host: app:3000", { exact: true }).waitFor();
      await page.getByText("proxy_set_header Host $host;").first().waitFor();
      await picture(page, "deliveries-proxy");
      await page.getByRole("button", { name: "Nederlands" }).click();
      await page.getByText("Uw proxy stuurt Host: app:3000", { exact: true }).waitFor();
      await page.getByRole("button", { name: "English" }).click();
      // What is as it should be is taken by the very same code.
      await page.goto(`${server.base}/webhooks/${sound.webhook.id}/deliveries`);
      await rows().nth(0).getByText("Delivered").waitFor();
      assert.equal(sound.events.length, 1);
    } finally {
      await Promise.all([late, own, proxy, sound].map((each) => each.stop()));
    }
  });

  test("a lost connection is shown, and heals", async () => {
    await page.goto(`${server.base}/deliveries`);
    await rows().nth(0).waitFor();
    await server.kill();
    await page.getByRole("alert").filter({ hasText: "No connection" }).waitFor();
    await server.start();
    await page.getByText("Connected").waitFor();
    answer = 204;
    // By its newest row: the page is full, and has as many as before.
    const newest = () => rows().nth(0).getByRole("link").first().getAttribute("href");
    const before = await newest();
    await send();
    await page.waitForFunction((before) => document.querySelector(".log tbody tr a").getAttribute("href") !== before, before);
    assert.notEqual(await newest(), before);
  });
});
