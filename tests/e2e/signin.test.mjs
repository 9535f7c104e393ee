// Ways in: a token, a link that works once, and a frame in a platform's own page; in both languages.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";

import { picture } from "../support/browser.mjs";
import { Dashboard, speak } from "../support/dashboard.mjs";

describe("signing in", { timeout: 240_000 }, () => {
  let dashboard, server, platform, origin, framed;

  before(async () => {
    // A platform's own page, on another site, that holds the dashboard in a frame.
    platform = createServer((_, response) => {
      response.writeHead(200, { "content-type": "text/html" }).end(`<!doctype html><title>Platform</title><iframe title="webhooks" width="1200" height="800" src="${framed}"></iframe>`);
    });
    platform.listen(0, "127.0.0.1");
    await once(platform, "listening");
    origin = `http://platform.localhost:${platform.address().port}`;
    // As browsers are that keep no cookies for other sites.
    const args = ["--test-third-party-cookie-phaseout"];
    dashboard = await Dashboard.start({ flags: ["--frame-ancestors", origin], args });
    ({ server } = dashboard);
  });

  after(async () => {
    await dashboard?.stop("signin");
    platform?.closeAllConnections();
    platform?.close();
  });

  test("a token that is not known is refused in words, and stays in its field; a good one leads on", async () => {
    const page = await dashboard.open();
    await page.goto(`${server.base}/tokens`);
    await page.getByLabel("API token or sign-in code").fill("seinpost_wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("This token or code is not known here").waitFor();
    assert.equal(await page.getByLabel("API token or sign-in code").inputValue(), "seinpost_wrong");
    assert.equal(await page.getByLabel("API token or sign-in code").getAttribute("aria-invalid"), "true");
    await speak(page, "nl");
    await page.getByText("Dit token of deze code is hier niet bekend").waitFor();
    await picture(page, "signin-refused-nl");
    await page.getByLabel("API-token of aanmeldcode").fill(server.token);
    await page.keyboard.press("Enter");
    // To the page that was asked for.
    await page.getByRole("heading", { level: 1, name: "API-tokens" }).waitFor();
    assert.match(page.url(), /\/tokens$/);
    // The cookie is out of the page's reach, and the token is nowhere in the browser.
    const [cookie] = await page.context().cookies();
    assert.deepEqual([cookie.httpOnly, cookie.sameSite], [true, "Strict"]);
    const kept = await page.evaluate(() => JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }]));
    assert.ok(!kept.includes(server.token) && !kept.includes(cookie.value), kept);
    await page.context().close();
  });

  test("who comes back after the session has ended signs in, and is asked no second time", async () => {
    const page = await dashboard.open();
    await page.goto(`${server.base}/signin`);
    await page.evaluate(() => localStorage.setItem("seinpost.session", "1"));
    await page.goto(`${server.base}/webhooks`);
    await page.getByLabel("API token or sign-in code").fill(server.token);
    // What was refused before is asked for again.
    const listed = page.waitForResponse((response) => response.url().includes("/v1/webhooks?") && response.status() === 200);
    await page.keyboard.press("Enter");
    await listed;
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    assert.equal(await page.getByLabel("API token or sign-in code").count(), 0);
    await page.context().close();
  });

  test("signing out ends the session, for the API too", async () => {
    const page = await dashboard.open();
    await dashboard.signIn(page, `${server.base}/signin#code=${server.token}`);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
    assert.equal(await page.evaluate(() => fetch("/v1/webhooks").then(({ status }) => status)), 401);
    await page.context().close();
  });

  test("a link lets one person in, once, with its scopes; in both languages", async () => {
    const { url } = await server.ok("POST", "/v1/signin-links", { scopes: ["webhooks:read"], person: "ann@example.com" });
    const page = await dashboard.open({ locale: "nl-NL" });
    await dashboard.signIn(page, url);
    await page.getByRole("heading", { level: 1, name: "Verstuur uw eerste gebeurtenis" }).or(page.getByRole("heading", { level: 1, name: "Webhooks" })).waitFor();
    assert.equal(await page.evaluate(() => fetch("/v1/tokens").then(({ status }) => status)), 403);
    for (const [locale, words] of [["nl-NL", "Deze link is al gebruikt of te oud"], ["en-GB", "This link was used already"]]) {
      const second = await dashboard.open({ locale });
      await second.goto(url);
      await second.getByText(words).waitFor();
      assert.ok(!second.url().includes("code="));
      await second.context().close();
    }
    const [entry] = (await server.ok("GET", "/v1/audit?kind=session")).data;
    assert.equal(entry.actor.name ?? entry.object.name, "ann@example.com");
    await page.context().close();
  });

  test("in a frame of a platform's page the session is that page's alone", async () => {
    ({ url: framed } = await server.ok("POST", "/v1/signin-links", { scopes: ["webhooks:read", "webhooks:write"], person: "bob@example.com", framed: true }));
    const page = await dashboard.open();
    await page.goto(origin);
    const frame = page.frameLocator("iframe");
    await frame.getByRole("link", { name: /^Create webhook/ }).or(frame.getByRole("button", { name: /^Create webhook/ })).first().waitFor();
    await picture(page, "signin-framed");
    const [cookie] = await page.context().cookies(server.base);
    assert.deepEqual([cookie.httpOnly, cookie.secure, cookie.sameSite], [true, true, "None"]);
    assert.ok(String(cookie.partitionKey).includes("platform.localhost") || String(cookie.partitionKey).includes("http://localhost"), JSON.stringify(cookie));
    // It goes on working: what changes something carries the cookie, too.
    const inner = page.frames().find((each) => each.url().startsWith(server.base));
    await inner.evaluate(() => location.reload());
    await frame.getByRole("link", { name: "Deliveries" }).first().waitFor();
    // In a page of its own the same browser is not signed in.
    const own = await page.context().newPage();
    await own.goto(server.base);
    await own.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
    await page.context().close();
  });

  test("no other site may frame it", async () => {
    const stranger = createServer((_, response) => {
      response.writeHead(200, { "content-type": "text/html" }).end(`<!doctype html><iframe src="${server.base}/signin"></iframe>`);
    });
    stranger.listen(0, "127.0.0.1");
    await once(stranger, "listening");
    const page = await dashboard.open();
    await page.goto(`http://evil.localhost:${stranger.address().port}`);
    await page.waitForFunction(() => document.querySelector("iframe") !== null);
    await page.waitForLoadState("networkidle");
    assert.equal(await page.frameLocator("iframe").getByRole("heading", { name: "Sign in" }).count(), 0);
    assert.ok(page.mistakes.some((text) => /frame-ancestors/.test(text)), page.mistakes.join("\n"));
    await page.context().close();
    stranger.closeAllConnections();
    stranger.close();
  });
});
