// A platform's own name, logo and colour, on every page and in both themes.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { axe } from "../support/axe.mjs";
import { picture } from "../support/browser.mjs";
import { Dashboard } from "../support/dashboard.mjs";

const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 24"><rect width="48" height="24" rx="6" fill="#c2410c"/></svg>`;

describe("a platform's own dashboard", { timeout: 240_000 }, () => {
  let dashboard, server, page, folder;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "seinpost-logo-"));
    await writeFile(join(folder, "logo.svg"), LOGO);
    const flags = ["--dashboard-name", "Example & <Mail>", "--dashboard-logo", join(folder, "logo.svg"), "--dashboard-accent", "#f59e0b"];
    dashboard = await Dashboard.start({ flags });
    ({ server, page } = dashboard);
  });

  after(async () => {
    await dashboard?.stop("branding");
    await rm(folder, { recursive: true, force: true });
  });

  /** The logo that is drawn on a page, and whether it is. */
  const drawn = (page) => page.locator("a.brand img").evaluate((image) => [image.complete && image.naturalWidth > 0, image.alt]);

  test("name and logo stand where ours do, before there is a session and after", async () => {
    const stranger = await dashboard.open();
    await stranger.goto(`${server.base}/signin`);
    await stranger.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
    assert.equal(await stranger.getByRole("link", { name: "Example & <Mail>" }).count(), 1);
    assert.deepEqual(await drawn(stranger), [true, ""]);
    assert.equal(await stranger.title(), "Sign in · Example & <Mail>");
    await picture(stranger, "branding-signin");
    await dashboard.signIn(stranger, `${server.base}/signin#code=${server.token}`);
    // Every part of the dashboard knows the name; the one brand has moved with the page.
    for (const [place, title] of [["/webhooks", "Webhooks"], ["/tokens", "API tokens"], ["/deliveries", "Deliveries"], ["/inspector", "Inspector"]]) {
      await dashboard.go(place, stranger);
      await stranger.waitForFunction((title) => document.title === title, `${title} · Example & <Mail>`);
      assert.equal(await stranger.getByRole("link", { name: "Example & <Mail>" }).count(), 1, place);
      assert.deepEqual(await drawn(stranger), [true, ""], place);
    }
    assert.ok(!(await stranger.locator("a.brand").innerText()).includes("Seinpost"));
    assert.match(await stranger.locator("link[rel=icon]").getAttribute("href"), /\/branding\/logo$/);
    assert.deepEqual(stranger.mistakes, []);
    await stranger.context().close();
  });

  test("the colour is that of links, as dark or as light as each theme needs to be read", async () => {
    await server.ok("POST", "/v1/webhook", { type: "bounce", url: "https://hooks.example.org/bounces" });
    const colours = {};
    for (const theme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
      for (const place of ["/webhooks", "/webhooks/new", "/tokens", "/inspector"]) {
        await dashboard.go(place);
        await page.waitForFunction(() => document.querySelector("main [aria-busy=true], .skel") === null);
        assert.deepEqual(await axe(page), [], `${theme} ${place}`);
        await picture(page, `branding-${theme}${place.replaceAll("/", "-")}`);
      }
      await dashboard.go("/webhooks");
      const link = page.getByRole("link", { name: "Finish verifying" });
      colours[theme] = await link.evaluate((link) => getComputedStyle(link).color);
    }
    // Amber is too light for a white page: it is darkened there, and stands as it is on a dark one.
    assert.equal(colours.dark, "rgb(245, 158, 11)");
    const [red, green, blue] = colours.light.match(/\d+/g).map(Number);
    assert.ok(red < 200 && red > green && green > blue, colours.light);
  });
});
