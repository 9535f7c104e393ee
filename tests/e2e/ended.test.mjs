// A session that ends while a page is open: nothing that was typed is lost, in any part of the dashboard.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, describe, test } from "node:test";

import { picture } from "../support/browser.mjs";
import { Dashboard, mistakes } from "../support/dashboard.mjs";
import { BINARY } from "../support/server.mjs";

describe("a session that ends", { timeout: 300_000 }, () => {
  let dashboard, server, page, webhook;

  before(async () => {
    dashboard = await Dashboard.start();
    ({ server, page } = dashboard);
    webhook = await server.ok("POST", "/v1/webhook", { type: "bounce", url: "https://hooks.example.org/bounces" });
  });

  after(async () => dashboard?.stop("ended"));

  /** The sign-in that stands over the page. */
  const again = () => page.getByRole("dialog", { name: "Your session has ended" });

  /** Ends the session behind the page's back, as time does. */
  const end = () => page.context().clearCookies();

  async function signInAgain(code = server.token) {
    await again().getByLabel("API token or sign-in code").fill(code);
    await page.keyboard.press("Enter");
    await again().waitFor({ state: "detached" });
  }

  /** What the command line prints, beside the running server. */
  const command = (...words) => execFileSync(BINARY, [...words, "--data", server.data], { encoding: "utf8" });

  test("what was being saved is saved once its reader has signed in again", async () => {
    await dashboard.go(`/webhooks/${webhook.id}/settings`);
    await page.getByLabel("Calls at a time, at most").fill("7");
    await page.getByLabel("Callback URL").fill("https://hooks.example.org/elsewhere");
    await end();
    await page.getByRole("button", { name: "Save changes" }).click();
    await again().waitFor();
    assert.equal(await page.getByLabel("Callback URL").inputValue(), "https://hooks.example.org/elsewhere");
    await picture(page, "ended-settings");
    // No key closes it: there is nothing behind it to go on with.
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await again().waitFor();
    await again().getByLabel("API token or sign-in code").fill("wrong");
    await page.keyboard.press("Enter");
    await again().getByText("This token or code is not known here").waitFor();
    await signInAgain();
    await page.locator(".savebar").waitFor({ state: "detached" });
    const saved = await server.ok("GET", `/v1/webhooks/${webhook.id}`);
    assert.deepEqual([saved.url, saved.concurrency], ["https://hooks.example.org/elsewhere", 7]);
    // The new session is that of all parts: what changes something carries its sign.
    await page.getByLabel("Calls at a time, at most").fill("8");
    await page.getByRole("button", { name: "Save changes" }).click();
    await page.locator(".savebar").waitFor({ state: "detached" });
    assert.deepEqual(mistakes(page), []);
  });

  test("a webhook that is being made lies under the way back in, and is made then", async () => {
    await dashboard.go("/webhooks/new");
    const drawer = page.getByRole("dialog", { name: "Create a webhook" });
    await drawer.getByLabel("Callback URL").fill("https://hooks.example.org/opens");
    await drawer.getByRole("checkbox", { name: /^open/i }).check();
    await end();
    await drawer.getByRole("button", { name: "Create webhook" }).click();
    await again().waitFor();
    await picture(page, "ended-create");
    await signInAgain();
    await page.waitForURL(/\/webhooks\/wh_\w+/);
    const made = (await server.all("/v1/webhooks")).filter(({ url }) => url === "https://hooks.example.org/opens");
    assert.equal(made.length, 1);
  });

  test("a list goes on by itself; meanwhile nothing is asked again and again", async () => {
    await dashboard.go("/webhooks");
    await page.getByRole("row", { name: /hooks\.example\.org\/opens/ }).waitFor();
    const refused = page.waitForResponse((response) => response.status() === 401);
    await end();
    await refused;
    await again().waitFor();
    assert.equal(await page.getByRole("alert").count(), 0);
    await server.ok("POST", "/v1/webhook", { type: "click", url: "https://hooks.example.org/clicks" });
    await signInAgain();
    await page.getByRole("row", { name: /hooks\.example\.org\/clicks/ }).waitFor();
  });

  test("another window of the same browser that signs in brings this one back, and one that signs out ends it", async () => {
    await dashboard.go("/webhooks");
    await end();
    await again().waitFor();
    const other = await page.context().newPage();
    await other.goto(`${server.base}/signin#code=${server.token}`);
    await other.getByRole("heading", { level: 1, name: "Webhooks" }).waitFor();
    await again().waitFor({ state: "detached" });
    // What changes something carries the sign of the new session here, too.
    await dashboard.follow("Settings");
    await page.getByLabel("Name").fill("One");
    await page.getByRole("button", { name: "Save" }).click();
    await page.locator(".side__env").getByText("One").waitFor();
    await other.getByRole("button", { name: "Sign out" }).click();
    await again().waitFor();
    await signInAgain();
    await other.close();
  });

  test("a link into another environment says that one is elsewhere now", async () => {
    const [id] = command("environment", "create", "Elsewhere").split(/\s/);
    const [, code] = command("signin-link", "--environment", id).match(/#code=(\S+)/);
    const page = await dashboard.open({ locale: "nl-NL" });
    await dashboard.signIn(page, `${server.base}/signin#code=${server.token}`);
    const { name } = await server.ok("GET", "/v1/environment");
    // Before anybody reads the page it is noted which environment it shows.
    await page.waitForFunction(() => localStorage.getItem("seinpost.environment") !== null);
    await page.goto(`${server.base}/signin#code=${code}`);
    // It is said to screen readers, too.
    await page.locator(".toasts").getByText(`u bent nu in Elsewhere, niet meer in ${name}`).waitFor();
    await page.context().close();
  });

  test("another environment's token leads to that one's list, and shows nothing of this one", async () => {
    const [id] = command("environment", "create", "Acme mail").split(/\s/);
    const token = command("token", "create", "--environment", id).trim();
    await dashboard.go("/webhooks/new");
    const drawer = page.getByRole("dialog", { name: "Create a webhook" });
    await drawer.getByLabel("Callback URL").fill("https://hooks.example.org/theirs");
    await drawer.getByRole("checkbox", { name: /^open/i }).check();
    await end();
    await drawer.getByRole("button", { name: "Create webhook" }).click();
    await again().waitFor();
    await again().getByLabel("API token or sign-in code").fill(token);
    await page.keyboard.press("Enter");
    await page.getByText("Acme mail").first().waitFor();
    // What was being made in one environment is not made in another: nobody asked for that.
    const theirs = await server.call("GET", "/v1/webhooks", undefined, { authorization: `Bearer ${token}` });
    assert.deepEqual(theirs.body.data, []);
    // What an empty list teaches with is on another path.
    assert.equal(await page.getByText("hooks.example.org/opens").count(), 0);
    // A link leads where it says, whoever is signed in.
    await dashboard.signIn(page, (await server.ok("POST", "/v1/signin-links", { scopes: ["admin"] })).url);
    await page.getByRole("row", { name: /hooks\.example\.org\/opens/ }).waitFor();
  });

  test("a link that was used says so, and the session that there is goes on", async () => {
    const { url } = await server.ok("POST", "/v1/signin-links", { scopes: ["admin"] });
    const other = await dashboard.open();
    await dashboard.signIn(other, url);
    await other.context().close();
    await page.goto(url);
    await page.getByText("This link was used already").waitFor();
    assert.ok(!page.url().includes("code="));
    await page.goto(`${server.base}/webhooks`);
    await page.getByRole("row", { name: /hooks\.example\.org\/opens/ }).waitFor();
  });
});
