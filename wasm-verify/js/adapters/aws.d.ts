import type { Handler, Judge, UndecodedOptions, WebhookOptions } from "./types.js";

export type * from "./types.js";

/** What the adapter reads of an event of API Gateway (payload 1.0 and 2.0), a function URL or an application load balancer. */
export interface GatewayEvent {
  body?: string | null;
  isBase64Encoded?: boolean;
  headers?: Record<string, string | undefined> | null;
  multiValueHeaders?: Record<string, string[] | undefined> | null;
  httpMethod?: string;
  path?: string;
  queryStringParameters?: Record<string, string | undefined> | null;
  multiValueQueryStringParameters?: Record<string, string[] | undefined> | null;
  rawPath?: string;
  rawQueryString?: string;
  requestContext?: {
    path?: string;
    domainName?: string;
    http?: { method: string };
    elb?: unknown;
  };
}

/** The answer that a gateway takes. */
export interface GatewayAnswer {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
  isBase64Encoded: boolean;
}

/**
 * A handler for AWS Lambda behind API Gateway, a function URL or a load balancer:
 * `export const handler = webhook(verifier, async (event) => …)`. Bodies that come base64-wrapped are decoded. The handler's `context` is
 * Lambda's, `invocation` the event as it came.
 *
 * A REST API (payload 1.0) hands a query on decoded and it is encoded anew as `encodeURIComponent` does; give webhooks behind it URLs
 * without a query, or with one that this leaves as it is. Neither it nor a load balancer tells `?a=` from `?a`, which it is taken for.
 *
 * @param options.path The path and query as the sender called it, where a gateway changes it.
 *
 * Answers 204, 401, 400, 413 or 500; see the package's README. The promise is never rejected.
 *
 * @throws TypeError if an argument is missing or `decode` is neither true nor false, RangeError if `limit` is no number of bytes.
 */
export declare function webhook<Invocation extends GatewayEvent = GatewayEvent, Context = unknown>(
  verifier: Judge,
  handler: Handler<{ context: Context; invocation: Invocation }>,
  options?: WebhookOptions & { path?: (invocation: Invocation) => string | undefined },
): (invocation: Invocation, context?: Context) => Promise<GatewayAnswer>;

/** The same for bodies that are no events of mail: with `decode: false` the handler gets null for the event, and the body as it came in `request`. */
export declare function webhook<Invocation extends GatewayEvent = GatewayEvent, Context = unknown>(
  verifier: Judge,
  handler: Handler<{ context: Context; invocation: Invocation }, null>,
  options: UndecodedOptions & { path?: (invocation: Invocation) => string | undefined },
): (invocation: Invocation, context?: Context) => Promise<GatewayAnswer>;
