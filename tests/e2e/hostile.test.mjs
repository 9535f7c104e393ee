// Whatever a sender or a receiver controls is text on every page, and never markup: each such field is fed hostile markup;
// it stands there to be read, no element comes of it, no script of it runs, and no request leaves.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { picture } from "../support/browser.mjs";
import { Dashboard, speak } from "../support/dashboard.mjs";
import { Receiver } from "../support/receiver.mjs";

/** Markup that would run in an element, in an attribute and in a script, with a name by which it is known. */
const hostile = (name) => `<img src=x-${name} onerror="globalThis.ran='${name}'">'"><script>globalThis.ran='${name}'</script>`;
/** What of it stands on a page whatever is escaped around it. */
const shown = (name) => `<img src=x-${name} onerror=`;

const time = Math.floor(Date.now() / 1000);
const common = (name) => ({
  id: hostile(`${name}-id`),
  timestamp: new Date(time * 1000).toISOString().slice(0, 19).replace("T", " "),
  time: String(time),
  recipient: `${hostile(`${name}-recipient`)}@example.net`,
  tags: [hostile(`${name}-tag`), "newsletter"],
});

const MIME = [
  "From: MAILER-DAEMON@mx1.example.net",
  `Subject: ${hostile("subject")}`,
  "MIME-Version: 1.0",
  'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
  "",
  "--b",
  "Content-Type: text/html",
  "",
  `<html><body>${hostile("mime-html")}</body></html>`,
  "--b",
  "Content-Type: message/delivery-status",
  "",
  `Reporting-MTA: dns; ${hostile("mta")}`,
  "",
  "Final-Recipient: rfc822; zoe@example.net",
  "Action: failed",
  "Status: 5.2.2",
  `Diagnostic-Code: smtp; 552 5.2.2 ${hostile("diagnostic")}`,
  "",
  "--b--",
  "",
].join("\r\n");

describe("hostile markup is text on every page", { timeout: 300_000 }, () => {
  let dashboard, server, page, receiver, webhook, deliveries, events;
  const requests = [];

  /** The markup of these names stands on the page as text; nothing came of any. */
  const stands = async (place, names, { wait = true } = {}) => {
    if (place !== null) await dashboard.go(place);
    for (const name of names) {
      const text = shown(name);
      if (wait) await page.waitForFunction((wanted) => document.body.textContent.includes(wanted), text).catch(() => assert.fail(`${place ?? page.url()} does not show ${text}`));
    }
    const found = await page.evaluate(() => ({
      ran: globalThis.ran ?? null,
      elements: [...document.querySelectorAll("img, iframe, object, embed, [onerror], [onload], script:not([src]):not([type]), body script")]
        .filter((each) => /x-|ran=/.test(each.outerHTML))
        .map((each) => each.outerHTML),
      dialogs: document.title.includes("pwned"),
    }));
    assert.deepEqual(found, { ran: null, elements: [], dialogs: false }, place ?? page.url());
  };

  before(async () => {
    dashboard = await Dashboard.start();
    ({ server, page } = dashboard);
    page.on("request", (request) => requests.push(request.url()));
    page.on("dialog", (dialog) => {
      requests.push(`dialog: ${dialog.message()}`);
      dialog.dismiss();
    });
    const refusal = { check: "host", host: hostile("host") };
    receiver = await Receiver.start({
      server,
      answer: ({ report }) =>
        report.event.type === "click"
          ? { status: 401, headers: { "content-type": "application/problem+json" }, body: JSON.stringify(refusal) }
          : { status: 500, headers: { "content-type": "text/html", "x-note": hostile("response-header"), server: hostile("server") }, body: `<!doctype html><title>pwned</title>${hostile("response-body")}` },
    });
    webhook = await server.verifiedWebhook(receiver, `/hook/${encodeURIComponent(hostile("path"))}?q=${encodeURIComponent(hostile("query"))}`, {
      type: ["bounce", "click", "profile"],
      headers: [["X-Team", hostile("sent-header")]],
    });
    const mails = [
      { type: "bounce", ...common("bounce"), envelope: hostile("envelope"), mime: MIME },
      { type: "click", ...common("click"), ip: "192.0.2.1", original: `https://example.com/${hostile("original")}`, useragent: hostile("useragent"), referer: hostile("referer") },
      { type: "profile", ...common("profile"), action: "update", fields: { [hostile("field-name")]: hostile("field-value") } },
    ];
    for (const mail of mails) await server.ok("POST", "/v1/events", mail);
    await receiver.count(3);
    deliveries = Object.fromEntries((await server.all("/v1/deliveries")).map((each) => [each.type, each]));
    events = Object.fromEntries((await server.all("/v1/events")).map((each) => [each.type, each]));
  });

  after(async () => {
    await dashboard?.stop("hostile");
    await receiver?.stop();
  });

  test("the delivery log, and what was sent and answered", async () => {
    await stands("/deliveries", ["bounce-recipient", "click-recipient", "profile-recipient"]);
    await stands(`/deliveries/${deliveries.bounce.id}`, ["response-body", "response-header", "server", "bounce-id", "bounce-tag", "envelope", "subject", "mime-html", "mta"]);
    // A webhook's own fields are often what lets in: their values are in the settings alone.
    assert.ok(!(await page.content()).includes("x-sent-header"));
    await picture(page, "hostile-delivery");
    // As it came, too.
    for (const button of await page.getByRole("button", { name: /^(Raw|As it came|As sent)/ }).all()) await button.click();
    await stands(null, ["response-body"]);
    await stands(`/webhooks/${webhook.id}/deliveries/${deliveries.profile.id}`, ["field-name", "field-value", "profile-recipient"]);
  });

  test("a refusal that explains itself", async () => {
    await stands(`/deliveries/${deliveries.click.id}`, ["host", "useragent", "referer", "original"]);
    await page.getByText("Your proxy sends Host: <img src=x-host").first().waitFor();
    await speak(page, "nl");
    await page.getByText("Uw proxy stuurt Host: <img src=x-host").first().waitFor();
    await stands(null, ["host"]);
    await speak(page, "en");
  });

  test("events, found and opened, and a bounce diagnosed", async () => {
    await stands("/events", ["bounce-id", "bounce-recipient", "bounce-tag", "click-tag", "profile-id"]);
    await stands(`/events/${events.bounce.id}`, ["diagnostic", "envelope", "mime-html", "bounce-tag"]);
    await picture(page, "hostile-event");
    await stands(`/events/${events.click.id}`, ["useragent", "referer", "original"]);
    await stands(`/events/${events.profile.id}`, ["field-name", "field-value"]);
    await stands(`/events?recipient=${encodeURIComponent(hostile("searched"))}`, []);
    assert.equal(await page.getByLabel("Recipient").inputValue(), hostile("searched"));
  });

  test("a webhook: its URL, its settings, its history, its test", async () => {
    for (const tab of ["", "/deliveries", "/history", "/settings", "/test"]) {
      await stands(`/webhooks/${webhook.id}${tab}`, []);
      assert.match(await page.locator("h1").innerText(), /%3Cimg%20src%3Dx-path/);
    }
    await dashboard.go(`/webhooks/${webhook.id}/settings`);
    assert.ok((await page.getByLabel("Header fields to send along").inputValue()).includes(hostile("sent-header")));
    await page.getByLabel("Only events with one of these tags").fill(hostile("wanted-tag"));
    await page.getByText("0 of the last 24 h’s 3 events would have gone").waitFor();
    await page.locator("summary").filter({ hasText: /^Would not/ }).click();
    await stands(null, ["profile-tag"]);
    await page.getByRole("button", { name: "Discard" }).click();

    await dashboard.go(`/webhooks/${webhook.id}/test`);
    const data = page.locator("textarea").first();
    await data.fill((await data.inputValue()).replace(/"recipient": *"[^"]*"/, `"recipient": ${JSON.stringify(hostile("typed"))}`));
    await page.getByRole("button", { name: /^Send/ }).first().click();
    await page.getByText("500").first().waitFor();
    await stands(null, ["typed", "response-body", "response-header"]);
    await picture(page, "hostile-test");
    await page.getByRole("button", { name: "Run the check" }).click();
    await page.locator("section[aria-labelledby=receiver-title] tbody tr").nth(8).waitFor();
    for (const summary of await page.locator("section[aria-labelledby=receiver-title] summary").all()) await summary.click();
    await stands(null, ["response-body"]);
    await stands("/webhooks", []);
  });

  test("what stands in the place of a verification file, and where it is sent on to", async () => {
    const unverified = await server.ok("POST", "/v1/webhook", { type: "open", url: `${receiver.base}/unproven/hook` });
    receiver.files.set(unverified.verification.file, `<!doctype html><title>pwned</title>${hostile("file")}`);
    await dashboard.go(`/webhooks/${unverified.id}/verification`);
    await page.getByRole("button", { name: /verify|look/i }).first().click();
    await stands(null, ["file"]);
    await picture(page, "hostile-verification");
  });

  test("names: of tokens, of people, of the environment; in their lists and in the audit log", async () => {
    await server.ok("POST", "/v1/tokens", { name: hostile("token").slice(0, 100), scopes: ["webhooks:read"] });
    const { url } = await server.ok("POST", "/v1/signin-links", { scopes: ["admin"], person: hostile("person").slice(0, 100) });
    const person = await dashboard.open();
    await dashboard.signIn(person, url);
    await dashboard.go("/settings", person);
    await person.getByLabel("Name").fill(hostile("environment").slice(0, 100));
    await person.getByRole("button", { name: "Save" }).click();
    await person.getByText("Saved.", { exact: true }).first().waitFor();
    await person.context().close();
    await stands("/tokens", ["token", "environment"]);
    await page.locator("main tbody tr").filter({ hasText: shown("token") }).getByRole("button").click();
    await stands(null, ["token"]);
    await page.keyboard.press("Escape");
    await stands("/audit", ["token", "person", "environment"]);
    await picture(page, "hostile-audit");
    await stands("/settings", ["environment"]);
    await stands("/keys", []);
    await stands("/logfiles", []);
  });

  test("a certificate's own words", async () => {
    const folder = server.data;
    const subject = `/CN=${hostile("subject-of-certificate").replaceAll("/", "\\/").slice(0, 60)}`;
    execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", subject, "-keyout", join(folder, "c.key"), "-out", join(folder, "c.pem")], { stdio: "pipe" });
    await server.ok("PUT", `/v1/webhooks/${webhook.id}/client-certificate`, { certificate: await readFile(join(folder, "c.pem"), "utf8"), key: await readFile(join(folder, "c.key"), "utf8") });
    await stands(`/webhooks/${webhook.id}/settings`, []);
    await page.getByText("<img src=x-subject-of-certificate").first().waitFor();
    await stands(`/webhooks/${webhook.id}/history`, ["subject-of-certificate"]);
  });

  test("the inspector, which a delivery is opened in", async () => {
    await dashboard.go(`/deliveries/${deliveries.bounce.id}`);
    await page.getByRole("link", { name: "Inspect", exact: true }).click();
    await page.locator("textarea#raw").waitFor();
    await page.waitForFunction(() => document.querySelector("textarea#raw").value.includes("x-bounce-id"));
    await stands(null, ["bounce-recipient", "bounce-tag"]);
    await picture(page, "hostile-inspector");
  });

  test("a search and an address that hold markup", async () => {
    // A path whose last part has a dot is a file's.
    const address = (name) => `<img src=x-${name} onerror="ran=1"><script>ran=1</script>`;
    await stands(`/deliveries?q=${encodeURIComponent(hostile("sought"))}`, []);
    assert.equal(await page.locator("#q").inputValue(), hostile("sought"));
    await stands(`/deliveries/${encodeURIComponent(address("no-id"))}`, []);
    await stands(`/webhooks/${encodeURIComponent(address("no-webhook"))}`, []);
    await stands(`/${encodeURIComponent(address("no-page"))}`, []);
  });

  test("no request left for anywhere else, and none that markup asked for", () => {
    const odd = requests.filter((url) => !/^(blob|data):/.test(url) && (!url.startsWith(`${server.base}/`) || /\/x-/.test(new URL(url).pathname)));
    assert.deepEqual(odd, []);
    assert.ok(requests.length > 100, `${requests.length} requests were seen`);
    assert.deepEqual(page.mistakes.filter((text) => !/Failed to load resource/.test(text)), [], "the policy had nothing to stop");
  });
});
