import type { IncomingMessage, ServerResponse } from "node:http";
import type { Handler, Judge, UndecodedOptions, WebhookOptions } from "./types.js";

export type * from "./types.js";

/**
 * A handler for Express 5 (and 4): `app.post("/hook", webhook(verifier, async (event) => …))`.
 *
 * It reads the raw body itself, so it stands above `app.use(express.json())`, which stays as it is for the other routes. Where that
 * is not possible, see {@link keepRawBody}. `express.raw()` before it is fine. Scheme and host are those that Express gives, by its
 * setting `trust proxy`.
 *
 * Answers 204, 401, 400, 413 or 500; see the package's README. The promise is never rejected.
 *
 * @throws TypeError if an argument is missing or `decode` is neither true nor false, RangeError if `limit` is no number of bytes.
 */
export declare function webhook<Request extends IncomingMessage = IncomingMessage>(
  verifier: Judge,
  handler: Handler<{ context: Request }>,
  options?: WebhookOptions,
): (req: Request, res: ServerResponse) => Promise<void>;

/** The same for bodies that are no events of mail: with `decode: false` the handler gets null for the event, and the body as it came in `request`. */
export declare function webhook<Request extends IncomingMessage = IncomingMessage>(
  verifier: Judge,
  handler: Handler<{ context: Request }, null>,
  options: UndecodedOptions,
): (req: Request, res: ServerResponse) => Promise<void>;

/**
 * Keeps the bytes of every body that Express parses, for a webhook further down:
 * `app.use(express.json({ limit: "10mb", verify: keepRawBody }))`. The limit is Express's own, 100 KB unless it is given: what is
 * larger, as many a bounce is, gets 413 from Express, and the webhook never hears of it.
 */
export declare function keepRawBody(req: IncomingMessage, res: ServerResponse, bytes: Uint8Array): void;
