// A receiver as a customer would write it: Node's HTTP server and the package, installed from its tarball.

import { EventEmitter, once } from "node:events";
import { createServer, request as httpRequest } from "node:http";
import { createRequire } from "node:module";
import { buffer } from "node:stream/consumers";

const installed = process.env.SEINPOST_VERIFY_DIR ?? new URL("../../target/npm-installed", import.meta.url).pathname;
const require = createRequire(`${installed}/package.json`);
export const { MemoryNonceStore, Verifier, decode } = require("seinpost-verify");
export const { publishedKeys } = require("seinpost-verify/resolve");

/** How long anything may take, in milliseconds. */
const PATIENCE = 60_000;

/** Every call it got, with the report on it. Emits `call` for each. */
export class Receiver extends EventEmitter {
  calls = [];
  /** Verification files by name. */
  files = new Map();
  #server;
  #verifier;

  /**
   * Starts one. `answer` gives the status for a call that is verified, or `{status, headers, body}`. `clock` returns milliseconds; it is the receiver's own idea of the time.
   */
  static async start({ server, clock = Date.now, answer = () => 204 }) {
    const receiver = new Receiver();
    const port = await receiver.#listen();
    receiver.base = `http://127.0.0.1:${port}`;
    receiver.answer = answer;
    const published = await server.publishedKeys();
    receiver.#verifier = new Verifier({
      environment: 1,
      host: `127.0.0.1:${port}`,
      keyDomain: await server.keyDomain(),
      now: clock,
      nonces: new MemoryNonceStore(),
      // As from the DNS: they can be had while the server is down.
      resolveKey: (keyId) => published.get(keyId) ?? null,
    });
    return receiver;
  }

  async #listen() {
    this.#server = createServer((request, response) => {
      this.#take(request, response).catch((error) => {
        this.emit("error", error);
        response.destroy();
      });
    });
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return this.#server.address().port;
  }

  async #take(request, response) {
    const file = this.files.get(request.url.split("/").pop());
    if (request.method === "GET") {
      response.writeHead(file === undefined ? 404 : 200).end(file);
      return;
    }
    const body = await buffer(request);
    const { method, url, headers, rawHeaders } = request;
    const report = await this.#verifier.verify({ method, url, headers, body });
    const call = { method, url, headers, rawHeaders, body, report };
    const answer = report.ok ? this.answer(call) : 401;
    const { status, headers: fields, body: content } = typeof answer === "number" ? { status: answer } : answer;
    response.writeHead(status, fields).end(content);
    this.calls.push(call);
    this.emit("call", call);
  }

  /** Waits until it got a call like that, now or before. */
  async call(wanted) {
    let found;
    await this.#until("a call like that", () => (found = this.calls.find(wanted)) !== undefined);
    return found;
  }

  /** Waits until it got that many calls; returns them. */
  async count(number) {
    await this.#until(`${number} calls`, () => this.calls.length >= number);
    return this.calls;
  }

  /** Waits for calls until there is what is waited for. Nothing waits as long as PATIENCE but a test that fails. */
  async #until(what, there) {
    const signal = AbortSignal.timeout(PATIENCE);
    while (!there()) {
      await once(this, "call", { signal }).catch((error) => {
        if (!signal.aborted) throw error;
        throw new Error(`${what} did not come within ${PATIENCE} ms; there were ${this.calls.length}: ${this.#seen()}`);
      });
    }
  }

  #seen() {
    return this.calls.slice(-5).map(({ method, url, report }) => `${method} ${url}: ${report.ok ? "ok" : failed(report)}`).join("; ");
  }

  /** Sends it a call as it stands, byte for byte, and returns the report on it. */
  async send({ method, url, rawHeaders, body }) {
    const next = once(this, "call");
    const request = httpRequest(this.base + url, { method, headers: rawHeaders, agent: false });
    request.end(body);
    const [response] = await once(request, "response");
    response.resume();
    const [{ report }] = await next;
    return { report, status: response.statusCode };
  }

  async stop() {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}

/** The names of the checks that failed. */
export function failed(report) {
  return report.checks.filter((check) => check.outcome === "fail").map((check) => check.name);
}
