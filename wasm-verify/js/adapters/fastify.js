import { receiver } from "./answer.js";
import { callOf, readStream } from "./stream.js";

/** The options of a Fastify route, its handler included. See fastify.d.ts. */
export function webhook(verifier, handler, options = {}) {
  const receive = receiver(verifier, handler, options);
  return {
    // The body is taken before Fastify looks for a parser: this route needs none, and those of the others stay as they are.
    async preParsing(request, reply, payload) {
      const read = async (limit) => {
        const body = await readStream(payload, limit, request.headers["content-length"]);
        return callOf(request.raw, body, { target: request.originalUrl, ...originOf(request) });
      };
      const { status, headers, body } = await receive(read, { context: request });
      reply.code(status).headers(headers);
      // Of a string Fastify would add a charset to the type, which JSON's has none of (RFC 8259 §11).
      return reply.send(status === 204 ? undefined : Buffer.from(body));
    },
    // Never reached: preParsing has answered.
    handler: (_request, reply) => reply,
  };
}

/** Fastify knows whether its proxy is trusted (the option `trustProxy`); only then has a request `ips`. */
function originOf(request) {
  if (request.ips === undefined) return { secure: request.protocol === "https" || undefined };
  const named = request.headers["x-forwarded-host"] !== undefined;
  return { secure: request.protocol === "https", host: named ? request.host : undefined };
}
