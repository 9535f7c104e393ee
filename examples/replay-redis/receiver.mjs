import { createServer } from "node:http";
import { createClient } from "redis";
import { Verifier } from "seinpost-verify";
import { webhook } from "seinpost-verify/node";

import { RedisNonceStore } from "./redis-nonces.mjs";

const redis = createClient({ url: process.env.REDIS_URL ?? "redis://127.0.0.1:6379" });
redis.on("error", (error) => console.error(`Redis: ${error.message}`));
await redis.connect();

const verifier = new Verifier({
  environment: Number(process.env.ENVIRONMENT),
  host: process.env.WEBHOOK_HOST,
  keyDomain: process.env.KEY_DOMAIN,
  nonces: new RedisNonceStore(redis),
});

const receive = webhook(verifier, (event) => console.log(`${event.type} of ${event.recipient}`), {
  onRefused: (report) => console.warn(String(report)),
});
createServer(receive).listen(Number(process.env.PORT ?? 3000));
