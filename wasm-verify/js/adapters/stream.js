import { isSameHost } from "../same-host.js";
import { BodyConsumed, BodyTooLarge, forwarded, partsOf, urlOf, withHost } from "./answer.js";

/** The call in a Node request: its fields as they came, so that one that occurs twice is seen twice. */
export function callOf(req, body, { target = req.url, secure, host } = {}) {
  const pairs = [];
  let authority;
  for (let index = 0; index < req.rawHeaders.length; index += 2) {
    const [name, value] = req.rawHeaders.slice(index, index + 2);
    // HTTP/2's own fields begin with a colon, and come first.
    if (name === ":authority") pairs.push(["host", (authority = value)]);
    // A Host beside it that says the same is no second one (RFC 9113 §8.3.1).
    else if (!name.startsWith(":") && !(name.toLowerCase() === "host" && isSameHost(value, authority))) pairs.push([name, value]);
  }
  const parts = partsOf(target);
  const headers = withHost(pairs, host ?? parts.host);
  const own = headers.find(([name]) => name.toLowerCase() === "host")?.[1];
  return { method: req.method, url: urlOf(secure, own, parts.target), headers, body };
}

/** Whether a Node request came over TLS, and its host; by what the proxy says only where it is trusted. */
export function originOf(req, trustProxy) {
  if (trustProxy) return forwarded((name) => [req.headers[name]].flat()[0]);
  // Without TLS here there may still have been a proxy that ended it: it cannot be told.
  return { secure: req.socket?.encrypted ? true : undefined };
}

/** The bytes of a stream, up to a limit. */
export async function readStream(stream, limit, declared) {
  if (Number(declared) > limit) {
    stream.resume();
    throw new BodyTooLarge();
  }
  const chunks = [];
  let size = 0;
  const brokeOff = () => new Error("the call broke off before its end");
  // One that the caller left before it was read tells nothing any more.
  if (stream.destroyed) throw brokeOff();
  const tooLarge = await new Promise((resolve, reject) => {
    stream.on("data", (chunk) => {
      size += chunk.length;
      // What is left of it flows past until the connection is closed.
      if (size > limit) resolve(true);
      else chunks.push(chunk);
    });
    stream.on("end", () => resolve(false));
    stream.on("error", reject);
    stream.on("close", () => reject(brokeOff()));
  });
  if (tooLarge) throw new BodyTooLarge();
  return Buffer.concat(chunks, size);
}

/** The body of a Node request: from what kept it raw before, or from the stream. */
export async function bodyOf(req, limit, cure) {
  for (const kept of [req.rawBody, req.body]) {
    if (kept instanceof Uint8Array) {
      if (kept.length > limit) throw new BodyTooLarge();
      return kept;
    }
  }
  if (req.readableDidRead || req.readableEnded) throw new BodyConsumed(cure);
  return readStream(req, limit, req.headers["content-length"]);
}

/** Writes an answer to a Node response. */
export function write(res, { status, headers, body }) {
  if (res.headersSent || res.destroyed) return;
  const fields = { ...headers, "content-length": Buffer.byteLength(body) };
  // HTTP/2 knows no Connection, and 204 no Content-Length.
  if (res.stream) delete fields.connection;
  if (status === 204) delete fields["content-length"];
  res.writeHead(status, fields);
  res.end(body);
}
