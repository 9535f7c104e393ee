// A delivery of a while ago, opened in the inspector: it is judged as it came, whatever its profile.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { picture } from "../support/browser.mjs";
import { RECORDS, signedCall, verifierOptions } from "../support/calls.mjs";
import { Dashboard, speak } from "../support/dashboard.mjs";
import { EVENTS } from "../support/events.mjs";
import { Receiver } from "../support/receiver.mjs";

const HOUR = 3_600_000;

describe("a delivery of a while ago, inspected", { timeout: 120_000 }, () => {
  let dashboard, server, page, receiver, delivery;

  const verdict = (name) => page.getByRole("heading", { level: 2, name, exact: true }).waitFor();
  const arrived = () => page.getByLabel("Time of arrival");
  /** Has the log tell of a call of an hour ago, to a receiver whose address is signed along; and opens that. */
  const inspect = async (profile, url) => {
    await page.unrouteAll({ behavior: "wait" });
    const then = Math.floor(Date.now() / 1000) * 1000 - HOUR;
    const call = signedCall({ type: "open", profile, now: then, ...(url === undefined ? {} : { url }) });
    const request = { method: "POST", url: call.url, headers: call.headers, body: new TextDecoder().decode(call.body) };
    await page.route(`**/v1/deliveries/${delivery.id}`, async (route) => {
      const response = await route.fetch();
      const json = await response.json();
      Object.assign(json.attempts[0], { started: new Date(then + 204).toISOString(), request });
      await route.fulfill({ response, json });
    });
    await page.route("**/v1/keys/*", (route) => route.fulfill({ contentType: "text/plain", body: RECORDS.join("\n") }));
    await dashboard.go(`/deliveries/${delivery.id}`);
    await page.getByRole("link", { name: "Inspect", exact: true }).click();
    await page.locator(".verdict", { hasText: `Profile ${profile}` }).waitFor();
    return then;
  };
  /** By now it would have come too late. */
  const not_by_now = async () => {
    const time = await arrived().inputValue();
    await arrived().fill("");
    await verdict("It does not verify");
    await page.locator(".checks__item--fail .checks__name", { hasText: "date" }).waitFor();
    await arrived().fill(time);
    await verdict("It verifies");
  };

  before(async () => {
    // What a service worker answers cannot be answered by a test.
    dashboard = await Dashboard.start({ serviceWorkers: "block" });
    ({ server, page } = dashboard);
    receiver = await Receiver.start({ server });
    await server.verifiedWebhook(receiver, "/hook", { type: "open" });
    await server.ok("POST", "/v1/events", EVENTS.find(({ type }) => type === "open").text);
    await receiver.count(1);
    while ((await server.all("/v1/deliveries?status=pending")).length > 0);
    [delivery] = await server.all("/v1/deliveries");
  });

  after(async () => {
    await dashboard?.stop("inspected");
    await receiver?.stop();
  });

  test("by cavage, whose Date says when it was sent", async () => {
    const then = await inspect("cavage");
    await verdict("It verifies");
    assert.equal(await arrived().inputValue(), new Date(then).toUTCString());
    await not_by_now();
  });

  test("by rfc9421, which has no Date, and names its key in Signature-Input", async () => {
    const then = await inspect("rfc9421");
    await verdict("It verifies");
    assert.equal(await arrived().inputValue(), new Date(then + 204).toISOString());
    assert.equal(await page.getByLabel("Trusted key domain").inputValue(), "sign.example.com");
    // Each part of what is signed is tied to where it came from.
    const lines = await page.locator(".sigstr > li").count();
    for (let n = 1; n <= lines; n += 1) assert.ok((await page.locator(`.paste .tie--${n}`).count()) > 0, `part ${n} of ${lines}`);
    await picture(page, "inspected-rfc9421");
    await not_by_now();
  });

  test("by rfc9421, over plain HTTP, whose scheme is signed along", async () => {
    await inspect("rfc9421", "http://127.0.0.1:8080/hook");
    await verdict("It verifies");
    await not_by_now();
  });

  test("by standard, whose secret is to be pasted, which is said; in both languages", async () => {
    await inspect("standard");
    await verdict("It does not verify");
    await page.getByText(/signs with a secret, which is published nowhere: paste that of the webhook/).waitFor();
    await speak(page, "nl");
    await page.getByText(/ondertekent met een geheim, dat nergens wordt gepubliceerd: plak dat van de webhook/).waitFor();
    await speak(page, "en");
    await page.locator("#key").fill(verifierOptions({ profile: "standard" }).secret);
    await verdict("It verifies");
    await not_by_now();
  });
});
