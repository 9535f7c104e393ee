// A plain web server of files, as anyone has one, below a path.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".wasm": "application/wasm" };

export class StaticServer {
  /** The paths it was asked for. */
  asked = [];
  #server;

  constructor(folder, prefix) {
    this.folder = folder;
    this.prefix = prefix;
  }

  /** Serves `folder` below `prefix`, which begins and ends with a slash. */
  static async start(folder, prefix) {
    const files = new StaticServer(folder, prefix);
    await files.start();
    return files;
  }

  /** Starts it, again on the same port if it was stopped. */
  async start() {
    this.#server = createServer((request, response) => this.#serve(request, response)).listen(this.port ?? 0, "127.0.0.1");
    await once(this.#server, "listening");
    this.port = this.#server.address().port;
    this.base = `http://127.0.0.1:${this.port}${this.prefix}`;
  }

  async #serve({ url }, response) {
    this.asked.push(url);
    const path = decodeURIComponent(new URL(url, "http://files").pathname);
    const name = path.slice(this.prefix.length) || "index.html";
    const found = path.startsWith(this.prefix) && !normalize(name).startsWith("..") ? await readFile(join(this.folder, name)).catch(() => null) : null;
    if (found === null) return response.writeHead(404).end();
    return response.writeHead(200, { "content-type": TYPES[extname(name)] ?? "application/octet-stream" }).end(found);
  }

  async stop() {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}
