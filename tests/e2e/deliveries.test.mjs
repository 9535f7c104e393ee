// The delivery log: live without a reload, paused, filtered, searched, sent again in bulk; and a refusal explained.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { Browser, picture } from "../support/browser.mjs";
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

  test("a refusal that names its check is explained, in both languages", async () => {
    answer = 401;
    await send();
    await page.goto(`${server.base}/deliveries?outcome=refused`);
    await rows().nth(0).getByRole("link").click();
    await page.getByText("Your receiver’s clock is 312 s ahead").waitFor();
    await page.getByText(/^Attempt 2 in/).waitFor();
    await picture(page, "deliveries-refused");
    await page.getByRole("button", { name: "Nederlands" }).click();
    await page.getByText("De klok van uw ontvanger loopt 312 s voor").waitFor();
    await page.getByRole("button", { name: "English" }).click();
    await page.keyboard.press("Escape");
    await page.getByText("Your receiver’s clock is 312 s ahead").waitFor({ state: "detached" });
    assert.match(page.url(), /deliveries\?outcome=refused$/);
  });

  test("a lost connection is shown, and heals", async () => {
    await page.goto(`${server.base}/deliveries`);
    await rows().nth(0).waitFor();
    await server.kill();
    await page.getByRole("alert").filter({ hasText: "No connection" }).waitFor();
    await server.start();
    await page.getByText("Connected").waitFor();
    answer = 204;
    const before = await rows().count();
    await send();
    await rows().nth(before).waitFor();
  });
});
