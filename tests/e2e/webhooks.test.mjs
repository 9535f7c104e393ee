// The list of webhooks: searched, filtered and sorted, with how the last 24 hours went.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { Browser, picture } from "../support/browser.mjs";
import { EVENTS } from "../support/events.mjs";
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

  test("no page wrote an error to the console", () => {
    assert.deepEqual(page.mistakes, []);
  });
});
