// The page of the logfiles: a day's files, each downloaded in every form and read; in both languages.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";

import { picture } from "../support/browser.mjs";
import { Dashboard, mistakes, speak } from "../support/dashboard.mjs";
import { EVENTS } from "../support/events.mjs";

/** The rows of a CSV (RFC 4180). */
function csv(text) {
  const rows = [];
  let row = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  }
  return rows;
}

describe("the page of the logfiles", { timeout: 180_000 }, () => {
  let dashboard, server, page;
  const bounce = EVENTS.find(({ type }) => type === "bounce").variables;
  const today = new Date().toISOString().slice(0, 10);

  const download = async (row, name) => {
    const [file] = await Promise.all([page.waitForEvent("download"), row.getByRole("link", { name }).click()]);
    return { name: file.suggestedFilename(), text: await readFile(await file.path(), "utf8") };
  };

  before(async () => {
    dashboard = await Dashboard.start();
    ({ server, page } = dashboard);
  });

  after(() => dashboard?.stop("logfiles"));

  test("before there is one, it says when one begins", async () => {
    await dashboard.go("/logfiles");
    await page.getByText("There are no logfiles yet").waitFor();
    await speak(page, "nl");
    await page.getByText("Er zijn nog geen logbestanden").waitFor();
    await speak(page, "en");
  });

  test("each file of a day is had as CSV, JSON and XML, and all say the same", async () => {
    for (const { text } of EVENTS) await server.ok("POST", "/v1/events", text);
    await page.reload();
    const row = page.getByRole("row").filter({ hasText: `bounces.${today}.log` });
    await row.waitFor();
    assert.equal(await page.getByLabel("Day").inputValue(), today);
    await page.getByRole("row").filter({ hasText: `clicks.${today}.log` }).waitFor();
    await picture(page, "logfiles");

    const plain = await download(row, /as CSV$/);
    const named = await download(row, /as CSV with names of columns$/);
    const json = await download(row, /as JSON$/);
    const xml = await download(row, /as XML$/);
    assert.deepEqual(
      [plain, named, json, xml].map(({ name }) => name),
      ["csv", "csv", "json", "xml"].map((ending) => `bounces.${today}.log.${ending}`),
    );
    const [names, ...rows] = csv(named.text);
    assert.deepEqual(names, ["id", "time", "envelope", "recipient", "mime", "tags", "templateid"]);
    assert.deepEqual(csv(plain.text), rows);
    const records = JSON.parse(json.text);
    assert.deepEqual(records.map((record) => names.map((each) => String(record[each]))), rows);
    const record = records.find(({ id }) => id === bounce.id);
    // Line ends and quotes within a field come out as they went in.
    assert.equal(record.mime, bounce.mime);
    assert.equal(record.recipient, bounce.recipient);
    const elements = await page.evaluate((text) => {
      const read = new DOMParser().parseFromString(text, "application/xml");
      return [...read.querySelectorAll("records > record")].map((each) => [...each.children].map((field) => [field.localName, field.textContent]));
    }, xml.text);
    assert.deepEqual(elements.map((fields) => fields.map(([name]) => name)), records.map(() => names));
    // XML has one kind of line end (XML 1.0 §2.11).
    const lines = (text) => text.replaceAll("\r\n", "\n");
    assert.deepEqual(elements.map((fields) => fields.map(([, value]) => lines(value))), rows.map((each) => each.map(lines)));
  });

  test("a day without files says so, and another can be chosen; in both languages", async () => {
    await dashboard.go("/logfiles?day=2001-01-01");
    await page.getByText("There are no logfiles yet").waitFor();
    await page.getByLabel("Day").selectOption(today);
    await page.getByRole("row").filter({ hasText: "bounces" }).waitFor();
    assert.match(page.url(), new RegExp(`day=${today}$`));
    await speak(page, "nl");
    await page.getByRole("row").filter({ hasText: "automatische antwoorden" }).waitFor();
    await picture(page, "logfiles-nl");
    await speak(page, "en");
  });

  test("without a connection it says so, and heals", async () => {
    await dashboard.follow("Events");
    await page.getByRole("heading", { level: 1, name: "Events" }).waitFor();
    await server.kill();
    await dashboard.follow("Logfiles");
    const note = page.getByRole("alert").filter({ hasText: "The server did not answer" });
    await note.waitFor();
    await server.start();
    await note.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("row").filter({ hasText: "bounces" }).waitFor();
  });

  test("who may not see them is told so, in both languages", async () => {
    const guest = await dashboard.guest(["events:write"]);
    await dashboard.go("/logfiles", guest);
    await guest.getByText("Your sign-in does not cover it.", { exact: false }).waitFor();
    await speak(guest, "nl");
    await guest.getByText("Uw aanmelding mist het recht dat hiervoor nodig is.").waitFor();
    assert.equal(await guest.locator("main [lang=en]").count(), 0);
    await guest.context().close();
  });

  test("nothing on this page made a mistake", () => {
    assert.deepEqual(mistakes(page), []);
  });
});
