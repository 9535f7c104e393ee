// Tells when something is on the screen: the first frame in which it is so, once that frame is done.
//
// The page is asked by the debugger's protocol alone: the scripts that Playwright puts into a page to find elements would
// be parsed on the slowed CPU, and be measured with it.

/** How long anything may take, in milliseconds: what takes longer will not come. */
const PATIENCE = 120_000;

/** After how long without an answer a key is pressed again, in milliseconds. */
const AGAIN = 250;

/** Keys that write no character, as the protocol has them. */
const KEYS = { Backspace: { key: "Backspace", code: "Backspace", windowsVirtualKeyCode: 8 } };

/** Runs in the page before anything else. */
function install() {
  const painted = (holds) =>
    new Promise((resolve) => {
      const look = () =>
        requestAnimationFrame(() => {
          if (!holds()) {
            look();
            return;
          }
          // The callbacks of a frame come before it is painted; a message that is sent then comes after.
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => resolve(performance.now());
          port2.postMessage(null);
        });
      look();
    });
  globalThis.seinpostBench = {
    painted,
    /** Listens for the next key: `answer` is the time from its press, as the browser got it, until it has had its effect. */
    listen(holds) {
      let pressed = null;
      addEventListener("keydown", (event) => (pressed = event.timeStamp), { capture: true, once: true });
      this.answer = painted(() => pressed !== null && holds()).then((at) => at - pressed);
      this.state = () => ({
        heard: pressed !== null,
        holds: holds(),
        focus: document.hasFocus() && document.activeElement?.id,
        visible: document.visibilityState,
        value: document.activeElement?.value?.slice(-2040, -1960),
      });
    },
  };
}

/** How long the browser must have been idle, in milliseconds, and how many of a processor it may take in that time. */
const QUIET = { span: 300, taken: 20 };

/**
 * Waits until the browser's own processes are idle. A new window loads its address bar, which is a web page of dozens of
 * scripts: both processors of a small machine are busy with it for a second, and no visitor's window is that new.
 */
async function quiet(ask) {
  const used = async () => {
    const { processInfo } = await ask("SystemInfo.getProcessInfo");
    return processInfo.reduce((total, { cpuTime }) => total + cpuTime * 1000, 0);
  };
  const patience = performance.now() + PATIENCE;
  for (let before = await used(); ; ) {
    await new Promise((resolve) => setTimeout(resolve, QUIET.span));
    const now = await used();
    if (now - before <= QUIET.taken) return;
    if (performance.now() > patience) throw new Error(`the browser was not idle within ${PATIENCE} ms: it took ${Math.round(now - before)} ms in ${QUIET.span}`);
    before = now;
  }
}

/** A page that can be watched. `holds` is an expression of JavaScript that becomes true. */
export class Watched {
  /** Of an empty page in a new window, once the browser is done with the window: `send` asks the page, `ask` the browser. */
  static async by(send, ask) {
    const watched = new Watched();
    watched.send = send;
    await send("Page.addScriptToEvaluateOnNewDocument", { source: `(${install})()` });
    await quiet(ask);
    return watched;
  }

  /** Of a page that Playwright has. */
  static async of(page) {
    const cdp = await page.context().newCDPSession(page);
    const browser = await page.context().browser().newBrowserCDPSession();
    await cdp.send("Page.enable");
    return Watched.by((method, params) => cdp.send(method, params), (method) => browser.send(method));
  }

  async evaluate(expression) {
    const asked = this.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`it did not come within ${PATIENCE} ms: ${expression}`)), PATIENCE);
    });
    const { result, exceptionDetails } = await Promise.race([asked, late]).finally(() => clearTimeout(timer));
    if (exceptionDetails) throw new Error(`${expression}: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`);
    return result.value;
  }

  /** When it holds and is painted, in milliseconds since the navigation began. */
  painted(holds) {
    return this.evaluate(`seinpostBench.painted(() => ${holds})`);
  }

  /** Presses a key, and gives the milliseconds until it holds and is painted. A key is a character, or named in KEYS. */
  async press(key, holds) {
    await this.#stroke(key, holds);
    try {
      return await this.evaluate("seinpostBench.answer");
    } catch (error) {
      const state = await this.evaluate("seinpostBench.state()");
      throw new Error(`after ${key}: ${JSON.stringify(state)}, waiting for: ${holds}`, { cause: error });
    }
  }

  /** The same for a page that may not hear yet: as a visitor does, presses again when nothing happens. */
  async pressUntil(key, holds) {
    const patience = performance.now() + PATIENCE;
    do {
      await this.#stroke(key, holds);
      const answer = await this.evaluate(`Promise.race([seinpostBench.answer, new Promise((resolve) => setTimeout(resolve, ${AGAIN}, null))])`);
      if (answer !== null) return;
    } while (performance.now() < patience);
    throw new Error(`${key} was not answered within ${PATIENCE} ms: ${holds}`);
  }

  async #stroke(key, holds) {
    // Heard before it is pressed: the two go different ways to the page.
    await this.evaluate(`seinpostBench.listen(() => ${holds})`);
    const which = KEYS[key] ?? { key, text: key };
    await this.send("Input.dispatchKeyEvent", { type: "keyDown", ...which });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", ...which, text: undefined });
  }
}
