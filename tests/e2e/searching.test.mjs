// Looking for deliveries and events among many: nothing is passed over, where there may be more it is offered to look
// further, and typing neither empties the page nor asks for each letter.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { picture } from "../support/browser.mjs";
import { Dashboard, mistakes, speak } from "../support/dashboard.mjs";
import { EVENTS } from "../support/events.mjs";
import { Receiver } from "../support/receiver.mjs";

const of = (wanted) => JSON.parse(EVENTS.find(({ type }) => type === wanted).text);

describe("looking for deliveries and events", { timeout: 240_000 }, () => {
  let dashboard, server, page, receiver;

  const log = () => page.locator(".log tbody tr");
  const handIn = async (events, type = "open") => {
    const sample = of(type);
    // A call takes 5,000 at most.
    for (let at = 0; at < events.length; at += 5000) {
      const lines = events.slice(at, at + 5000).map((event) => JSON.stringify({ ...sample, ...event })).join("\n");
      await server.ok("POST", "/v1/events", lines, { "content-type": "application/x-ndjson" });
    }
  };
  /** The ids of the deliveries that show. */
  const ids = async () => (await log().locator("a").evaluateAll((links) => links.map((link) => link.pathname.split("/").pop()))).filter((id) => id.startsWith("dlv_"));
  /** What is asked for while this is done, of paths that begin so. */
  const asked = async (begin, what) => {
    const urls = [];
    const hear = (request) => new URL(request.url()).pathname.startsWith(begin) && urls.push(request.url());
    page.on("request", hear);
    await what();
    page.off("request", hear);
    return urls;
  };

  before(async () => {
    dashboard = await Dashboard.start();
    ({ server, page } = dashboard);
    receiver = await Receiver.start({ server });
    for (const name of ["a", "b", "c"]) await server.verifiedWebhook(receiver, `/hooks/${name}`, { type: "open" });
    await handIn(Array.from({ length: 30 }, (_, n) => ({ id: `many-${n}`, recipient: "reader@example.net" })));
    await receiver.count(90);
    // Until all of it is written down: the news of that has a page ask again, and the calls are counted below.
    while ((await server.all("/v1/deliveries?status=pending")).length > 0);
  });

  after(async () => {
    await dashboard?.stop("searching");
    await receiver?.stop();
  });

  test("a search by recipient shows each delivery of each event, page after page", async () => {
    // The page asks a second time once it hears what happens, for what happened before: that is not counted.
    let answers = 0;
    const hears = page.waitForResponse((response) => new URL(response.url()).pathname === "/v1/deliveries" && ++answers === 2);
    await dashboard.go("/deliveries?q=reader@example.net");
    await log().nth(49).waitFor();
    await hears;
    const seen = await ids();
    await picture(page, "deliveries-by-recipient");
    const calls = await asked("/v1/", async () => {
      for (const rows of [25, 15]) {
        const before = (await ids())[0];
        await page.getByRole("button", { name: "Older", exact: true }).click();
        await page.waitForFunction(([rows, before]) => {
          const links = document.querySelectorAll(".log tbody tr");
          return links.length === rows && !links[0].innerHTML.includes(before);
        }, [rows, before]);
        seen.push(...(await ids()));
      }
    });
    assert.ok(await page.getByRole("button", { name: "Older", exact: true }).isDisabled());
    const all = (await server.all("/v1/deliveries")).map(({ id }) => id);
    assert.equal(all.length, 90);
    assert.deepEqual(seen.toSorted(), all.toSorted(), "each once, none passed over");
    const lists = calls.filter((url) => /\/v1\/(events|deliveries)\?/.test(url));
    assert.equal(lists.length, 4, `two calls for each page: ${lists}`);
    // One of its webhooks alone.
    const [webhook] = await server.all("/v1/webhooks");
    await dashboard.go(`/deliveries?q=READER@example.net&webhook=${webhook.id}`);
    await log().nth(24).waitFor();
    assert.equal(await log().count(), 25);
  });

  test("while one types, what was found stands, and not each letter is asked for", async () => {
    await dashboard.go("/deliveries");
    await log().nth(49).waitFor();
    await page.getByRole("button", { name: /Pause/ }).click();
    await page.evaluate(() => {
      window.emptied = 0;
      const watch = new MutationObserver(() => (window.emptied += document.querySelector(".log tbody tr") === null ? 1 : 0));
      watch.observe(document.querySelector("main"), { childList: true, subtree: true });
    });
    const calls = await asked("/v1/events", async () => {
      await page.keyboard.press("/");
      await page.keyboard.type("many-7", { delay: 20 });
      await page.waitForFunction(() => document.querySelectorAll(".log tbody tr").length === 3);
    });
    assert.ok(calls.length <= 2, `${calls}`);
    assert.equal(await page.evaluate(() => window.emptied), 0, "the table was never empty");
    assert.match(page.url(), /q=many-7/);
    assert.equal(await page.evaluate(() => document.activeElement.id), "q");
  });

  test("a status that none of the newest has: it offers to look further; in both languages", async () => {
    // More than are looked through at once, all of them delivered but the first.
    const lone = await server.verifiedWebhook(receiver, "/hooks/lone", { type: "click" });
    receiver.answer = () => 410;
    await handIn([{}], "click");
    await receiver.call(({ url }) => url === "/hooks/lone");
    receiver.answer = () => 204;
    await server.ok("PATCH", `/v1/webhooks/${lone.id}`, { status: "paused" });
    await handIn(Array.from({ length: 340 }, (_, n) => ({ id: `more-${n}`, recipient: "other@example.net" })));
    for (const [language, words, button] of [["en", "Nothing fits among the newest", "Look further"], ["nl", "Tussen de nieuwste past niets", "Verder zoeken"]]) {
      await dashboard.go("/deliveries?answer=410");
      await speak(page, language);
      await page.getByText(words).waitFor();
      await picture(page, `deliveries-further-${language}`);
      await page.getByRole("button", { name: button }).click();
      await page.waitForFunction(() => document.querySelectorAll(".log tbody tr").length === 1);
      assert.match(page.url(), /answer=410&cursor=/);
    }
    await speak(page, "en");
  });

  test("tags that few of very many events have: it offers to look further; in both languages", async () => {
    // They go to no webhook.
    await handIn([{ id: "the-one", tags: ["newsletter", "week 48"] }], "delivery");
    await handIn(Array.from({ length: 5001 }, (_, n) => ({ id: `bulk-${n}`, tags: ["newsletter"] })), "delivery");
    for (const [language, words, button] of [["nl", "Tussen de nieuwste past niets", "Verder zoeken"], ["en", "Nothing fits among the newest", "Look further"]]) {
      await dashboard.go("/events?tags=newsletter;%20week%2048");
      await speak(page, language);
      await page.getByText(words).waitFor();
      await picture(page, `events-further-${language}`);
      await page.getByRole("button", { name: button }).click();
      await page.locator("main tbody tr", { hasText: "the-one" }).waitFor();
      assert.equal(await page.locator("main tbody tr").count(), 1);
      await page.getByRole("button", { name: /^(Newest|Nieuwste)$/ }).click();
      await page.getByText(words).waitFor();
    }
  });

  test("a message id that looks like an address finds its deliveries, as it stands in a mail's header, too", async () => {
    await handIn([{ id: "7f3@mail.example.com", recipient: "third@example.net" }, { id: "<8a4@mail.example.com>", recipient: "fourth@example.net" }]);
    await dashboard.go("/deliveries?q=7f3@mail.example.com");
    for (const sought of ["7f3@mail.example.com", "<7f3@mail.example.com>", "<8a4@mail.example.com>", "fourth@example.net"]) {
      await page.locator("#q").fill(sought);
      await page.waitForFunction((sought) => {
        const rows = [...document.querySelectorAll(".log tbody tr")];
        const recipient = sought.includes("7f3") ? "third@" : "fourth@";
        return rows.length === 3 && rows.every((row) => row.textContent.includes(recipient));
      }, sought);
    }
  });

  test("nothing on these pages made a mistake", () => {
    assert.deepEqual(mistakes(page), []);
  });
});
