// Every page in both languages, both themes, wide and narrow: its picture is kept, and nothing of it is out of reach.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { Browser, picture } from "../support/browser.mjs";
import { everyPage, inhabited, settled } from "../support/inhabited.mjs";

/** What a page keeps from its reader: text that is wider than the screen or than the box that hides it. */
const outOfReach = () => {
  const wide = document.documentElement.clientWidth;
  const found = [];
  if (document.documentElement.scrollWidth > wide) found.push(`the page is ${document.documentElement.scrollWidth} px wide on a screen of ${wide}`);
  for (const element of document.querySelectorAll("main :is(h1, h2, h3, p, a, button, label, dt, dd, input, select, summary)")) {
    const { left, right, width } = element.getBoundingClientRect();
    if (width > 2 && (right > wide + 1 || left < -1) && !element.closest(".vh, .tabs, .table:not(.table--fold)")) {
      found.push(`${element.tagName} “${element.textContent.trim().slice(0, 40)}” stands from ${Math.round(left)} to ${Math.round(right)}`);
    }
  }
  for (const box of document.querySelectorAll("main .tablebox")) {
    const over = box.querySelector("table")?.getBoundingClientRect().right - box.getBoundingClientRect().right;
    if (over > 1) found.push(`a table of ${box.getBoundingClientRect().width} px is ${Math.round(over)} px too wide`);
  }
  // A word that is longer than its place runs over what stands beside it; and what scrolls within itself must have its height.
  for (const element of document.querySelectorAll("main *")) {
    const { display, overflowX } = getComputedStyle(element);
    const { clientWidth, clientHeight, scrollWidth, scrollHeight, textContent } = element;
    if (display === "inline" || clientWidth < 3 || element.closest("svg, .vh, .tabs, .table--fold thead")) continue;
    const what = `${element.tagName}.${element.className} “${textContent.trim().slice(0, 40)}”`;
    if (overflowX === "visible" && scrollWidth > clientWidth + 1) found.push(`${what} is ${scrollWidth} px wide in ${clientWidth}`);
    if (element.matches(".seg") && scrollHeight > clientHeight + 1) found.push(`${what} is ${scrollHeight} px high in ${clientHeight}`);
  }
  return found;
};

describe("every page", { timeout: 600_000 }, () => {
  let place, browser, session;

  before(async () => {
    place = await inhabited();
    browser = await Browser.start();
    const page = await browser.page();
    await page.goto(place.server.signInLink);
    await page.getByRole("heading", { level: 1, name: "Webhooks" }).waitFor();
    session = await page.context().storageState();
    await page.context().close();
  });

  after(async () => {
    await browser?.stop();
    await place?.receiver.stop();
    await place?.server.remove();
  });

  for (const language of ["en", "nl"]) {
    for (const [width, height] of [[1280, 900], [360, 740]]) {
      test(`in ${language}, ${width} px wide, in both themes`, async () => {
        const page = await browser.page({ storageState: session, locale: language === "nl" ? "nl-NL" : "en-GB", viewport: { width, height }, reducedMotion: "reduce" });
        const stranger = await browser.page({ locale: language === "nl" ? "nl-NL" : "en-GB", viewport: { width, height }, reducedMotion: "reduce" });
        const found = {};
        const look = async (on, name, path) => {
          await on.goto(place.server.base + path);
          await settled(on);
          assert.equal(await on.locator("html").getAttribute("lang"), language);
          const lost = await on.evaluate(outOfReach);
          if (lost.length > 0) found[name] = lost;
          for (const colorScheme of ["light", "dark"]) {
            await on.emulateMedia({ colorScheme, reducedMotion: "reduce" });
            await picture(on, `page-${name}-${language}-${width}-${colorScheme}`, { fullPage: true });
          }
        };
        for (const [name, path] of everyPage(place)) await look(page, name, path);
        await look(stranger, "sign-in", "/signin");
        assert.deepEqual(found, {});
        assert.deepEqual([...page.mistakes, ...stranger.mistakes], []);
        await page.context().close();
        await stranger.context().close();
      });
    }
  }
});
