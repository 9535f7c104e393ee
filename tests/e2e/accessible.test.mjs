// axe-core over every page, in both themes: it finds nothing.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { axe } from "../support/axe.mjs";
import { Browser, picture } from "../support/browser.mjs";
import { EVENTS } from "../support/events.mjs";
import { Receiver } from "../support/receiver.mjs";
import { Server } from "../support/server.mjs";

describe("every page, in both themes", () => {
  let server, receiver, browser, page, places;

  before(async () => {
    server = await Server.start();
    receiver = await Receiver.start({ server });
    browser = await Browser.start();
    const webhook = await server.verifiedWebhook(receiver, "/hook", { type: "bounce" });
    await server.ok("POST", "/v1/events", EVENTS[0].text);
    await receiver.count(1);
    const [delivery] = await server.all("/v1/deliveries");
    page = await browser.page({ reducedMotion: "reduce" });
    await page.goto(server.signInLink);
    await page.getByRole("heading", { level: 1, name: "Webhooks" }).waitFor();
    const of = `/webhooks/${webhook.id}`;
    places = ["/webhooks", "/webhooks/new", of, ...["verification", "settings", "test", "deliveries", "history"].map((tab) => `${of}/${tab}`), `${of}/deliveries/${delivery.id}`, "/deliveries", `/deliveries/${delivery.id}`, "/inspector", "/events", "/logfiles", "/keys", "/tokens", "/audit", "/settings", "/no/such/page"];
  });

  after(async () => {
    await browser?.stop();
    await receiver?.stop();
    await server?.remove();
  });

  for (const theme of ["light", "dark"]) {
    test(`axe-core finds nothing: ${theme}`, async () => {
      const found = {};
      for (const place of places) {
        await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
        await page.goto(server.base + place);
        // Ready is what has its heading, and nothing that is still to come.
        await page.getByRole("heading").first().waitFor();
        await page.waitForFunction(() => document.querySelector("main [aria-busy=true], .skel") === null);
        const lines = await axe(page);
        if (lines.length > 0) found[place] = lines;
        await picture(page, `axe-${theme}${place.replace(/\/(?:wh|dlv)_\w+/g, (id) => id.slice(0, 4)).replaceAll("/", "-")}`);
      }
      assert.deepEqual(found, {});
    });
  }

  test("axe-core finds nothing on the sign-in page", async () => {
    for (const colorScheme of ["light", "dark"]) {
      const stranger = await browser.page({ colorScheme, reducedMotion: "reduce" });
      await stranger.goto(`${server.base}/signin`);
      await stranger.getByRole("heading", { level: 1 }).waitFor();
      assert.deepEqual(await axe(stranger), []);
      await stranger.context().close();
    }
  });
});
