// "Check my receiver" in the dashboard: on a receiver as the package makes one, on one that takes everything, and on one that
// is not there; each answer marked; in both languages.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";

import { AdapterReceiver } from "../support/adapter.mjs";
import { picture } from "../support/browser.mjs";
import { Dashboard, mistakes, speak } from "../support/dashboard.mjs";

describe("check my receiver", { timeout: 240_000 }, () => {
  let dashboard, server, page, good, bad;
  let stands = true;

  const rows = () => page.locator("section[aria-labelledby=receiver-title] tbody tr");
  const open = async (webhook) => dashboard.go(`/webhooks/${webhook.id}/test`);
  const run = async () => {
    await page.getByRole("button", { name: "Run the check" }).click();
    await rows().nth(8).waitFor();
    return rows().allInnerTexts();
  };

  before(async () => {
    dashboard = await Dashboard.start();
    ({ server, page } = dashboard);
    good = await AdapterReceiver.start({ server });
    // It answers 200 to whatever comes.
    bad = { files: new Map() };
    bad.server = createServer((request, response) => {
      if (!stands && request.method === "POST") return request.socket.destroy();
      request.resume();
      request.on("end", () => response.writeHead(200).end(request.method === "GET" ? bad.files.get(request.url.split("/").pop()) : "thanks"));
    });
    bad.server.listen(0, "127.0.0.1");
    await once(bad.server, "listening");
    bad.base = `http://127.0.0.1:${bad.server.address().port}`;
  });

  after(async () => {
    await dashboard?.stop("examined");
    await good?.stop();
    bad?.server.closeAllConnections();
    bad?.server.close();
  });

  test("a good receiver: nine of nine, each with its answer", async () => {
    const webhook = await server.verifiedWebhook(good, "/hook", { type: "bounce" });
    await open(webhook);
    const texts = await run();
    await page.getByText("9 of 9 as they should be").first().waitFor();
    const statuses = ["204", "401", "401", "401", "401", "401", "401", "204", "204"];
    texts.forEach((text, index) => assert.ok(text.includes(statuses[index]) && text.includes("Good:"), text));
    assert.equal(good.events.length, 3, "its handler got what is genuine, and nothing else");
    // What was sent and what came back is there to look at.
    await rows().nth(1).getByText("The call and its answer").click();
    await rows().nth(1).getByText('"check": "digest"').waitFor();
    await picture(page, "examined-good");
    await speak(page, "nl");
    await page.getByText("9 van 9 zoals het hoort").first().waitFor();
    const dutch = await rows().allInnerTexts();
    assert.ok(dutch[1].includes("401, of een andere 4xx") && dutch[1].includes("Geweigerd, zoals het hoort."), dutch[1]);
    await picture(page, "examined-good-nl");
    await speak(page, "en");
  });

  test("one that takes everything: each forged call is marked, with what is to be mended", async () => {
    const webhook = await server.verifiedWebhook(bad, "/hook", { type: "open" });
    await open(webhook);
    const texts = await run();
    await page.getByText("3 of 9 as they should be").first().waitFor();
    for (const [index, words] of [[1, "the body is not checked"], [2, "old calls can be played again"], [3, "too far in the future"], [5, "Compare X-Copernica-ID"], [6, "the signature is not checked"]]) {
      assert.ok(texts[index].includes("To be mended:") && texts[index].includes(words), texts[index]);
    }
    assert.ok(texts[4].includes("Could be better:"), texts[4]);
    await picture(page, "examined-bad");
    await speak(page, "nl");
    const dutch = await rows().allInnerTexts();
    for (const [index, words] of [[1, "Verifieer de digest"], [2, "oude aanroepen"], [3, "uit de toekomst"], [4, "twee keer"], [5, "andere omgeving"], [6, "gepubliceerde sleutel"]]) {
      assert.ok(dutch[index].includes(words), dutch[index]);
    }
    assert.equal(await page.locator("section[aria-labelledby=receiver-title] [lang=en]").count(), 0);
    await picture(page, "examined-bad-nl");
    await speak(page, "en");
  });

  test("one that hangs up: two calls say so, and no more are made", async () => {
    stands = false;
    try {
      await page.getByRole("button", { name: "Run again" }).click();
      // What was not sent is not counted.
      await page.getByText("0 of 2 as they should be").first().waitFor();
      const texts = await rows().allInnerTexts();
      assert.ok(texts[0].includes("To be mended:"), texts[0]);
      assert.ok(texts[8].includes("Not sent, as the calls before it had no answer."), texts[8]);
    } finally {
      stands = true;
    }
  });

  test("without a connection it says so, and can be run again", async () => {
    await server.kill();
    await page.getByRole("button", { name: "Run again" }).click();
    const note = page.getByRole("alert").filter({ hasText: "The server did not answer" }).last();
    await note.waitFor();
    await server.start();
    await note.getByRole("button", { name: "Try again" }).click();
    await page.getByText("3 of 9 as they should be").first().waitFor();
  });

  test("nothing on this page made a mistake", () => {
    assert.deepEqual(mistakes(page), []);
  });
});
