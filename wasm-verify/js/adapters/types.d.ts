import type { Event, Report } from "../index.js";

/** What an adapter needs of a verifier; a `Verifier` of this package has it. */
export interface Judge {
  /** Judges a call; see `Verifier.verify`. */
  verify(request: ReceivedCall): Promise<Report>;
  /** Forgets the nonce of a call that could not be handled; see `Verifier.forget`. */
  forget?(report: Report): void | Promise<void>;
}

/** A call as an adapter received it. */
export interface ReceivedCall {
  /** The method. */
  method: string;
  /**
   * Absolute where it is known whether the call came over HTTPS; else path and query, and the check `https` is skipped. Of a
   * target in absolute form (`POST https://…`) path and query alone are taken, and its host for the field `Host`.
   */
  url: string;
  /** Header fields in order, as they came. */
  headers: [name: string, value: string][];
  /** The raw body. */
  body: Uint8Array;
}

/** What a handler is told beside the event. */
export interface Delivery {
  /** The report, whose `ok` is true. */
  report: Report;
  /** The call as it came. */
  request: ReceivedCall;
}

/**
 * Handles a verified event. When its promise is fulfilled, the call is answered with 204; when it is rejected, with 500, and the
 * sender tries again later. Answer within the sender's time limit: store the event, and do long work afterwards.
 */
export type Handler<Context, Given = Event> = (event: Given, delivery: Delivery & Context) => unknown;

/** Options that every adapter has. */
export interface WebhookOptions {
  /** How many bytes a body has at most, 10 MiB (10 485 760) by default. A larger one is answered with 413, unread. */
  limit?: number;
  /**
   * Whether the body is decoded as an event of mail, true by default. Give false where the calls are others, such as a sender's of
   * Standard Webhooks: the handler gets null for the event, and takes the body as it came from its second argument (`request.body`).
   */
  decode?: true;
  /**
   * Told of each call that is not handed to the handler, because it was refused (`report.ok` is false) or its body could not
   * be read. The place to log `report.toString()`. The caller itself learns the name of the first check that failed and, so that
   * its log explains itself, for `date` how far the clocks differ and for `host` the Host that arrived. That may be a name of
   * your own network, if a proxy put it there: let the proxy hand on the Host that the sender called.
   */
  onRefused?: (report: Report, request: ReceivedCall) => unknown;
  /**
   * Told of what went wrong here and was answered with 500: what the handler threw, whatever it is; a nonce that could not be
   * forgotten after that; a body that something read before. `console.error` by default.
   */
  onError?: (error: unknown) => unknown;
}

/** Options of a webhook whose bodies are not decoded; see `decode` of {@link WebhookOptions}. */
export interface UndecodedOptions extends Omit<WebhookOptions, "decode"> {
  decode: false;
}

/** The option of adapters whose framework does not know whether a proxy is trusted. */
export interface ProxyOptions {
  /**
   * Whether `X-Forwarded-Proto` and `X-Forwarded-Host` are taken for scheme and host, false by default. Set it only behind a
   * proxy that sets or removes both: else whoever calls could pretend to have used HTTPS.
   */
  trustProxy?: boolean;
}
