import { BodyConsumed, BodyTooLarge, forwarded, receiver, urlOf, withHost } from "./answer.js";

const CURE = "Call the webhook before anything reads the request, or hand it request.clone().";

/** A function from a `Request` to a `Response`. See fetch.d.ts. */
export function webhook(verifier, handler, options = {}) {
  const receive = receiver(verifier, handler, options);
  return async (request, context) => {
    const read = async (limit) => callOf(request, await readBody(request, limit), options.trustProxy);
    return toResponse(await receive(read, { context }));
  };
}

/**
 * The call in a `Request`. Its URL is cut as it stands: to parse it might change its bytes. Where the runtime itself took the call, the
 * host is the one in the URL (`hostInUrl`); where it made the URL of what the caller wrote, the scheme is the caller's word alone (`claimed`).
 */
export function callOf(request, body, trustProxy, { hostInUrl = false, claimed = false } = {}) {
  const [, scheme, authority, target] = /^([a-z]+):\/\/([^/?#]*)([^#]*)/i.exec(request.url) ?? [, "", "", request.url];
  const origin = trustProxy ? forwarded((name) => request.headers.get(name) ?? undefined) : {};
  // Plain HTTP here may be that of a proxy which ended TLS: it cannot be told.
  const secure = scheme.toLowerCase() === "https" && !claimed ? true : origin.secure;
  const host = origin.host ?? (hostInUrl || claimed || !request.headers.has("host") ? authority : undefined);
  const headers = withHost([...request.headers], host);
  return { method: request.method, url: urlOf(secure, host ?? request.headers.get("host"), target), headers, body };
}

/** The bytes of a body, up to a limit. */
export async function readBody(request, limit) {
  if (request.bodyUsed) throw new BodyConsumed(CURE);
  if (Number(request.headers.get("content-length")) > limit) throw new BodyTooLarge();
  if (request.body === null) return new Uint8Array();
  const reader = request.body.getReader();
  const chunks = [];
  let size = 0;
  for (let part; !(part = await reader.read()).done; ) {
    size += part.value.length;
    if (size > limit) {
      await reader.cancel();
      throw new BodyTooLarge();
    }
    chunks.push(part.value);
  }
  if (chunks.length === 1) return chunks[0];
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** An answer as a `Response`. */
export function toResponse({ status, headers, body }) {
  // A runtime's own server says when a connection ends.
  const { connection: _, ...fields } = headers;
  return new Response(status === 204 ? null : body, { status, headers: fields });
}
