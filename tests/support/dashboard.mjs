// What the tests of the dashboard begin with: a server, a browser, and a page that is signed in.

import { Browser, picture } from "./browser.mjs";
import { Server } from "./server.mjs";

export class Dashboard {
  /** Starts a server with these flags and signs a page in. */
  static async start({ flags = [], args = [], ...options } = {}) {
    const dashboard = new Dashboard();
    dashboard.server = await Server.start(flags);
    try {
      dashboard.browser = await Browser.start(args);
      dashboard.page = await dashboard.open(options);
      await dashboard.signIn(dashboard.page, dashboard.server.signInLink);
    } catch (error) {
      await dashboard.stop();
      throw error;
    }
    return dashboard;
  }

  /** Another page, with a profile of its own, where nobody is signed in. */
  async open(options = {}) {
    const page = await this.browser.page(options);
    page.setDefaultTimeout(30_000);
    return page;
  }

  async signIn(page, link) {
    await page.goto(link);
    await page.locator("main h1").waitFor();
    await page.waitForURL((url) => !url.pathname.startsWith("/signin"));
  }

  /** A page of somebody with only these scopes. */
  async guest(scopes, options = {}) {
    const { url } = await this.server.ok("POST", "/v1/signin-links", { scopes, person: "guest@example.com" });
    const page = await this.open(options);
    await this.signIn(page, url);
    return page;
  }

  /** Goes to a place, and waits until its heading is there. */
  async go(place, page = this.page) {
    await page.goto(this.server.base + place);
    await page.getByRole("heading").first().waitFor();
  }

  /** Goes to a place by the navigation, without loading the page anew. */
  async follow(name, page = this.page) {
    await page.getByRole("navigation").getByRole("link", { name, exact: true }).click();
  }

  /** Ends all, with a last picture of this name. */
  async stop(name) {
    if (name && this.page && !this.page.isClosed()) await picture(this.page, `${name}-last`);
    await this.browser?.stop();
    await this.server?.remove();
  }
}

/** Switches the page to a language: `en` or `nl`. */
export async function speak(page, language) {
  if ((await page.locator("html").getAttribute("lang")) === language) return;
  const name = { en: "English", nl: "Nederlands" }[language];
  const menu = page.getByRole("button", { name: "Menu" });
  const button = page.getByRole("button", { name, exact: true }).first();
  if (!(await button.isVisible()) && (await menu.isVisible())) await menu.click();
  await button.click();
  await page.locator(`html[lang=${language}]`).waitFor();
}

/** The mistakes of a page, those aside that the browser writes for calls that were refused or not answered. */
export function mistakes(page) {
  return page.mistakes.filter((text) => !/Failed to load resource|ERR_CONNECTION|ERR_EMPTY_RESPONSE|EventSource/.test(text));
}
