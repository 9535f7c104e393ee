// The test tool: data comes as the webhook gets its events, what was signed of it shows whatever the profile, and a refusal
// that names its check is explained.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { AdapterReceiver } from "../support/adapter.mjs";
import { picture } from "../support/browser.mjs";
import { Dashboard, mistakes, speak } from "../support/dashboard.mjs";

describe("the test tool", { timeout: 240_000 }, () => {
  let dashboard, server, page, receiver;

  const sent = () => page.locator("section[aria-labelledby=sent-title]");
  const signed = () => page.locator("section[aria-labelledby=signing-title]");
  const test_of = async (options) => {
    const webhook = await server.verifiedWebhook(receiver, "/hook", options);
    await dashboard.go(`/webhooks/${webhook.id}/test`);
    await page.locator("textarea#event").waitFor();
    await page.getByRole("button", { name: "Send test" }).click();
    await sent().waitFor();
    return { webhook, request: await sent().innerText() };
  };

  before(async () => {
    dashboard = await Dashboard.start();
    ({ server, page } = dashboard);
    receiver = await AdapterReceiver.start({ server });
  });

  after(async () => {
    await dashboard?.stop("test-tool");
    await receiver?.stop();
  });

  test("a form, an array and what privacy leaves out: as events come", async () => {
    const form = await test_of({ type: "open", format: "form", privacy: { ip: "truncated" } });
    assert.match(form.request, /content-type: application\/x-www-form-urlencoded/i);
    assert.match(form.request, /type=open/);
    assert.match(form.request, /ip=[\d.]+\.0(&|\s|$)/);
    assert.equal(receiver.events.at(-1).type, "open", "its receiver read it");
    const batch = await test_of({ type: "open", batch: { max_events: 10, max_ms: 100 } });
    assert.match(batch.request, /content-type: application\/json/i);
    assert.match(batch.request.replace(/\s/g, ""), /\[\{"/);
    // What is typed goes so, too.
    const area = page.locator("textarea#event");
    await area.fill((await area.inputValue()).replace(/"recipient": *"[^"]*"/, '"recipient": "typed@example.net"'));
    await page.getByRole("button", { name: "Send test" }).click();
    await sent().getByText("typed@example.net").waitFor();
    assert.match((await sent().innerText()).replace(/\s/g, ""), /\[\{"/);
  });

  test("what was signed shows for every profile", async () => {
    for (const [profile, names] of [
      ["cavage", ["(request-target):", "digest:"]],
      ["rfc9421", ['"@method":', '"@signature-params":']],
      ["standard", ["webhook-id:", "webhook-timestamp:"]],
    ]) {
      const { request } = await test_of({ type: "open", profile });
      await signed().waitFor();
      const text = await signed().innerText();
      for (const name of names) assert.ok(text.includes(name), `${profile}: ${name} in ${text}`);
      if (profile === "standard") {
        const id = /webhook-id: (\S+)/i.exec(request)[1];
        assert.ok(text.includes(id), text);
        await signed().getByText("with a full stop after each, and then the body").waitFor();
      }
      await picture(page, `test-tool-${profile}`);
    }
  });

  test("a refusal that names its check is explained, in both languages", async () => {
    const late = await AdapterReceiver.start({ server, clock: () => Date.now() + 400_000 });
    try {
      const webhook = await server.verifiedWebhook(late, "/hook", { type: "open" });
      await dashboard.go(`/webhooks/${webhook.id}/test`);
      await page.getByRole("button", { name: "Send test" }).click();
      await page.getByText(/^Your receiver’s clock is \d+ s ahead$/).waitFor();
      await speak(page, "nl");
      await page.getByText(/^De klok van uw ontvanger loopt \d+ s voor$/).waitFor();
      await picture(page, "test-tool-refused-nl");
      await speak(page, "en");
    } finally {
      await late.stop();
    }
  });

  test("nothing on this page made a mistake", () => {
    assert.deepEqual(mistakes(page), []);
  });
});
