import type { Handler, Judge, ProxyOptions, UndecodedOptions, WebhookOptions } from "./types.js";

export type * from "./types.js";

/** The part of Hono's context that the adapter reads. */
export interface HonoContext {
  req: { raw: Request };
}

/**
 * A handler for Hono 4: `app.post("/hook", webhook(verifier, async (event) => …))`. The handler's `context` is Hono's.
 *
 * A middleware that read the body before as bytes or text does no harm; one that read it as JSON or a form lost its bytes, and the call is answered with 500.
 *
 * Answers 204, 401, 400, 413 or 500; see the package's README. The promise is never rejected.
 *
 * @throws TypeError if an argument is missing or `decode` is neither true nor false, RangeError if `limit` is no number of bytes.
 */
export declare function webhook<Context extends HonoContext = HonoContext>(
  verifier: Judge,
  handler: Handler<{ context: Context }>,
  options?: WebhookOptions & ProxyOptions,
): (c: Context) => Promise<Response>;

/** The same for bodies that are no events of mail: with `decode: false` the handler gets null for the event, and the body as it came in `request`. */
export declare function webhook<Context extends HonoContext = HonoContext>(
  verifier: Judge,
  handler: Handler<{ context: Context }, null>,
  options: UndecodedOptions & ProxyOptions,
): (c: Context) => Promise<Response>;
