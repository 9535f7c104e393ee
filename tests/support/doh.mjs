// A resolver of the tests' own: DNS over HTTPS (RFC 8484) on this machine, and everything that it was asked.

import { once } from "node:events";
import { createServer } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { readQuery, response, txt } from "../../wasm-verify/tests/package/resolvers.mjs";

const MAX_MESSAGE = 65_535;
/** A pointer to the name that was asked for (RFC 1035 §4.1.4). */
const OWNER = Buffer.from([0xc0, 12]);

export class Doh {
  /** Records by name, each a text; or a function of `(reply, question)` that misbehaves. */
  zone = {};
  /** Every request: `{method, url, headers, name}`. */
  asked = [];
  #server;

  static async start() {
    const doh = new Doh();
    doh.#server = createServer((request, reply) => doh.#answer(request, reply)).listen(0, "127.0.0.1");
    await once(doh.#server, "listening");
    doh.origin = `http://127.0.0.1:${doh.#server.address().port}`;
    doh.url = `${doh.origin}/dns-query`;
    return doh;
  }

  #answer({ method, url, headers }, reply) {
    const { pathname, searchParams } = new URL(url, this.origin);
    const parameter = searchParams.get("dns");
    if (pathname !== "/dns-query" || parameter === null) {
      this.asked.push({ method, url, headers, name: null });
      return reply.writeHead(404).end();
    }
    const { name, question } = readQuery(Buffer.from(parameter, "base64url"));
    this.asked.push({ method, url, headers, name });
    // As public resolvers do, so that pages may ask them.
    reply.setHeader("access-control-allow-origin", "*");
    reply.setHeader("content-type", "application/dns-message");
    const found = this.zone[name];
    if (typeof found === "function") return found(reply, question);
    return reply.end(found === undefined ? refused(question, 3) : answered(question, found));
  }

  async stop() {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}

/** An answer with TXT records. */
export const answered = (question, records) => response(question, records.map((record) => txt(OWNER, [record])));

/** An answer with a response code (RFC 1035 §4.1.1): 3 is that there is no such name. */
export const refused = (question, rcode) => response(question, [], { rcode });

function* pieces() {
  for (;;) yield Buffer.alloc(MAX_MESSAGE, "v=DKIM1;");
}

/** Answers more than a DNS message can hold, for as long as it is read. */
export async function endless(reply) {
  // Who asked goes away in the midst of it.
  await pipeline(Readable.from(pieces()), reply).catch(() => {});
}
