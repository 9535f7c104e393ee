// The release binary, started as anyone would start it.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export const BINARY = process.env.SEINPOST_BINARY ?? new URL("../../target/release/seinpost", import.meta.url).pathname;
const TOKEN = "sp_e2e_0123456789abcdefghijklmnopqrstuvwxyz";

/** A port that nobody listens on. */
export async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}

/** A server with a database of its own, which survives being killed and started again. */
export class Server {
  #process = null;
  #output = [];

  constructor(port, data, flags = []) {
    this.flags = flags;
    this.port = port;
    this.data = data;
    this.base = `http://127.0.0.1:${port}`;
    this.token = TOKEN;
  }

  /** Starts one on a free port with an empty database, with these flags besides. */
  static async start(flags = []) {
    const server = new Server(await freePort(), await mkdtemp(join(tmpdir(), "seinpost-e2e-")), flags);
    await server.start();
    return server;
  }

  /** Starts it and waits for its sign-in link, which is printed once it listens. */
  async start() {
    const listen = `127.0.0.1:${this.port}`;
    const fixed = ["serve", "--listen", listen, "--data", this.data, "--allow-target", "127.0.0.0/8"];
    const child = spawn(BINARY, [...fixed, ...this.flags], {
      env: { ...process.env, SEINPOST_BOOTSTRAP_TOKEN: TOKEN },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = child;
    child.stderr.setEncoding("utf8").on("data", (text) => this.#output.push(text));
    const lines = createInterface({ input: child.stdout });
    const link = new Promise((resolve, reject) => {
      lines.on("line", (line) => {
        this.#output.push(`${line}\n`);
        const found = line.match(/https?:\/\/\S+\/signin#code=\S+/);
        if (found) resolve(found[0]);
      });
      child.once("exit", (code, signal) => reject(new Error(`the server ended: ${code ?? signal}\n${this.log()}`)));
      child.once("error", reject);
    });
    this.signInLink = await link;
  }

  /** What it wrote so far. */
  log() {
    return this.#output.join("").slice(-8000);
  }

  /** Ends it at once, as a power cut would. */
  async kill() {
    await this.#end("SIGKILL");
  }

  /** Stands it still: it takes calls and answers none, until it is killed. */
  freeze() {
    this.#process.kill("SIGSTOP");
  }

  /** Asks it to end; returns its exit code. */
  async stop() {
    return this.#end("SIGTERM");
  }

  /** Ends it and removes its database. */
  async remove() {
    await this.kill();
    await rm(this.data, { recursive: true, force: true });
  }

  async #end(signal) {
    const child = this.#process;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = once(child, "exit");
    child.kill(signal);
    const [code] = await ended;
    return code;
  }

  /** Calls the REST API; the answer is `{status, headers, body}` with the body read as JSON where it is. */
  async call(method, path, body, headers = {}) {
    const isText = typeof body === "string";
    const response = await fetch(this.base + path, {
      method,
      headers: {
        authorization: `Bearer ${TOKEN}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      body: body === undefined || isText ? body : JSON.stringify(body),
    });
    const text = await response.text();
    const isJson = /\bjson\b/.test(response.headers.get("content-type") ?? "");
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  /** Like `call`, for calls that must succeed; returns the body. */
  async ok(method, path, body, headers) {
    const answer = await this.call(method, path, body, headers);
    if (answer.status >= 300) {
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}\n${this.log()}`);
    }
    return answer.body;
  }

  /** All rows of a list, page after page. */
  async all(path) {
    const rows = [];
    let cursor = null;
    do {
      const separator = path.includes("?") ? "&" : "?";
      const page = await this.ok("GET", path + separator + new URLSearchParams({ limit: "100", ...(cursor ? { cursor } : {}) }));
      rows.push(...page.data);
      cursor = page.next;
    } while (cursor !== null);
    return rows;
  }

  /** The domain under which it publishes its keys. */
  async keyDomain() {
    const [key] = await this.ok("GET", "/v1/keys");
    return key.keyid.split("._domainkey.")[1];
  }

  /** Its public keys by name, each read as a receiver without DNS reads it: without a token. */
  async publishedKeys() {
    const keys = new Map();
    for (const { keyid } of await this.ok("GET", "/v1/keys")) {
      const answer = await fetch(`${this.base}/v1/keys/${encodeURIComponent(keyid)}`);
      if (!answer.ok) throw new Error(`${keyid}: ${answer.status}`);
      keys.set(keyid, (await answer.text()).trim());
    }
    return keys;
  }

  /** Creates a webhook and proves it to be the receiver's. */
  async verifiedWebhook(receiver, path, options) {
    const webhook = await this.ok("POST", "/v1/webhook", { url: receiver.base + path, ...options });
    receiver.files.set(webhook.verification.file, webhook.verification.content);
    const result = await this.ok("POST", `/v1/webhooks/${webhook.id}/verify`);
    if (!result.verified) throw new Error(`not verified: ${JSON.stringify(result)}`);
    return webhook;
  }
}
