// Over plain HTTP, on a name of one's own network: a browser gives such a page no clipboard.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { picture } from "../support/browser.mjs";
import { Dashboard, mistakes } from "../support/dashboard.mjs";

describe("without HTTPS", { timeout: 120_000 }, () => {
  let dashboard, page, webhook, base;

  before(async () => {
    dashboard = await Dashboard.start({ args: ["--host-resolver-rules=MAP seinpost.lan 127.0.0.1"] });
    const { server } = dashboard;
    webhook = await server.ok("POST", "/v1/webhook", { type: "bounce", url: "https://hooks.example.org/bounces" });
    base = `http://seinpost.lan:${server.port}`;
    page = await dashboard.open();
    await dashboard.signIn(page, `${base}/signin#code=${server.token}`);
  });

  after(async () => {
    if (page && !page.isClosed()) await picture(page, "plain");
    await dashboard?.stop();
  });

  /** Copies by a button, and gives what a field gets when it is pasted. */
  async function copied(button, field) {
    await button.click();
    await page.locator("#live").filter({ hasText: "Copied" }).waitFor();
    assert.ok(await button.evaluate((button) => document.activeElement === button), "the focus stays");
    await field.fill("");
    await field.press("Control+v");
    return field.inputValue();
  }

  test("what is copied can be pasted, also within a dialog", async () => {
    assert.equal(await page.evaluate(() => isSecureContext), false);
    const find = page.getByRole("searchbox").or(page.locator("#q")).first();
    assert.equal(await copied(page.getByRole("button", { name: "Copy the URL hooks.example.org/bounces" }), find), webhook.url);
    // From a menu, which is gone by then.
    await page.goto(`${base}/webhooks/${webhook.id}`);
    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("menuitem", { name: "Copy webhook id" }).click();
    await page.getByText("Copied").first().waitFor();
    await page.goto(`${base}/webhooks`);
    await find.waitFor();
    await find.press("Control+v");
    assert.equal(await find.inputValue(), webhook.id);
    await page.goto(`${base}/tokens`);
    await page.getByRole("button", { name: /^Create/ }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("ci");
    await dialog.getByRole("button", { name: /^Create/ }).click();
    const made = await page.getByText(/^seinpost_[\w-]+$/).first().innerText();
    await page.getByRole("button", { name: /^Copy/ }).first().click();
    await page.locator("#live").filter({ hasText: "Copied" }).waitFor();
    await page.goto(`${base}/webhooks`);
    await find.waitFor();
    await find.press("Control+v");
    assert.equal(await find.inputValue(), made);
    // A header that means nothing without HTTPS is a mistake to the browser, and none of ours.
    assert.deepEqual(mistakes(page).filter((text) => !text.includes("Cross-Origin-Opener-Policy")), []);
  });
});
