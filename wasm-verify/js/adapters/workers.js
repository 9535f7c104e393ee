import { receiver } from "./answer.js";
import { callOf, readBody, toResponse } from "./fetch.js";

/** A module for workers: `export default webhook(…)`. See workers.d.ts. */
export function webhook(verifier, handler, options = {}) {
  const receive = receiver(verifier, handler, options);
  /** One verifier for each environment, so that its keys stay cached from call to call. */
  const made = new WeakMap();
  const verifierFor = (env) => {
    if (typeof verifier !== "function") return verifier;
    if (!made.has(env)) made.set(env, verifier(env));
    return made.get(env);
  };
  return {
    async fetch(request, env = {}, ctx) {
      // A verifier that cannot be made is a fault like any other while a call is handled.
      const judge = { verify: (call) => verifierFor(env).verify(call), forget: (report) => verifierFor(env).forget?.(report) };
      const read = async (limit) => callOf(request, await readBody(request, limit), options.trustProxy, { hostInUrl: true });
      return toResponse(await receive(read, { env, ctx }, judge));
    },
  };
}
