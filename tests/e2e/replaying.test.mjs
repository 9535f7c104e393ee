// Many deliveries sent once more: the dialog begins with what the log is narrowed to, a replay that is under way is there
// again as it opens, and is stopped; in both languages.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { picture } from "../support/browser.mjs";
import { Dashboard, mistakes, speak } from "../support/dashboard.mjs";
import { EVENTS } from "../support/events.mjs";
import { Receiver } from "../support/receiver.mjs";

/** More than are made while nothing is sent. */
const MANY = 600;

describe("sending many deliveries once more", { timeout: 240_000 }, () => {
  let dashboard, server, page, receiver, webhook;

  const dialog = () => page.getByRole("dialog");

  before(async () => {
    dashboard = await Dashboard.start();
    ({ server, page } = dashboard);
    receiver = await Receiver.start({ server });
    const other = () => server.verifiedWebhook(receiver, "/hooks/other", { type: "click" });
    // Neither the first of the list nor the last.
    await other();
    webhook = await server.verifiedWebhook(receiver, "/hooks/many", { type: "open" });
    await other();
    const sample = JSON.parse(EVENTS.find(({ type }) => type === "open").text);
    const lines = Array.from({ length: MANY }, (_, n) => JSON.stringify({ ...sample, id: `many-${n}` })).join("\n");
    await server.ok("POST", "/v1/events", lines, { "content-type": "application/x-ndjson" });
    await receiver.count(MANY);
    while ((await server.all("/v1/deliveries?status=pending")).length > 0);
    // What is made from now on waits, and so does the replay that makes it.
    await server.ok("PATCH", `/v1/webhooks/${webhook.id}`, { status: "paused" });
  });

  after(async () => {
    await dashboard?.stop("replaying");
    await receiver?.stop();
  });

  for (const [language, words] of [
    ["en", { replay: "Replay…", all: /^All/, start: "Send again", made: /\d+ deliver(y|ies) made so far/, close: "Close", stop: "Stop", stopped: /^Stopped after \d+ deliver(y|ies); these go on$/ }],
    ["nl", { replay: "Opnieuw versturen…", all: /^Alle/, start: "Opnieuw versturen", made: /\d+ aflevering(en)? gemaakt tot nu toe/, close: "Sluiten", stop: "Stoppen", stopped: /^Gestopt na \d+ aflevering(en)?; die gaan door$/ }],
  ]) {
    test(`one that is under way is there again as the dialog opens, and stops: ${language}`, async () => {
      await dashboard.go(`/deliveries?webhook=${webhook.id}&time=7d`);
      await speak(page, language);
      await page.locator(`#webhook option[value="${webhook.id}"]`).waitFor({ state: "attached" });
      const open = page.getByRole("button", { name: words.replay, exact: true });
      await open.click();
      assert.equal(await page.locator("#replay-webhook").inputValue(), webhook.id);
      assert.equal(await page.locator("#replay-time").inputValue(), "7d");
      await dialog().getByRole("radio", { name: words.all }).check();
      await dialog().getByRole("button", { name: words.start, exact: true }).click();
      await dialog().getByText(words.made).waitFor();
      await dialog().getByRole("button", { name: words.close, exact: true }).click();
      await dialog().waitFor({ state: "detached" });
      await open.click();
      await dialog().getByText(words.made).waitFor();
      await picture(page, `replaying-${language}`);
      await dialog().getByRole("button", { name: words.stop, exact: true }).click();
      await dialog().getByText(words.stopped).waitFor();
      assert.match(await page.locator("#live").innerText(), words.stopped);
      assert.equal(await dialog().getByRole("button", { name: words.stop, exact: true }).count(), 0);
      const { data } = await server.ok("GET", `/v1/webhooks/${webhook.id}/replays`);
      assert.equal(data[0].state, "stopped");
      assert.ok(data[0].made < MANY, `${data[0].made}`);
      await dialog().getByRole("button", { name: words.close, exact: true }).click();
      await dialog().waitFor({ state: "detached" });
    });
  }

  test("nothing on this page made a mistake", () => {
    assert.deepEqual(mistakes(page), []);
  });
});
