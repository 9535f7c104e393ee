import { receiver } from "./answer.js";
import { bodyOf, callOf, write } from "./stream.js";

const CURE =
  'Put app.post(path, webhook(…)) above app.use(express.json()), or keep the bytes with app.use(express.json({ limit: "10mb", verify: keepRawBody })).';

/** A handler for Express. See express.d.ts. */
export function webhook(verifier, handler, options = {}) {
  const receive = receiver(verifier, handler, options);
  return async (req, res) => {
    // A router that is mounted at a path takes it off `url`.
    const target = req.originalUrl ?? req.url;
    const read = async (limit) => callOf(req, await bodyOf(req, limit, CURE), { target, ...originOf(req) });
    write(res, await receive(read, { context: req }));
  };
}

/** Express knows whether its proxy is trusted (the setting `trust proxy`). */
function originOf(req) {
  if (!req.app?.enabled?.("trust proxy")) return { secure: req.secure || undefined };
  return { secure: req.secure, host: req.get("x-forwarded-host") === undefined ? undefined : req.host };
}

/** For `express.json({ limit: "10mb", verify: keepRawBody })`: keeps the bytes beside what is parsed from them. See express.d.ts. */
export function keepRawBody(req, _res, bytes) {
  req.rawBody = bytes;
}
