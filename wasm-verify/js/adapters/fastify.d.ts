import type { Handler, Judge, UndecodedOptions, WebhookOptions } from "./types.js";

export type * from "./types.js";

/** The part of a Fastify request that the adapter reads. */
export interface FastifyCall {
  raw: unknown;
  headers: Record<string, string | string[] | undefined>;
  originalUrl: string;
  protocol: string;
}

/** The part of a Fastify reply that the adapter writes. */
export interface FastifyAnswer {
  code(status: number): unknown;
  headers(fields: Record<string, string>): unknown;
  send(body?: Uint8Array): unknown;
}

/**
 * A route of Fastify 5 (and 4): `app.post("/hook", webhook(verifier, async (event) => …))`.
 *
 * The body is taken in the route's `preParsing` hook: no content type parser is needed, and those of the other routes stay as they are.
 * `onRequest` hooks of the application run before it, `preValidation` and `preHandler` hooks do not run for this route. Scheme and host
 * are those that Fastify gives, by its option `trustProxy`. `limit` stands in for Fastify's `bodyLimit`.
 *
 * Answers 204, 401, 400, 413 or 500; see the package's README.
 *
 * @throws TypeError if an argument is missing or `decode` is neither true nor false, RangeError if `limit` is no number of bytes.
 */
export declare function webhook<Request extends FastifyCall = FastifyCall>(
  verifier: Judge,
  handler: Handler<{ context: Request }>,
  options?: WebhookOptions,
): {
  preParsing(request: Request, reply: FastifyAnswer, payload: unknown): Promise<any>;
  handler(request: Request, reply: FastifyAnswer): any;
};

/** The same for bodies that are no events of mail: with `decode: false` the handler gets null for the event, and the body as it came in `request`. */
export declare function webhook<Request extends FastifyCall = FastifyCall>(
  verifier: Judge,
  handler: Handler<{ context: Request }, null>,
  options: UndecodedOptions,
): {
  preParsing(request: Request, reply: FastifyAnswer, payload: unknown): Promise<any>;
  handler(request: Request, reply: FastifyAnswer): any;
};
