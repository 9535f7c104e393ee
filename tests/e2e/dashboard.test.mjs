// A person signs in, creates a webhook, proves the URL, tests it, and looks at what came of it.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";

import { Browser, picture } from "../support/browser.mjs";
import { EVENTS } from "../support/events.mjs";
import { Receiver } from "../support/receiver.mjs";
import { Server } from "../support/server.mjs";

describe("the dashboard", () => {
  let server, receiver, browser, page, url;

  before(async () => {
    server = await Server.start();
    receiver = await Receiver.start({ server });
    browser = await Browser.start();
    page = await browser.page();
    url = `${receiver.base}/hooks/bounce`;
  });

  after(async () => {
    if (page && !page.isClosed()) await picture(page, "dashboard-last");
    await browser?.stop();
    await receiver?.stop();
    await server?.remove();
  });

  test("without a session the way in is shown, and nothing else", async () => {
    const stranger = await browser.page();
    await stranger.goto(`${server.base}/webhooks`);
    await stranger.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
    await picture(stranger, "sign-in");
    await stranger.context().close();
  });

  test("the link signs in, once", async () => {
    const link = server.signInLink;
    await page.goto(link);
    await page.getByRole("heading", { level: 1, name: "Send your first event" }).waitFor();
    assert.ok(!page.url().includes("code="), "the code does not stay in the address");
    await picture(page, "empty");

    const second = await browser.page();
    await second.goto(link);
    await second.locator(".field__error, .note--bad").first().waitFor();
    await picture(second, "used-link");
    await second.context().close();
  });

  test("a late answer to who was signed in before does not undo signing in", async () => {
    const slow = await browser.page();
    let signedIn;
    const afterwards = new Promise((resolve) => (signedIn = resolve));
    // What was asked before is answered with what was so then, after the sign-in is.
    await slow.route("**/v1/session", async (route) => {
      if (route.request().method() === "POST") {
        const answer = await route.fetch();
        await route.fulfill({ response: answer });
        signedIn();
        return;
      }
      const answer = await route.fetch();
      await afterwards;
      await route.fulfill({ response: answer });
    });
    await slow.goto(`${server.base}/signin#code=${server.token}`);
    await slow.getByRole("heading", { level: 1, name: "Send your first event" }).waitFor();
    await slow.unrouteAll({ behavior: "wait" });
    assert.equal(await slow.getByRole("heading", { level: 1, name: "Send your first event" }).isVisible(), true);
    await slow.context().close();
  });

  test("creates a webhook", async () => {
    await page.getByRole("link", { name: /^Create webhook/ }).or(page.getByRole("button", { name: /^Create webhook/ })).first().click();
    const drawer = page.getByRole("dialog");
    await drawer.getByLabel("Callback URL").fill(url);
    await drawer.getByRole("checkbox", { name: /^bounce/i }).check();
    await picture(page, "create");
    await drawer.getByRole("button", { name: "Create webhook" }).click();
    await page.getByRole("link", { name: /^smtpeter-\w+\.txt/ }).waitFor();
    const [webhook] = await server.all("/v1/webhooks");
    assert.equal(webhook.url, url);
    assert.equal(webhook.type, "bounce");
    assert.equal(webhook.status, "unverified");
  });

  test("says what it found where the file is missing, and verifies once it is there", async () => {
    const look = page.getByRole("button", { name: /verify|look/i }).first();
    await look.click();
    // Both places are named, with what came back.
    await page.getByText(/40[14]/).first().waitFor();
    await picture(page, "not-verified");

    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: /^smtpeter-\w+\.txt/ }).first().click();
    const file = await download;
    assert.match(file.suggestedFilename(), /^smtpeter-[A-Za-z0-9]{5}\.txt$/);
    receiver.files.set(file.suggestedFilename(), await readFile(await file.path()));
    // The command that does the same says with what one is let in.
    await page.getByText(/curl -X POST .*\/verify -H "Authorization: Bearer \$TOKEN"/).waitFor();

    await page.getByRole("button", { name: /verify|look/i }).first().click();
    await page.getByText("Active", { exact: true }).first().waitFor();
    const [webhook] = await server.all("/v1/webhooks");
    assert.equal(webhook.status, "active");
    await picture(page, "verified");
  });

  test("what is sent then arrives, and is in the log with its attempt", async () => {
    const event = EVENTS.find(({ type }) => type === "bounce");
    await server.ok("POST", "/v1/events", event.text);
    const call = await receiver.call(({ report }) => report.event?.id === event.variables.id);
    assert.equal(call.report.ok, true, JSON.stringify(call.report.checks));

    const [webhook] = await server.all("/v1/webhooks");
    const [delivery] = await server.all(`/v1/webhooks/${webhook.id}/deliveries`);
    await page.goto(`${server.base}/webhooks/${webhook.id}/deliveries/${delivery.id}`);
    await page.getByText(delivery.id.slice(0, 8)).first().waitFor();
    await page.getByText(/x-copernica-id/i).first().waitFor();
    await picture(page, "delivery");
  });

  test("the test tool sends what was typed and shows what came back", async () => {
    const [webhook] = await server.all("/v1/webhooks");
    const before = receiver.calls.length;
    await page.goto(`${server.base}/webhooks/${webhook.id}/test`);
    const data = page.locator("textarea").first();
    await data.waitFor();
    await data.fill((await data.inputValue()).replace(/"recipient": *"[^"]*"/, '"recipient": "typed@example.net"'));
    await page.getByRole("button", { name: /^Send/ }).first().click();
    await page.getByText("204").first().waitFor();
    await receiver.count(before + 1);
    assert.equal(receiver.calls.at(-1).report.event.recipient, "typed@example.net");
    await picture(page, "test-tool");
  });

  test("check all tests every webhook", async () => {
    const before = receiver.calls.length;
    await page.goto(`${server.base}/webhooks`);
    await page.getByRole("button", { name: /^Check (all|now)/ }).first().click();
    await receiver.count(before + 1);
    await picture(page, "webhooks");
  });

  test("speaks Dutch", async () => {
    await page.goto(`${server.base}/webhooks`);
    await page.getByText("Nederlands", { exact: true }).first().click();
    await page.locator("html[lang=nl]").waitFor();
    await picture(page, "webhooks-nl");
    await page.getByText("English", { exact: true }).first().click();
    await page.locator("html[lang=en]").waitFor();
  });

  test("a webhook is deleted only after it is asked for twice", async () => {
    const [webhook] = await server.all("/v1/webhooks");
    await page.goto(`${server.base}/webhooks/${webhook.id}/settings`);
    await page.getByRole("button", { name: /^Delete webhook/ }).click();
    await page.getByRole("dialog").or(page.getByRole("alertdialog")).getByRole("button", { name: "Delete webhook" }).click();
    await page.getByRole("heading", { level: 1, name: "Send your first event" }).waitFor();
    assert.deepEqual(await server.all("/v1/webhooks"), []);
  });

  test("no page wrote an error to the console", () => {
    assert.deepEqual(page.mistakes, []);
  });
});

describe("the inspector", () => {
  let server, receiver, browser;

  before(async () => {
    server = await Server.start();
    receiver = await Receiver.start({ server });
    browser = await Browser.start();
  });

  after(async () => {
    await browser?.stop();
    await receiver?.stop();
    await server?.remove();
  });

  test("needs no sign-in, and says of a pasted call what the package says", async () => {
    await server.verifiedWebhook(receiver, "/hook", { type: "delivery" });
    await server.ok("POST", "/v1/events", EVENTS.find(({ type }) => type === "delivery").text);
    const call = await receiver.call(({ report }) => report.ok);
    const lines = [`POST ${call.url} HTTP/1.1`];
    for (let index = 0; index < call.rawHeaders.length; index += 2) lines.push(`${call.rawHeaders[index]}: ${call.rawHeaders[index + 1]}`);
    const [key] = await server.ok("GET", "/v1/keys");

    const page = await browser.page();
    await page.goto(`${server.base}/inspector`);
    await page.locator("textarea#raw").fill(`${lines.join("\r\n")}\r\n\r\n${call.body}`);
    await page.locator("textarea#key").fill(key.dns);
    await page.getByText("anna@example.net").first().waitFor();
    await picture(page, "inspector");
    assert.deepEqual(page.mistakes, []);
  });
});
