// The pages around access: tokens, the audit log, the settings of the environment; in both languages.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { picture } from "../support/browser.mjs";
import { Dashboard, mistakes, speak } from "../support/dashboard.mjs";

const DAY = 24 * 60 * 60 * 1000;

/** What the audit log calls what this test does, in both languages, … */
const DONE = {
  "webhook.created": ["Webhook created", "Webhook aangemaakt"],
  "webhook.changed": ["Webhook changed", "Webhook gewijzigd"],
  "webhook.deleted": ["Webhook deleted", "Webhook verwijderd"],
  "key.created": ["Key created", "Sleutel aangemaakt"],
  "token.created": ["Token created", "Token aangemaakt"],
  "token.revoked": ["Token revoked", "Token ingetrokken"],
  "environment.renamed": ["Environment renamed", "Omgeving hernoemd"],
  "signin-link.created": ["Sign-in link created", "Aanmeldlink aangemaakt"],
};
/** … and what happened before it. */
const ALSO = { "session.began": "Signed in", "session.ended": "Signed out", "environment.created": "Environment created", "key.promoted": "Key signs from now on" };

describe("the pages around access", { timeout: 300_000 }, () => {
  let dashboard, server, page;

  const as = (token, method, path, body) => server.call(method, path, body, { authorization: `Bearer ${token}` });
  const row = (name) => page.locator("main tbody tr").filter({ hasText: name });

  before(async () => {
    dashboard = await Dashboard.start();
    ({ server, page } = dashboard);
  });

  after(() => dashboard?.stop("account"));

  test("a token is made with scopes and an end, shown once, and does what it may", async () => {
    await dashboard.go("/tokens");
    await page.locator("main tbody tr").first().waitFor();
    // The key that creates makes a token here, and nothing else.
    await page.keyboard.press("c");
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("heading", { name: "Create token" }).waitFor();
    assert.match(page.url(), /\/tokens$/);
    const create = dialog.getByRole("button", { name: "Create token" });
    assert.equal(await create.isDisabled(), true, "a name comes first");
    await dialog.getByLabel("Name").fill("The shop");
    await dialog.getByRole("checkbox", { name: /deliveries:read/ }).check();
    await dialog.getByLabel("Ends").selectOption("30");
    await picture(page, "tokens-create");
    await create.click();
    const made = page.getByRole("alert").filter({ hasText: "Token The shop is made" });
    const token = await made.getByText(/^seinpost_/).innerText();
    await picture(page, "tokens-made");

    assert.equal((await as(token, "GET", "/v1/deliveries")).status, 200);
    assert.equal((await as(token, "GET", "/v1/webhooks")).status, 403);
    const { data } = await server.ok("GET", "/v1/tokens");
    const listed = data.find(({ name }) => name === "The shop");
    assert.deepEqual(listed.scopes.toSorted(), ["deliveries:read", "events:write"]);
    assert.ok(Math.abs(Date.parse(listed.expires) - Date.now() - 30 * DAY) < 60_000, listed.expires);

    await page.reload();
    await row("The shop").getByText("in 29 days").waitFor();
    assert.equal(await page.getByText(token).count(), 0, "it is shown once");
    assert.doesNotMatch(await row("The shop").innerText(), /never used/);
  });

  test("a token that is revoked is refused at once, after it is asked for twice; in both languages", async () => {
    const { token } = await server.ok("POST", "/v1/tokens", { name: "Old script", scopes: ["webhooks:read"] });
    assert.equal((await as(token, "GET", "/v1/webhooks")).status, 200);
    await page.reload();
    await speak(page, "nl");
    await row("Old script").getByRole("button", { name: "Intrekken…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Old script intrekken").waitFor();
    await picture(page, "tokens-revoke-nl");
    await dialog.getByRole("button", { name: "Behouden" }).click();
    assert.equal((await as(token, "GET", "/v1/webhooks")).status, 200);
    await row("Old script").getByRole("button", { name: "Intrekken…" }).click();
    await dialog.getByRole("button", { name: "Token intrekken" }).click();
    await page.getByText("Token Old script is ingetrokken.").first().waitFor();
    await row("Old script").waitFor({ state: "detached" });
    assert.equal((await as(token, "GET", "/v1/webhooks")).status, 401);
    await speak(page, "en");
  });

  test("what the server refuses is said, and what was typed stays; in both languages", async () => {
    await page.getByRole("button", { name: /^Create token/ }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Nobody’s");
    await server.kill();
    await dialog.getByRole("button", { name: "Create token" }).click();
    await dialog.getByRole("alert").filter({ hasText: "The server did not answer" }).waitFor();
    assert.equal(await dialog.getByLabel("Name").inputValue(), "Nobody’s");
    await server.start();
    await dialog.getByRole("button", { name: "Create token" }).click();
    await page.getByRole("alert").filter({ hasText: "Token Nobody’s is made" }).waitFor();

    const guest = await dashboard.guest(["webhooks:read"]);
    await dashboard.go("/tokens", guest);
    await guest.getByRole("alert").filter({ hasText: "This is not allowed" }).waitFor();
    await speak(guest, "nl");
    await guest.getByText("Uw aanmelding mist het recht dat hiervoor nodig is.").waitFor();
    assert.equal(await guest.locator("main [lang=en]").count(), 0);
    await picture(guest, "tokens-refused-nl");
    await guest.context().close();
  });

  test("the description of the API is one step away", async () => {
    await dashboard.go("/tokens");
    await page.getByRole("link", { name: "the API’s description" }).click();
    await page.getByRole("heading", { level: 1 }).filter({ hasText: /Seinpost/ }).waitFor();
    assert.match(page.url(), /\/docs$/);
    await page.goBack();
    await page.getByRole("heading", { level: 1, name: "API tokens" }).waitFor();
  });

  test("a name is saved, and stands where the environment is named", async () => {
    await dashboard.go("/settings");
    await page.getByLabel("Name").fill("Shop, production");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.", { exact: true }).first().waitFor();
    assert.equal((await server.ok("GET", "/v1/environment")).name, "Shop, production");
    await page.locator(".side__env").getByText("Shop, production").waitFor();
    await picture(page, "settings");
  });

  test("what somebody else saved meanwhile is shown, and what was typed stays; in both languages", async () => {
    await page.getByLabel("Name").fill("Mine");
    await server.ok("PATCH", "/v1/environment", { name: "Theirs" });
    await page.getByRole("button", { name: "Save" }).click();
    const note = page.getByRole("alert").filter({ hasText: "Someone else renamed it meanwhile" });
    await note.getByText("Theirs").waitFor();
    assert.equal((await server.ok("GET", "/v1/environment")).name, "Theirs");
    assert.equal(await page.getByLabel("Name").inputValue(), "Mine");
    await picture(page, "settings-meanwhile");
    await speak(page, "nl");
    await page.getByText("Iemand anders gaf intussen een andere naam").waitFor();
    await page.getByRole("button", { name: "Opslaan" }).click();
    await page.getByText("Opgeslagen.", { exact: true }).first().waitFor();
    assert.equal((await server.ok("GET", "/v1/environment")).name, "Mine");
    assert.equal(await page.getByRole("alert").count(), 0);
    await speak(page, "en");
  });

  test("a name that is not saved is asked about before the page is left", async () => {
    await page.getByLabel("Name").fill("Not saved");
    await dashboard.follow("Keys");
    const question = page.getByRole("dialog", { name: "Leave without saving?" });
    await question.getByText("Name").waitFor();
    await question.getByRole("button", { name: "Keep editing" }).click();
    assert.match(page.url(), /\/settings$/);
    assert.equal(await page.getByLabel("Name").inputValue(), "Not saved");
    await dashboard.follow("Keys");
    await question.getByRole("button", { name: "Leave" }).click();
    await page.getByRole("heading", { level: 1, name: "Keys" }).waitFor();
    await dashboard.go("/settings");
    assert.equal(await page.getByLabel("Name").inputValue(), "Mine");
  });

  test("the theme is a matter of this reader, and stays", async () => {
    await page.locator("main").getByRole("radio", { name: "Dark" }).check({ force: true });
    await page.locator("html[data-theme=dark]").waitFor();
    // Both places where it can be chosen say so.
    const bothSay = () => document.querySelectorAll("input[value=dark]:checked").length === 2;
    await page.waitForFunction(bothSay);
    await page.reload();
    await page.locator("html[data-theme=dark]").waitFor();
    await page.waitForFunction(bothSay);
    await picture(page, "settings-dark");
  });

  test("every change stands in the audit log, with who made it", async () => {
    const webhook = await server.ok("POST", "/v1/webhook", { type: "open", url: "https://example.com/opens.php" });
    await server.ok("PATCH", `/v1/webhooks/${webhook.id}`, { format: "form" });
    await server.ok("DELETE", `/v1/webhooks/${webhook.id}`);
    await server.ok("POST", "/v1/keys/rotate");
    await server.ok("POST", "/v1/signin-links", { scopes: ["webhooks:read"], person: "ann@example.com" });
    await dashboard.go("/audit");
    for (const done of Object.values(DONE)) await row(done[0]).first().waitFor();
    const changed = row("Webhook changed").first();
    await changed.getByText("format").waitFor();
    await changed.locator(".diff-b").getByText("json", { exact: true }).waitFor();
    await changed.locator(".diff-a").getByText("form", { exact: true }).waitFor();
    await row("Environment renamed").filter({ hasText: "Mine" }).first().waitFor();
    // What a new thing got is told without what it was before; what is much is folded away, and all of it is there.
    const created = row("Webhook created").first();
    assert.doesNotMatch(await created.innerText(), /→/);
    assert.equal(await created.getByText("privacy").isVisible(), false);
    await created.locator("summary").filter({ hasText: /^\d+ more$/ }).click();
    await created.getByText("privacy").waitFor();
    // Nothing is in the list that the API has not.
    const entries = await server.all("/v1/audit");
    const whats = () => page.locator("main tbody tr > :nth-child(3)").evaluateAll((cells) => cells.map((cell) => cell.firstChild.textContent));
    const shown = await whats();
    assert.deepEqual(shown, entries.slice(0, shown.length).map(({ kind }) => DONE[kind]?.[0] ?? ALSO[kind]));
    await picture(page, "audit");
    await page.getByLabel("What was changed").selectOption("token");
    await page.waitForFunction(() => [...document.querySelectorAll("main tbody tr > :nth-child(3)")].every((cell) => cell.textContent.startsWith("Token ")));
    assert.match(page.url(), /kind=token/);
    await dashboard.go("/audit");
    await speak(page, "nl");
    for (const done of Object.values(DONE)) await row(done[1]).first().waitFor();
    await speak(page, "en");
  });

  test("the audit log is paged, and speaks Dutch", async () => {
    for (let n = 0; n < 30; n += 1) await server.ok("PATCH", "/v1/environment", { name: `Name ${n}` });
    for (let n = 0; n < 30; n += 1) await server.ok("PATCH", "/v1/environment", { name: `Again ${n}` });
    await dashboard.go("/audit");
    await speak(page, "nl");
    await row("Again 29").first().waitFor();
    await page.getByRole("button", { name: "Ouder" }).click();
    await row("Name 3").first().waitFor();
    await page.reload();
    await row("Name 3").first().waitFor();
    await picture(page, "audit-nl");
    await page.getByRole("button", { name: "Nieuwste" }).click();
    await row("Again 29").first().waitFor();
    await speak(page, "en");
  });

  test("without a connection the audit log says so, and heals", async () => {
    await dashboard.follow("API tokens");
    await page.getByRole("heading", { level: 1, name: "API tokens" }).waitFor();
    await server.kill();
    await dashboard.follow("Audit log");
    const note = page.getByRole("alert").filter({ hasText: "The server did not answer" });
    await note.waitFor();
    await server.start();
    await note.getByRole("button", { name: "Try again" }).click();
    await row("Again 29").first().waitFor();
  });

  test("nothing on these pages made a mistake", () => {
    assert.deepEqual(mistakes(page), []);
  });
});
