// The secret of a webhook, which is shown once: when it is made.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { picture } from "../support/browser.mjs";
import { Dashboard } from "../support/dashboard.mjs";
import { Receiver } from "../support/receiver.mjs";

describe("a secret that is shown once", { timeout: 300_000 }, () => {
  let dashboard, server, page, receiver;

  const drawer = () => page.getByRole("dialog");

  before(async () => {
    dashboard = await Dashboard.start();
    ({ server, page } = dashboard);
    receiver = await Receiver.start({ server });
  });

  after(async () => {
    await dashboard?.stop("secrets");
    await receiver?.stop();
  });

  test("the secret of a new webhook is shown once, before anything else", async () => {
    await dashboard.go("/webhooks/new");
    await drawer().getByLabel("Callback URL").fill(`${receiver.base}/hooks/standard`);
    await drawer().getByRole("checkbox", { name: /^open/i }).check();
    await drawer().getByLabel("Signature profile").or(drawer().locator("#new-profile")).first().selectOption("standard");
    await drawer().getByRole("button", { name: "Create webhook" }).click();
    await drawer().getByRole("heading", { name: "Webhook created" }).waitFor();
    const secret = await drawer().getByText(/^whsec_/).innerText();
    await drawer().getByRole("button", { name: "Copy the secret" }).waitFor();
    await page.waitForFunction(() => document.activeElement?.id === "made-go-on");
    await picture(page, "create-secret");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: /^smtpeter-\w+\.txt/ }).waitFor();
    assert.ok(!(await page.content()).includes(secret));
  });

  test("the secret that a change of profile makes is shown once", async () => {
    const webhook = await server.ok("POST", "/v1/webhook", { type: "open", url: `${receiver.base}/hooks/changed` });
    await page.goto(`${server.base}/webhooks/${webhook.id}/settings`);
    await page.locator("#profile").selectOption("standard");
    await page.getByRole("button", { name: "Save changes" }).click();
    const shown = page.getByText(/^whsec_/);
    await shown.waitFor();
    await page.waitForFunction(() => document.activeElement?.id === "made-secret");
    // Another saving makes none, and takes this one away from nobody.
    await page.getByLabel("Calls at a time, at most").fill("3");
    await page.getByRole("button", { name: "Save changes" }).click();
    await page.locator(".savebar").waitFor({ state: "detached" });
    await shown.waitFor();
    await page.reload();
    await page.getByRole("button", { name: "Make a new secret" }).waitFor();
    assert.equal(await shown.count(), 0);
  });
});
