// Chromium driven by its debugger's protocol and nothing else, over two pipes.
//
// Playwright has a second world made in each page, listens to each request, and keeps what the console says: all of it on
// the thread that is slowed and measured, where a visitor has none of it.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ARGUMENTS, EXECUTABLE } from "../../support/browser.mjs";
import { Watched } from "./watch.mjs";

/** What is in sight of each page, in pixels, as Playwright's pages have it: the window itself is higher by its bars. */
const SIGHT = { width: 1280, height: 900, deviceScaleFactor: 1, mobile: false };

export class Chromium {
  #asked = new Map();
  #last = 0;

  static async start() {
    const chromium = new Chromium();
    chromium.profile = await mkdtemp(join(tmpdir(), "seinpost-bench-"));
    chromium.process = spawn(EXECUTABLE, [...ARGUMENTS, "--remote-debugging-pipe", `--user-data-dir=${chromium.profile}`, "about:blank"], {
      // What it is told goes through the fourth, and what it says comes through the fifth.
      stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
    });
    chromium.ended = new Promise((resolve) => {
      chromium.process.once("error", resolve);
      chromium.process.once("exit", (code, signal) => resolve(new Error(`Chromium ended: ${code ?? signal}`)));
    });
    chromium.#listen(chromium.process.stdio[4]);
    return chromium;
  }

  /** Messages are JSON, each with a byte of zero after it. */
  async #listen(pipe) {
    let rest = "";
    for await (const chunk of pipe.setEncoding("utf8")) {
      const messages = (rest + chunk).split("\0");
      rest = messages.pop();
      for (const { id, result, error } of messages.map((message) => JSON.parse(message))) {
        const asked = this.#asked.get(id);
        this.#asked.delete(id);
        if (error) asked?.reject(new Error(`${asked.method}: ${error.message}`));
        else asked?.resolve(result);
      }
    }
  }

  /** Asks the browser, or with a session the page that it is of. */
  send(method, params = {}, sessionId = undefined) {
    const id = (this.#last += 1);
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { method, resolve, reject });
      this.ended.then(reject);
      this.process.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  /** An empty page in a new window with a cold cache, signed in as in Playwright's `session`, and what closes it. */
  async page({ cookies, origins }) {
    const { browserContextId } = await this.send("Target.createBrowserContext");
    const kept = cookies.map(({ name, value, domain, path, httpOnly, sameSite }) => ({ name, value, domain, path, httpOnly, sameSite }));
    await this.send("Storage.setCookies", { browserContextId, cookies: kept });
    const { targetId } = await this.send("Target.createTarget", { url: "about:blank", browserContextId });
    const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
    const send = (method, params) => this.send(method, params, sessionId);
    await send("Page.enable");
    await send("Emulation.setDeviceMetricsOverride", SIGHT);
    for (const { origin, localStorage: items } of origins) {
      const source = `if (location.origin === ${JSON.stringify(origin)}) for (const { name, value } of ${JSON.stringify(items)}) localStorage.setItem(name, value);`;
      await send("Page.addScriptToEvaluateOnNewDocument", { source });
    }
    const page = await Watched.by(send, (method) => this.send(method));
    return [page, () => this.send("Target.disposeBrowserContext", { browserContextId })];
  }

  async stop() {
    this.process.kill();
    await this.ended;
    await rm(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
