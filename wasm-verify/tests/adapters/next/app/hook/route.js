import { webhook } from "seinpost-verify/fetch";

/** What the story at hand is told with: see next.test.mjs. */
const receiver = () => globalThis[Symbol.for("seinpost-verify.test.receiver")];

export const POST = (request, context) => webhook(...receiver())(request, context);
