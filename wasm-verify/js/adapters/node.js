import { receiver } from "./answer.js";
import { bodyOf, callOf, originOf, write } from "./stream.js";

const CURE = "Call the webhook before anything else reads the request.";

/** A listener for Node's `http`, `https` and `http2`. See node.d.ts. */
export function webhook(verifier, handler, options = {}) {
  const receive = receiver(verifier, handler, options);
  return async (req, res) => {
    const read = async (limit) => callOf(req, await bodyOf(req, limit, CURE), originOf(req, options.trustProxy));
    write(res, await receive(read, { context: req }));
  };
}
