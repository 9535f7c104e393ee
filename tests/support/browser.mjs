// Chromium, as the system has it, with a fresh profile.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { chromium } from "playwright-core";

const ARTEFACTS = process.env.SEINPOST_ARTEFACTS ?? new URL("../../test-artefacts", import.meta.url).pathname;

export const EXECUTABLE = process.env.SEINPOST_CHROMIUM ?? "/usr/bin/chromium";

/** How it is started: without a window, and without what it does for itself. */
export const ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** A browser that talks to nobody but the pages it is sent to. */
export class Browser {
  /** Starts it, with these arguments besides. */
  static async start(args = []) {
    const browser = new Browser();
    browser.chromium = await chromium.launch({ executablePath: EXECUTABLE, args: [...ARGUMENTS, ...args] });
    return browser;
  }

  /** A page whose mistakes are kept: what it wrote to the console as an error, and what it threw. */
  async page(options = {}) {
    const context = await this.chromium.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB", ...options });
    const page = await context.newPage();
    page.mistakes = [];
    page.on("pageerror", (error) => page.mistakes.push(String(error)));
    page.on("console", (message) => {
      // Whether someone is signed in is asked of the server, and the browser calls the answer "no" an error.
      const asked = message.location().url.endsWith("/v1/session") && message.text().includes("401");
      if (message.type() === "error" && !asked) page.mistakes.push(message.text());
    });
    return page;
  }

  async stop() {
    await this.chromium.close();
  }
}

/** Keeps a picture of the page: of what is in sight, or with `{fullPage: true}` of all of it. */
export async function picture(page, name, options = {}) {
  await mkdir(ARTEFACTS, { recursive: true });
  await page.screenshot({ path: join(ARTEFACTS, `${name}.png`), ...options });
}
