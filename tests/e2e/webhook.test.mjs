// The page of a webhook: its settings with all options, the guard of what is not saved, its figures, its history, and the
// check of its receiver; in both languages.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { Browser, picture } from "../support/browser.mjs";
import { speak } from "../support/dashboard.mjs";
import { EVENTS } from "../support/events.mjs";
import { Receiver } from "../support/receiver.mjs";
import { Server } from "../support/server.mjs";

describe("the page of a webhook", { timeout: 240_000 }, () => {
  let server, receiver, browser, page, webhook;

  const open = async (tab) => {
    await page.goto(`${server.base}/webhooks/${webhook.id}/${tab}`);
  };
  const now = () => server.ok("GET", `/v1/webhooks/${webhook.id}`);

  before(async () => {
    server = await Server.start();
    receiver = await Receiver.start({ server });
    webhook = await server.verifiedWebhook(receiver, "/hooks/bounce", { type: "bounce" });
    browser = await Browser.start();
    page = await browser.page();
    page.setDefaultTimeout(30_000);
    await page.goto(server.signInLink);
    await page.getByRole("heading", { level: 1, name: "Webhooks" }).waitFor();
  });

  after(async () => {
    if (page && !page.isClosed()) await picture(page, "webhook-last");
    await browser?.stop();
    await receiver?.stop();
    await server?.remove();
  });

  test("settings: options are saved as they are typed", async () => {
    await open("settings");
    await page.getByLabel("Only events with one of these tags").fill("newsletter, invoice");
    await page.getByLabel("Calls a second, at most").fill("20");
    await page.getByLabel("Calls at a time, at most").fill("4");
    await page.getByLabel("Try again after").fill("5 s, 2 min, 1 h");
    await page.getByLabel("Header fields to send along").fill("X-Team: mail");
    await page.getByRole("switch", { name: "Shorten IP addresses" }).check();
    await page.getByRole("region", { name: "Unsaved changes" }).getByText("6 changes not saved:").waitFor();
    await picture(page, "webhook-settings");
    await page.getByRole("button", { name: "Save changes" }).click();
    await page.getByText("Saved.", { exact: true }).first().waitFor();
    const saved = await now();
    assert.deepEqual(saved.filter.tags.any, ["newsletter", "invoice"]);
    assert.equal(saved.rate.per_second, 20);
    assert.equal(saved.concurrency, 4);
    assert.deepEqual(saved.retries, [5, 120, 3600]);
    assert.deepEqual(saved.headers, [["X-Team", "mail"]]);
    assert.equal(saved.privacy.ip, "truncated");
    assert.equal(await page.getByRole("region", { name: "Unsaved changes" }).count(), 0);
  });

  test("settings: what cannot be is said at its field, in both languages, and is not sent", async () => {
    await open("settings");
    const field = page.getByLabel("Calls a second, at most");
    await field.fill("0");
    await page.locator("#per-second-error").waitFor();
    assert.equal(await field.getAttribute("aria-invalid"), "true");
    await page.getByRole("button", { name: "Save changes" }).click();
    // The field may be far from the button.
    await page.waitForFunction(() => document.activeElement?.id === "per-second");
    assert.equal((await now()).rate.per_second, 20);
    await page.getByRole("button", { name: "Nederlands" }).click();
    await page.locator("#per-second-error", { hasText: "Dit getal is te klein of te groot." }).waitFor();
    await picture(page, "webhook-settings-nl");
    await page.getByRole("button", { name: "English" }).click();
    await page.getByRole("button", { name: "Discard" }).click();
    assert.equal(await field.inputValue(), "20");
  });

  test("settings: a filter shows what it would have done before it is saved", async () => {
    const event = EVENTS.find(({ type }) => type === "bounce");
    await server.ok("POST", "/v1/events", event.text);
    await open("settings");
    await page.getByLabel("Only events with one of these tags").fill("no-such-tag");
    await page.getByText("0 of the last 24 h’s 1 events would have gone").waitFor();
    await page.getByText(/^Would not: bounce/).waitFor();
    await page.getByRole("button", { name: "Discard" }).click();
  });

  test("settings: unsaved changes are guarded, and can be left", async () => {
    await open("settings");
    await page.getByLabel("Calls at a time, at most").fill("8");
    await page.getByRole("link", { name: "Deliveries" }).first().click();
    const question = page.getByRole("dialog");
    await question.getByText("Leave without saving?").waitFor();
    await question.getByRole("button", { name: "Keep editing" }).click();
    assert.match(page.url(), /\/settings$/);
    assert.equal(await page.getByLabel("Calls at a time, at most").inputValue(), "8");
    await page.getByRole("link", { name: "Deliveries" }).first().click();
    await page.getByRole("dialog").getByRole("button", { name: "Leave" }).click();
    await page.getByRole("heading", { level: 1, name: "Deliveries" }).waitFor();
    assert.equal((await now()).concurrency, 4);
  });

  test("settings: what somebody else saved meanwhile is shown, what was typed stays, and nothing is overwritten; in both languages", async () => {
    await open("settings");
    await page.getByLabel("Calls at a time, at most").waitFor();
    // The page looks every few seconds; here it looks after it has been refused.
    const address = `**/v1/webhooks/${webhook.id}`;
    const held = [];
    await page.route(address, (route) => (route.request().method() === "GET" ? held.push(route) : route.continue()));
    await page.getByLabel("Calls a second, at most").fill("50");
    await page.getByLabel("Calls at a time, at most").fill("2");
    await server.ok("PATCH", `/v1/webhooks/${webhook.id}`, { concurrency: 6, filter: { tags: { any: ["theirs"] } } });
    const refused = page.waitForResponse((response) => response.status() === 412);
    await page.getByRole("button", { name: "Save changes" }).click();
    await refused;
    await page.getByRole("alert").filter({ hasText: "It was changed meanwhile, so nothing was saved" }).waitFor();
    assert.equal((await now()).rate.per_second, 20);
    await page.unrouteAll({ behavior: "ignoreErrors" });
    for (const route of held) await route.continue().catch(() => {});
    const note = page.getByRole("alert").filter({ hasText: "Someone else changed this webhook meanwhile" });
    await note.getByText("theirs").waitFor();
    // Both changed this one, and it says whose will stand.
    await note.getByRole("listitem").filter({ hasText: "Calls at a time" }).getByText("You changed this too").waitFor();
    assert.equal(await page.getByLabel("Calls a second, at most").inputValue(), "50");
    assert.equal(await page.getByLabel("Calls at a time, at most").inputValue(), "2");
    assert.equal(await page.getByLabel("Only events with one of these tags").inputValue(), "theirs");
    await page.getByRole("region", { name: "Unsaved changes" }).getByText("2 changes not saved:").waitFor();
    await picture(page, "webhook-meanwhile");
    await page.getByRole("button", { name: "Nederlands" }).click();
    await page.getByText("Iemand anders heeft deze webhook intussen gewijzigd").waitFor();
    await picture(page, "webhook-meanwhile-nl");
    await page.getByRole("button", { name: "English" }).click();
    await page.getByRole("button", { name: "Save changes" }).click();
    await page.getByText("Saved.", { exact: true }).first().waitFor();
    const saved = await now();
    assert.deepEqual([saved.rate.per_second, saved.concurrency, saved.filter.tags.any], [50, 2, ["theirs"]]);
    assert.equal(await page.getByRole("alert").count(), 0);
    await server.ok("PATCH", `/v1/webhooks/${webhook.id}`, { filter: null });
  });

  test("settings: what is typed while a save is under way stays, and is not saved yet", async () => {
    await open("settings");
    const [second, once, retries] = ["Calls a second, at most", "Calls at a time, at most", "Try again after"].map((label) => page.getByLabel(label));
    await retries.fill("7");
    await second.fill("60");
    let [release, asked] = [];
    const free = new Promise((done) => { release = done; });
    const sent = new Promise((done) => { asked = done; });
    await page.route(`**/v1/webhooks/${webhook.id}`, async (route) => {
      if (route.request().method() !== "PATCH") return route.continue();
      // It is saved, and the answer takes its time.
      const response = await route.fetch();
      asked();
      await free;
      await route.fulfill({ response });
    });
    await page.getByRole("button", { name: "Save changes" }).click();
    await sent;
    const heard = page.waitForResponse((response) => response.request().method() === "GET" && response.url().endsWith(webhook.id));
    await second.fill("65");
    await once.fill("3");
    // Also where the page hears of it before that answer comes.
    await heard;
    release();
    await page.getByText("Saved.", { exact: true }).first().waitFor();
    const unsaved = page.getByRole("region", { name: "Unsaved changes" });
    await unsaved.getByText("2 changes not saved:").waitFor();
    assert.deepEqual([await second.inputValue(), await once.inputValue(), await retries.inputValue()], ["65", "3", "7 s"]);
    assert.equal(await page.getByRole("alert").count(), 0);
    assert.deepEqual([(await now()).rate.per_second, (await now()).retries], [60, [7]]);
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await page.getByRole("button", { name: "Save changes" }).click();
    await unsaved.waitFor({ state: "detached" });
    assert.deepEqual([(await now()).rate.per_second, (await now()).concurrency], [65, 3]);
  });

  test("settings: a mail that is cut elsewhere than is offered is said to be cut there, in both languages", async () => {
    await server.ok("PATCH", `/v1/webhooks/${webhook.id}`, { privacy: { mime: { cut: 1024 } } });
    await open("settings");
    const chosen = () => page.locator("#mime").evaluate((select) => select.selectedOptions[0].label);
    await page.locator("#mime").waitFor();
    assert.equal(await chosen(), "The first 1,024 bytes");
    await speak(page, "nl");
    assert.equal(await chosen(), "De eerste 1.024 bytes");
    await speak(page, "en");
    await page.locator("#mime").selectOption("as-is");
    await page.locator("#mime").selectOption("cut");
    assert.equal(await chosen(), "The first 4 KiB");
    await page.getByRole("button", { name: "Discard" }).click();
    await server.ok("PATCH", `/v1/webhooks/${webhook.id}`, { privacy: null });
  });

  test("a test that cannot be read is said where, in both languages, and the server's words are not left in English", async () => {
    await open("test");
    const data = page.locator("textarea#event");
    await data.waitFor();
    const whole = await data.inputValue();
    for (const [text, english, dutch] of [
      [whole.replace(/"time": *"\d+"/, '"time": "soon"'), "time is \"soon\", where Unix seconds in digits is expected", "time is niet wat het hoort te zijn: Unix-seconden in cijfers"],
      [whole.slice(0, -2), "not JSON", "De inhoud is geen JSON"],
      [whole.replace('"bounce"', '"tea"'), "tea", "Zo’n type bestaat niet"],
    ]) {
      await data.fill(text);
      await page.locator("#event-error", { hasText: english }).waitFor();
      await page.getByRole("button", { name: "Nederlands" }).click();
      await page.locator("#event-error", { hasText: dutch }).waitFor();
      assert.equal(await page.locator("main [lang=en]").count(), 0);
      await page.getByRole("button", { name: "English" }).click();
    }
    await page.getByRole("button", { name: "Nederlands" }).click();
    await page.locator("#event-error").waitFor();
    await picture(page, "webhook-test-nl");
    await page.getByRole("button", { name: "English" }).click();
  });

  test("what the server refuses of a URL is said at its field, in both languages", async () => {
    await open("settings");
    await page.getByLabel("Callback URL").fill("https://10.0.0.1/hook");
    await page.getByRole("button", { name: "Save changes" }).click();
    await page.locator("[id$=-error]", { hasText: "10.0.0.1" }).waitFor();
    await page.waitForFunction(() => document.activeElement?.id === "url");
    await page.getByRole("button", { name: "Nederlands" }).click();
    await page.getByText("Dit adres of deze poort wordt niet aangeroepen.").waitFor();
    assert.equal(await page.locator("main [lang=en]").count(), 0);
    await page.getByRole("button", { name: "English" }).click();
    await page.getByRole("button", { name: "Discard" }).click();
    assert.equal((await now()).url, webhook.url);
  });

  test("the time that its figures are of stands in the address, and stays; in both languages", async () => {
    for (const [language, week, heading, settings] of [["en", "7 d", "Last 7 days", "Settings"], ["nl", "7 d", "Laatste 7 dagen", "Instellingen"]]) {
      await open("overview");
      await speak(page, language);
      const title = page.getByRole("heading", { level: 2, name: heading });
      await page.getByRole("radio", { name: week, exact: true }).check({ force: true });
      await title.waitFor();
      assert.match(page.url(), /\/overview\?range=7d$/);
      await page.reload();
      await title.waitFor();
      assert.ok(await page.getByRole("radio", { name: week, exact: true }).isChecked());
      await page.locator(".tabs").getByRole("link", { name: settings }).click();
      await title.waitFor({ state: "detached" });
      await page.goBack();
      await title.waitFor();
    }
    await speak(page, "en");
    const { deliveries } = await server.ok("GET", `/v1/stats/all-time?webhook=${webhook.id}`);
    for (const [language, words] of [["nl", `: ${deliveries.at_once} meteen afgeleverd, ${deliveries.retried} na herhaling, ${deliveries.refused} geweigerd, ${deliveries.unanswered} niet beantwoord.`], ["en", `: ${deliveries.at_once} delivered at once, ${deliveries.retried} after a retry, ${deliveries.refused} refused, ${deliveries.unanswered} not answered.`]]) {
      await speak(page, language);
      await page.getByText(words).waitFor();
    }
    await page.goto(`${server.base}/webhooks/${webhook.id}?range=no-such`);
    await page.getByRole("heading", { level: 2, name: "Last 24 h" }).waitFor();
  });

  test("its URL is copied whole, in the list and on its page; in both languages", async () => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    const { host, pathname } = new URL(webhook.url);
    for (const [language, inList, onPage, done] of [["en", `Copy the URL ${host}${pathname}`, "Copy the URL", "Copied"], ["nl", `URL ${host}${pathname} kopiëren`, "URL kopiëren", "Gekopieerd"]]) {
      await page.goto(`${server.base}/webhooks`);
      await speak(page, language);
      for (const name of [inList, onPage]) {
        await page.evaluate(() => navigator.clipboard.writeText(""));
        await page.getByRole("button", { name, exact: true }).click();
        await page.locator("#live").getByText(done).waitFor();
        assert.equal(await copied(), webhook.url);
        await page.goto(`${server.base}/webhooks/${webhook.id}`);
      }
    }
    await speak(page, "en");
  });

  test("the menu in its head copies and deletes, also before it is verified; in both languages", async () => {
    const fresh = await server.ok("POST", "/v1/webhook", { type: "open", url: `${receiver.base}/fresh` });
    for (const [language, more, copy, remove, keep] of [["en", "More actions", "Copy webhook id", "Delete webhook…", "Keep it"], ["nl", "Meer acties", "Id van de webhook kopiëren", "Webhook verwijderen…", "Behouden"]]) {
      for (const { id } of [webhook, fresh]) {
        await page.goto(`${server.base}/webhooks/${id}`);
        await speak(page, language);
        await page.getByRole("button", { name: more }).click();
        if (id === webhook.id) await picture(page, `webhook-more-${language}`);
        await page.evaluate(() => navigator.clipboard.writeText(""));
        await page.getByRole("menuitem", { name: copy }).click();
        await page.waitForFunction(async (id) => (await navigator.clipboard.readText()) === id, id);
        await page.getByRole("button", { name: more }).click();
        await page.getByRole("menuitem", { name: remove }).click();
        await page.getByRole("dialog").getByRole("button", { name: keep }).click();
        await page.getByRole("dialog").waitFor({ state: "detached" });
      }
    }
    await speak(page, "en");
    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("menuitem", { name: "Delete webhook…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete webhook", exact: true }).click();
    await page.waitForURL(`${server.base}/webhooks`);
    assert.equal((await server.call("GET", `/v1/webhooks/${fresh.id}`)).status, 404);
  });

  test("on a narrow screen the tab that one is on is in sight; in both languages", async () => {
    const { cookies } = await page.context().storageState();
    for (const locale of ["en-GB", "nl-NL"]) {
      const narrow = await browser.page({ locale, viewport: { width: 360, height: 780 }, storageState: { cookies, origins: [] } });
      for (const tab of ["history", "deliveries", "settings", "overview"]) {
        await narrow.goto(`${server.base}/webhooks/${webhook.id}/${tab}`);
        await narrow.locator(`.tabs a[aria-current][href$="/${tab}"]`).waitFor();
        await narrow.waitForFunction(() => {
          const { left, right } = document.querySelector(".tabs [aria-current]").getBoundingClientRect();
          return left >= 0 && right <= document.documentElement.clientWidth;
        });
      }
      assert.deepEqual(narrow.mistakes, []);
      await narrow.context().close();
    }
  });

  test("history tells what happened", async () => {
    await open("history");
    await page.getByRole("cell", { name: /^Verified/ }).waitFor();
    await page.getByRole("cell", { name: /^Created/ }).waitFor();
    await page.getByRole("cell", { name: /^Changed.*Calls at a time/ }).first().waitFor();
    await picture(page, "webhook-history");
    await page.getByRole("button", { name: "Nederlands" }).click();
    await page.getByRole("cell", { name: /^Gewijzigd.*Aanroepen tegelijk/ }).first().waitFor();
    await page.getByRole("cell", { name: /^Geverifieerd.*het verificatiebestand is gevonden/ }).waitFor();
    assert.equal(await page.locator("main [lang=en]").count(), 0);
    await page.getByRole("button", { name: "English" }).click();
  });

  test("a secret is shown once, when it is made anew, which is asked first; in both languages", async () => {
    const standard = await server.verifiedWebhook(receiver, "/hooks/standard", { type: "open", profile: "standard" });
    const shown = page.getByText(/^whsec_/);
    const made = [];
    for (const [language, ask, meaning, keep, deed] of [
      ["en", "Make a new secret…", "refuses every call", "Keep it", "Make a new secret"],
      ["nl", "Nieuw geheim maken…", "weigert elke aanroep", "Behouden", "Nieuw geheim maken"],
    ]) {
      await page.goto(`${server.base}/webhooks/${standard.id}/settings`);
      await speak(page, language);
      const question = page.getByRole("dialog");
      await page.getByRole("button", { name: ask }).click();
      await question.getByText(meaning).waitFor();
      await picture(page, `webhook-rotate-${language}`);
      await question.getByRole("button", { name: keep }).click();
      await question.waitFor({ state: "detached" });
      assert.equal(await shown.count(), 0);
      await page.getByRole("button", { name: ask }).click();
      await question.getByRole("button", { name: deed, exact: true }).click();
      await shown.waitFor();
      await page.waitForFunction(() => document.activeElement?.id === "new-secret");
      made.push(await shown.textContent());
    }
    assert.equal(new Set(made).size, 2);
    await page.reload();
    await page.getByRole("button", { name: "Nieuw geheim maken…" }).waitFor();
    assert.equal(await shown.count(), 0);
    await speak(page, "en");
  });

  test("nothing on these pages made a mistake", () => {
    // The browser calls an answer of 412 or 422 an error.
    assert.deepEqual(page.mistakes.filter((text) => !/status of 4(12|22)/.test(text)), []);
  });
});
