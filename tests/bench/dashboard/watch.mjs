// Tells when something is on the screen: the first frame in which it is so, once that frame is done.
//
// The page is asked by the debugger's protocol alone: the scripts that Playwright puts into a page to find elements would
// be parsed on the slowed CPU, and be measured with it.

/** How long anything may take, in milliseconds: what takes longer will not come. */
const PATIENCE = 120_000;

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
    },
  };
}

/** A page that can be watched. `holds` is an expression of JavaScript that becomes true. */
export class Watched {
  static async of(page) {
    const watched = new Watched();
    watched.cdp = await page.context().newCDPSession(page);
    await page.addInitScript(install);
    return watched;
  }

  async evaluate(expression) {
    const asked = this.cdp.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
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

  /** Presses a key, and gives the milliseconds until it holds and is painted. */
  async press(page, key, holds) {
    // Heard before it is pressed: the two go different ways to the page.
    await this.evaluate(`seinpostBench.listen(() => ${holds})`);
    await page.keyboard.press(key);
    return this.evaluate("seinpostBench.answer");
  }
}
