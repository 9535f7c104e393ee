// The page of the keys: what to publish, what DNS shows of it by a real name server, and the next key; in both languages.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { picture } from "../support/browser.mjs";
import { Dashboard, mistakes, speak } from "../support/dashboard.mjs";
import { freePort, Server } from "../support/server.mjs";

const DOMAIN = "hooks.example.com";

describe("the page of the keys", { timeout: 240_000 }, () => {
  let dashboard, server, page, other;

  const panels = () => page.locator("main section.panel").filter({ hasText: "TXT" });
  const keys = () => server.ok("GET", "/v1/keys");

  before(async () => {
    // It answers for its own zone, and asks there.
    const port = await freePort();
    const dns = `127.0.0.1:${port}`;
    dashboard = await Dashboard.start({ flags: ["--key-domain", DOMAIN, "--dns-listen", dns, "--resolvers", dns] });
    ({ server, page } = dashboard);
    // Another one with the same zone, whose keys that name server does not have.
    other = await Server.start(["--key-domain", DOMAIN, "--resolvers", dns]);
  });

  after(async () => {
    await dashboard?.stop("keys");
    await other?.remove();
  });

  test("a key stands with its record, which DNS shows", async () => {
    await dashboard.go("/keys");
    await page.getByText("shows the key").waitFor();
    const [key] = await keys();
    await page.getByText(key.dns, { exact: true }).first().waitFor();
    await page.getByText(`This Seinpost answers for _domainkey.${DOMAIN} itself`).waitFor();
    await page.getByText("As a line of a zone file").click();
    await page.getByText(`${key.keyid}. 3600 IN TXT (`).waitFor();
    await picture(page, "keys");
    await speak(page, "nl");
    await page.getByText("toont de sleutel").waitFor();
    await picture(page, "keys-nl");
    await speak(page, "en");
  });

  test("the next key is made, shows in DNS, and signs once it is asked for twice", async () => {
    await page.getByRole("button", { name: "Make the next key" }).click();
    await page.getByText("The next key is made. Publish its record.").first().waitFor();
    await panels().nth(1).getByText("shows the key").waitFor();
    const [first, next] = await keys();
    assert.deepEqual([first.status, next.status], ["current", "next"]);
    await page.getByRole("button", { name: "Let it sign now…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("DNS is asked first").waitFor();
    await dialog.getByRole("button", { name: "Let it sign now" }).click();
    await page.getByText("The next key signs from now on.").first().waitFor();
    await panels().filter({ hasText: first.keyid }).getByText("Retired").waitFor();
    await panels().filter({ hasText: next.keyid }).getByText("Signs now").waitFor();
    assert.deepEqual((await keys()).map(({ keyid, status }) => [keyid, status]), [[first.keyid, "retired"], [next.keyid, "current"]]);
    await picture(page, "keys-rotated");
  });

  test("a key that DNS does not show does not sign, and the page says why; in both languages", async () => {
    const stranger = await dashboard.open();
    await dashboard.signIn(stranger, other.signInLink);
    await stranger.goto(`${other.base}/keys`);
    await stranger.getByText("DNS does not show every key").waitFor();
    await stranger.getByText("shows no record there").waitFor();
    await stranger.getByRole("button", { name: "Make the next key" }).click();
    await stranger.getByRole("button", { name: "Let it sign now…" }).click();
    await stranger.getByRole("dialog").getByRole("button", { name: "Let it sign now" }).click();
    const refusal = stranger.getByRole("alert").filter({ hasText: "The next key cannot sign yet" });
    await refusal.getByText("DNS does not show the next key yet").waitFor();
    await picture(stranger, "keys-refused");
    await speak(stranger, "nl");
    await stranger.getByRole("alert").filter({ hasText: "De volgende sleutel kan nog niet ondertekenen" }).waitFor();
    await stranger.getByText("toont daar geen record").first().waitFor();
    await picture(stranger, "keys-refused-nl");
    const [current, next] = await other.ok("GET", "/v1/keys");
    assert.deepEqual([current.status, next.status], ["current", "next"]);
    assert.deepEqual(mistakes(stranger), []);
    await stranger.context().close();
  });

  test("who may only look can look, and is told what cannot be done", async () => {
    const guest = await dashboard.guest(["webhooks:read"]);
    await dashboard.go("/keys", guest);
    await guest.getByText("shows the key").first().waitFor();
    await guest.getByRole("button", { name: "Make the next key" }).click();
    await guest.getByRole("alert").filter({ hasText: "This is not allowed" }).waitFor();
    await guest.context().close();
    assert.equal((await keys()).length, 2);
  });

  test("nothing on this page made a mistake", () => {
    assert.deepEqual(mistakes(page), []);
  });
});
