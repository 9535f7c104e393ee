import type { Handler, Judge, ProxyOptions, UndecodedOptions, WebhookOptions } from "./types.js";

export type * from "./types.js";

/**
 * A function from a `Request` to a `Response`, as Next.js takes it for a route (`export const POST = webhook(…)`) and other
 * runtimes for a server. What it is called with after the request is the handler's `context`.
 *
 * Answers 204, 401, 400, 413 or 500; see the package's README. The promise is never rejected.
 *
 * @throws TypeError if an argument is missing or `decode` is neither true nor false, RangeError if `limit` is no number of bytes.
 */
export declare function webhook<Context = unknown>(
  verifier: Judge,
  handler: Handler<{ context: Context }>,
  options?: WebhookOptions & ProxyOptions,
): (request: Request, context?: Context) => Promise<Response>;

/** The same for bodies that are no events of mail: with `decode: false` the handler gets null for the event, and the body as it came in `request`. */
export declare function webhook<Context = unknown>(
  verifier: Judge,
  handler: Handler<{ context: Context }, null>,
  options: UndecodedOptions & ProxyOptions,
): (request: Request, context?: Context) => Promise<Response>;
