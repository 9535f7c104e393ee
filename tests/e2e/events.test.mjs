// The page of the events: found by message, recipient and tags; where each went, and why a mail came back; in both languages.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { picture } from "../support/browser.mjs";
import { Dashboard, mistakes, speak } from "../support/dashboard.mjs";
import { EVENTS } from "../support/events.mjs";
import { Receiver } from "../support/receiver.mjs";

describe("the page of the events", { timeout: 240_000 }, () => {
  let dashboard, server, page, receiver;

  const rows = () => page.locator("main tbody tr");
  const opened = () => page.locator("#opened");
  const search = async (fields) => {
    for (const label of ["Message id", "Recipient", "Tags"]) await page.getByLabel(label, { exact: true }).fill(fields[label] ?? "");
    await page.getByRole("button", { name: "Search" }).click();
  };
  const found = async (...messages) => {
    await page.waitForFunction((count) => document.querySelectorAll("main tbody tr").length === count, messages.length);
    const texts = await rows().allInnerTexts();
    for (const message of messages) assert.ok(texts.some((text) => text.includes(message)), `${message} in ${texts}`);
  };

  before(async () => {
    dashboard = await Dashboard.start();
    ({ server, page } = dashboard);
  });

  after(async () => {
    await dashboard?.stop("events");
    await receiver?.stop();
  });

  test("before there is one, it says what will stand here", async () => {
    await dashboard.go("/events");
    await page.getByText("No event has been handed in yet").waitFor();
    await speak(page, "nl");
    await page.getByText("Er is nog geen gebeurtenis aangeboden").waitFor();
    await speak(page, "en");
  });

  test("found by message id, by recipient whatever its capitals, and by all of its tags", async () => {
    receiver = await Receiver.start({ server });
    await server.verifiedWebhook(receiver, "/hooks/mail", { type: ["bounce", "abuse"] });
    await server.verifiedWebhook(receiver, "/hooks/opens", { type: ["open", "bounce"] });
    const body = EVENTS.map(({ text }) => text.replace(/\n/g, " ")).join("\n");
    await server.ok("POST", "/v1/events", body, { "content-type": "application/x-ndjson" });
    // Without a reload, as the empty page promised.
    await rows().nth(9).waitFor();
    await search({ "Message id": "91c4e7d2ac" });
    await found("91c4e7d2ac");
    assert.match(page.url(), /message=91c4e7d2ac/);
    await search({ Recipient: "ANNA@Example.net" });
    await found("91c4e7d2ad", "91c4e7d2ae", "91c4e7d2af");
    await search({ Tags: "newsletter; week 48" });
    await found("91c4e7d2b2");
    await search({ Recipient: "anna@example.net", Tags: "spring" });
    await found("91c4e7d2ae");
    await page.reload();
    await found("91c4e7d2ae");
    assert.equal(await page.getByLabel("Tags", { exact: true }).inputValue(), "spring");
    await picture(page, "events");
  });

  test("what is typed stays, whatever else is drawn, and a search leaves the focus where it is", async () => {
    const field = (label) => page.getByLabel(label, { exact: true });
    // Before the first list has come.
    let answer;
    const held = new Promise((resolve) => (answer = resolve));
    await page.route("**/v1/events?*", async (route) => {
      await held;
      await route.continue();
    });
    await dashboard.go("/events");
    await field("Message id").fill("91c4e7d2aa");
    answer();
    await rows().nth(9).waitFor();
    await page.unrouteAll({ behavior: "wait" });
    assert.equal(await field("Message id").inputValue(), "91c4e7d2aa");
    // Before a row is opened, and the language changed.
    await field("Tags").fill("half typ");
    await rows().nth(0).getByRole("link").click();
    await opened().waitFor();
    await page.keyboard.press("Escape");
    await opened().waitFor({ state: "detached" });
    await speak(page, "nl");
    await speak(page, "en");
    assert.deepEqual([await field("Message id").inputValue(), await field("Tags").inputValue()], ["91c4e7d2aa", "half typ"]);
    await field("Tags").fill("");
    await field("Message id").focus();
    await page.keyboard.press("Enter");
    await found("91c4e7d2aa");
    assert.equal(await page.evaluate(() => document.activeElement.id), "q");
    // What the address says is what stands there, back and forth.
    await dashboard.follow("Events");
    await rows().nth(9).waitFor();
    assert.equal(await field("Message id").inputValue(), "");
  });

  test("the button stands on the line of the fields", async () => {
    const [button, input] = await Promise.all([page.getByRole("button", { name: "Search" }).boundingBox(), page.locator("#q").boundingBox()]);
    assert.ok(Math.abs(button.y + button.height - input.y - input.height) <= 1, JSON.stringify([button, input]));
  });

  test("an event says to which webhooks it went, and Escape closes it where it was opened", async () => {
    await search({ "Message id": "91c4e7d2aa" });
    await found("91c4e7d2aa");
    await rows().getByRole("link").click();
    await opened().getByRole("link", { name: /\/hooks\/mail$/ }).waitFor();
    await opened().getByRole("link", { name: /\/hooks\/opens$/ }).waitFor();
    assert.equal(await opened().getByRole("link", { name: /^dlv_/ }).count(), 2);
    await page.keyboard.press("Escape");
    await opened().waitFor({ state: "detached" });
    assert.match(page.url(), /\/events\?message=91c4e7d2aa$/);
    assert.match(await page.evaluate(() => document.activeElement?.id ?? ""), /^row-evt_/);

    await search({ "Message id": "91c4e7d2b0" });
    await found("91c4e7d2b0");
    await rows().getByRole("link").click();
    await opened().getByText("No webhook asked for it when it came.").waitFor();
  });

  test("a bounce and a complaint are shown diagnosed, in both languages", async () => {
    await search({ "Message id": "91c4e7d2aa" });
    await found("91c4e7d2aa");
    await rows().getByRole("link").click();
    await opened().getByText("Why the mail came back").waitFor();
    await opened().getByText("mailbox-full").waitFor();
    await opened().getByText("552 5.2.2 Postvak vol").first().waitFor();
    await opened().getByText("Soft bounce", { exact: true }).waitFor();
    const english = await opened().locator("h3:has(.tag) + p").innerText();
    await picture(page, "events-bounce");
    await speak(page, "nl");
    await opened().getByText("Waarom de mail terugkwam").waitFor();
    await opened().getByText("Zachte bounce", { exact: true }).waitFor();
    await page.waitForFunction((was) => document.querySelector("#opened h3:has(.tag) + p")?.innerText !== was, english);
    await picture(page, "events-bounce-nl");
    await speak(page, "en");
    await page.keyboard.press("Escape");
    await search({ "Message id": "91c4e7d2af" });
    await found("91c4e7d2af");
    await rows().getByRole("link").click();
    await opened().getByText("Complaint", { exact: true }).waitFor();
    await page.keyboard.press("Escape");
  });

  test("where nothing fits it says so and shows all again, in both languages", async () => {
    await search({ Recipient: "nobody-at-all@example.net" });
    await page.getByText("No event fits what you search for.").waitFor();
    await speak(page, "nl");
    await page.getByText("Geen gebeurtenis past bij wat u zoekt.").waitFor();
    await picture(page, "events-none-nl");
    await page.getByRole("button", { name: "Toon alle" }).click();
    await rows().nth(9).waitFor();
    await speak(page, "en");
  });

  test("without a connection it says what happened, keeps what was typed, and heals", async () => {
    await server.kill();
    await search({ "Message id": "91c4e7d2ad" });
    const note = page.getByRole("alert").filter({ hasText: "The server did not answer" });
    await note.waitFor();
    assert.equal(await page.getByLabel("Message id").inputValue(), "91c4e7d2ad");
    await page.getByText("No connection, trying again").waitFor();
    await picture(page, "events-lost");
    await speak(page, "nl");
    await page.getByText("De server antwoordde niet").waitFor();
    await speak(page, "en");
    await note.getByRole("button", { name: "Try again" }).click();
    await server.start();
    // It asks again by itself, too.
    await found("91c4e7d2ad");
    await note.waitFor({ state: "detached" });
    await page.getByText("Connected", { exact: true }).waitFor();
  });

  test("nothing on this page made a mistake", () => {
    assert.deepEqual(mistakes(page), []);
  });
});
