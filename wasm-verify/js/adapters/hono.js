import { BodyTooLarge, receiver } from "./answer.js";
import { callOf, readBody, toResponse } from "./fetch.js";

/** A handler for Hono. See hono.d.ts. */
export function webhook(verifier, handler, options = {}) {
  const receive = receiver(verifier, handler, options);
  return async (c) => {
    const read = async (limit) => callOf(c.req.raw, await bodyOf(c.req, limit), options.trustProxy, { claimed: isClaimed(c.env?.incoming) });
    return toResponse(await receive(read, { context: c }));
  };
}

/** Whether Hono, on Node, took scheme and host from the target: one in absolute form (`POST https://…`), over whatever it came. */
function isClaimed(incoming) {
  return typeof incoming?.url === "string" && !incoming.url.startsWith("/") && !incoming.socket?.encrypted;
}

/** Hono keeps a body that a middleware read; bytes and text are as they came. */
async function bodyOf(req, limit) {
  const kept = req.raw.bodyUsed ? await (req.bodyCache?.arrayBuffer ?? req.bodyCache?.text) : undefined;
  if (kept === undefined) return readBody(req.raw, limit);
  const bytes = typeof kept === "string" ? new TextEncoder().encode(kept) : new Uint8Array(kept);
  if (bytes.length > limit) throw new BodyTooLarge();
  return bytes;
}
