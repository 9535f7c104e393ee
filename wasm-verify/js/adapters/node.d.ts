import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { Handler, Judge, ProxyOptions, UndecodedOptions, WebhookOptions } from "./types.js";

export type * from "./types.js";

/**
 * A request listener for Node's `http`, `https` and `http2`:
 * `createServer(webhook(verifier, async (event) => …)).listen(3000)`.
 *
 * Answers 204 for a verified call, 401 for one that is not (`application/problem+json`, RFC 9457, naming the failed check), 400 for
 * a body that cannot be read, 413 for one over the limit, 500 if the handler threw. The promise is never rejected.
 *
 * @throws TypeError if an argument is missing or `decode` is neither true nor false, RangeError if `limit` is no number of bytes.
 */
export declare function webhook(
  verifier: Judge,
  handler: Handler<{ context: IncomingMessage | Http2ServerRequest }>,
  options?: WebhookOptions & ProxyOptions,
): (req: IncomingMessage | Http2ServerRequest, res: ServerResponse | Http2ServerResponse) => Promise<void>;

/** The same for bodies that are no events of mail: with `decode: false` the handler gets null for the event, and the body as it came in `request`. */
export declare function webhook(
  verifier: Judge,
  handler: Handler<{ context: IncomingMessage | Http2ServerRequest }, null>,
  options: UndecodedOptions & ProxyOptions,
): (req: IncomingMessage | Http2ServerRequest, res: ServerResponse | Http2ServerResponse) => Promise<void>;
