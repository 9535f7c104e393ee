import { BodyTooLarge, forwarded, receiver, urlOf } from "./answer.js";

/** A handler for AWS Lambda. See aws.d.ts. */
export function webhook(verifier, handler, options = {}) {
  const receive = receiver(verifier, handler, options);
  return async (event, context) => {
    const read = async (limit) => callOf(event, limit, options);
    const { status, headers, body } = await receive(read, { context, invocation: event });
    const { connection: _, ...fields } = headers;
    return { statusCode: status, headers: fields, body, isBase64Encoded: false };
  };
}

/** The call in an event of API Gateway (REST: 1.0, HTTP and function URLs: 2.0) or a load balancer. */
function callOf(event, limit, { path }) {
  const { requestContext = {} } = event;
  const headers = pairsOf(event.multiValueHeaders ?? event.headers ?? {});
  const get = (name) => headers.find(([each]) => each.toLowerCase() === name)?.[1];
  // A gateway takes HTTPS alone; a load balancer says what it took.
  const secure = requestContext.elb ? forwarded(get).secure : true;
  const target = path?.(event) ?? targetOf(event);
  return {
    method: event.httpMethod ?? requestContext.http?.method ?? "POST",
    url: urlOf(secure, get("host") ?? requestContext.domainName, target),
    headers: get("host") === undefined && requestContext.domainName ? [["host", requestContext.domainName], ...headers] : headers,
    body: bodyOf(event, limit),
  };
}

function pairsOf(headers) {
  return Object.entries(headers).flatMap(([name, values]) => [values].flat().map((value) => [name, String(value)]));
}

function targetOf(event) {
  if (event.rawPath !== undefined) return event.rawPath + (event.rawQueryString ? `?${event.rawQueryString}` : "");
  const { requestContext = {} } = event;
  const query = event.multiValueQueryStringParameters ?? event.queryStringParameters ?? {};
  // A load balancer leaves the query as it was sent; a REST API hands it on decoded, so it is encoded anew.
  const encode = requestContext.elb ? (text) => text : encodeURIComponent;
  // `?a` and `?a=` come alike; the former is what is written by hand.
  const pairs = pairsOf(query).map(([name, value]) => encode(name) + (value === "" ? "" : `=${encode(value)}`));
  return (requestContext.path ?? event.path ?? "/") + (pairs.length > 0 ? `?${pairs.join("&")}` : "");
}

function bodyOf({ body, isBase64Encoded }, limit) {
  if (body === undefined || body === null) return new Uint8Array();
  // Before it is decoded, so that no memory is spent on what is refused.
  if (body.length > (isBase64Encoded ? Math.ceil(limit / 3) * 4 : limit)) throw new BodyTooLarge();
  const bytes = Buffer.from(body, isBase64Encoded ? "base64" : "utf8");
  if (bytes.length > limit) throw new BodyTooLarge();
  return bytes;
}
