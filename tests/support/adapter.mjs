// Receivers as the package's documentation has them: its adapter for Node's own server; and a proxy that stands before one.

import { EventEmitter, once } from "node:events";
import { createServer, request as httpRequest } from "node:http";
import { createRequire } from "node:module";

const installed = process.env.SEINPOST_VERIFY_DIR ?? new URL("../../target/npm-installed", import.meta.url).pathname;
const require = createRequire(`${installed}/package.json`);
const { MemoryNonceStore, Verifier } = require("seinpost-verify");
const { webhook } = require("seinpost-verify/node");

async function listen(server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server.address().port;
}

async function close(server) {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
}

/** A receiver that is one line of the package. Emits `event` for each that its handler got. */
export class AdapterReceiver extends EventEmitter {
  /** Verification files by name. */
  files = new Map();
  /** What its handler got. */
  events = [];

  /** Starts one. `clock` is its own idea of the time; `host` its own name, if that is not where it listens. */
  static async start({ server, clock = Date.now, host }) {
    const receiver = new AdapterReceiver();
    const published = await server.publishedKeys();
    let receive;
    receiver.server = createServer((request, response) => {
      if (request.method !== "GET") return receive(request, response);
      const file = receiver.files.get(request.url.split("/").pop());
      response.writeHead(file === undefined ? 404 : 200).end(file);
    });
    const port = await listen(receiver.server);
    receiver.base = `http://127.0.0.1:${port}`;
    const verifier = new Verifier({
      environment: 1,
      host: host ?? `127.0.0.1:${port}`,
      keyDomain: await server.keyDomain(),
      // The tests have no TLS.
      allowHttp: true,
      now: clock,
      nonces: new MemoryNonceStore(),
      resolveKey: (keyId) => published.get(keyId) ?? null,
    });
    receive = webhook(verifier, (event) => {
      receiver.events.push(event);
      receiver.emit("event", event);
    });
    return receiver;
  }

  async stop() {
    await close(this.server);
  }
}

/** A proxy that hands calls on to `base` with a `Host` of its own, as one does that was not told otherwise. */
export class Proxy {
  static async start(base, host) {
    const proxy = new Proxy();
    proxy.server = createServer((request, response) => {
      const onward = httpRequest(base + request.url, { method: request.method, headers: { ...request.headers, host } }, (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
      });
      onward.on("error", () => response.destroy());
      request.pipe(onward);
    });
    proxy.port = await listen(proxy.server);
    proxy.base = `http://127.0.0.1:${proxy.port}`;
    return proxy;
  }

  async stop() {
    await close(this.server);
  }
}
