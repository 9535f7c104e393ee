import type { Handler, Judge, ProxyOptions, UndecodedOptions, WebhookOptions } from "./types.js";

export type * from "./types.js";

/**
 * A module for Cloudflare Workers and runtimes like it: `export default webhook(verifier, async (event, { env }) => …)`. In a
 * worker with more routes, call its `fetch`.
 *
 * @param verifier A verifier; or a function that makes one of the environment's variables and secrets, called once for each environment.
 *
 * Answers 204, 401, 400, 413 or 500; see the package's README. The promise is never rejected.
 *
 * @throws TypeError if an argument is missing or `decode` is neither true nor false, RangeError if `limit` is no number of bytes.
 */
export declare function webhook<Env extends object = Record<string, unknown>, Execution = unknown>(
  verifier: Judge | ((env: Env) => Judge),
  handler: Handler<{ env: Env; ctx: Execution }>,
  options?: WebhookOptions & ProxyOptions,
): { fetch(request: Request, env: Env, ctx: Execution): Promise<Response> };

/** The same for bodies that are no events of mail: with `decode: false` the handler gets null for the event, and the body as it came in `request`. */
export declare function webhook<Env extends object = Record<string, unknown>, Execution = unknown>(
  verifier: Judge | ((env: Env) => Judge),
  handler: Handler<{ env: Env; ctx: Execution }, null>,
  options: UndecodedOptions & ProxyOptions,
): { fetch(request: Request, env: Env, ctx: Execution): Promise<Response> };
