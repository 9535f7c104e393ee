import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";

import { Miniflare } from "miniflare";
import { Verifier } from "seinpost-verify";
import { EVENT_TYPES, signedCall, spoilsOf, verifierOptions } from "seinpost-verify/testing";
import { webhook } from "seinpost-verify/workers";

import { toAnswer, toRequest } from "./requests.mjs";
import { tellStories } from "./stories.mjs";

const URL_BASE = "https://hooks.example.com";

tellStories(
  "workers",
  async (...receiver) => {
    const module = webhook(...receiver);
    return { url: URL_BASE, send: async (call) => toAnswer(await module.fetch(toRequest(call), {}, {})), close: () => {} };
  },
  { url: URL_BASE },
);

test("workers: a verifier is made once of each environment, which the handler gets", async () => {
  const made = [];
  const seen = [];
  const module = webhook(
    (env) => {
      made.push(env);
      return new Verifier({ ...verifierOptions(), environment: env.ENVIRONMENT });
    },
    (_event, { env, ctx }) => seen.push([env.NAME, ctx.id]),
  );
  const [one, two] = [{ ENVIRONMENT: 1, NAME: "one" }, { ENVIRONMENT: 2, NAME: "two" }];
  const send = async (env, environment) => (await module.fetch(toRequest(signedCall({ environment })), env, { id: 7 })).status;
  assert.deepEqual([await send(one, 1), await send(one, 1), await send(two, 2), await send(two, 1)], [204, 204, 204, 401]);
  assert.deepEqual(made, [one, two]);
  assert.deepEqual(seen, [["one", 7], ["one", 7], ["two", 7]]);
});

test("workers: a verifier that cannot be made is a fault of the receiver's", async () => {
  const errors = [];
  const module = webhook(() => new Verifier({}), () => {}, { onError: (error) => errors.push(error.name) });
  assert.equal((await module.fetch(toRequest(signedCall()), {}, {})).status, 500);
  assert.deepEqual(errors, ["VerificationError"]);
});

/** A worker's bundle, and the WebAssembly that it imports as a module. */
async function modulesOf(source) {
  const require = createRequire(import.meta.url);
  const { outputFiles } = await require("esbuild").build({
    stdin: { contents: source, resolveDir: import.meta.dirname, sourcefile: "worker.mjs" },
    bundle: true,
    write: false,
    format: "esm",
    outfile: "worker.mjs",
    conditions: ["workerd"],
    external: ["*.wasm"],
  });
  const code = outputFiles[0].text;
  const wasm = /from\s*"\.\/([^"]+\.wasm)"/.exec(code);
  assert.ok(wasm, "the worker's entry imports its WebAssembly as a module");
  return [
    { type: "ESModule", path: "worker.mjs", contents: code },
    { type: "CompiledWasm", path: wasm[1], contents: readFileSync(require.resolve(`seinpost-verify/${wasm[1]}`)) },
  ];
}

/** The worker as its author writes it, in the real runtime: workerd, which compiles no WebAssembly from bytes. */
const WORKER = `
import { Verifier } from "seinpost-verify";
import { webhook } from "seinpost-verify/workers";
import { verifierOptions } from "seinpost-verify/testing";

const events = [];
const hook = webhook(
  (env) => new Verifier(verifierOptions({ profile: env.PROFILE })),
  async (event) => { events.push(event.type); },
);
export default {
  async fetch(request, env, ctx) {
    return new URL(request.url).pathname === "/events" ? Response.json(events) : hook.fetch(request, env, ctx);
  },
};
`;

const EXPLAINING = `
import { Verifier } from "ENTRY";
import { verifierOptions } from "seinpost-verify/testing";
const code = (options) => {
  try {
    new Verifier({ ...verifierOptions(), ...options });
    return "made";
  } catch (error) {
    return error.code;
  }
};
export default { fetch: () => Response.json([{}, { explain: true }, { language: "nl" }, { explain: false, language: "en" }].map(code)) };
`;

test("workers: what they have not is refused when the verifier is made, not with each call", { timeout: 60_000 }, async (t) => {
  for (const entry of ["seinpost-verify", "seinpost-verify/pure"]) {
    const runtime = new Miniflare({ modules: await modulesOf(EXPLAINING.replace("ENTRY", entry)), compatibilityDate: "2026-01-01" });
    t.after(() => runtime.dispose());
    const answer = await runtime.dispatchFetch("https://hooks.example.com/");
    assert.deepEqual(await answer.json(), ["made", "no-explain", "no-explain", "made"], entry);
  }
});

const REFUSING = `
import { Verifier } from "ENTRY";
import { signedCall, verifierOptions } from "seinpost-verify/testing";
export default {
  async fetch() {
    const report = await new Verifier(verifierOptions()).verify(signedCall({ spoil: "stale" }));
    return Response.json(report.checks);
  },
};
`;

test("workers: a check that failed tells what to do about it", { timeout: 60_000 }, async (t) => {
  for (const entry of ["seinpost-verify", "seinpost-verify/pure"]) {
    const runtime = new Miniflare({ modules: await modulesOf(REFUSING.replace("ENTRY", entry)), compatibilityDate: "2026-01-01" });
    t.after(() => runtime.dispose());
    const checks = await (await runtime.dispatchFetch("https://hooks.example.com/")).json();
    assert.match(checks.find(({ name }) => name === "date").next, /^Set both clocks by NTP/, entry);
    assert.ok(checks.every(({ outcome, next }) => (outcome === "fail") === (typeof next === "string")), entry);
  }
});

test("workers: in workerd", { timeout: 60_000 }, async (t) => {
  const modules = await modulesOf(WORKER);
  for (const profile of ["cavage", "standard", "rfc9421"]) {
    const runtime = new Miniflare({ modules, compatibilityDate: "2026-01-01", bindings: { PROFILE: profile } });
    t.after(() => runtime.dispose());
    const send = async (ask) => {
      const { url, method, headers, body } = signedCall({ profile, ...ask });
      const answer = await runtime.dispatchFetch(url, { method, headers, body });
      return [answer.status, answer.status === 204 ? null : (await answer.json()).check];
    };
    for (const type of EVENT_TYPES) assert.deepEqual(await send({ type }), [204, null], type);
    for (const { name, check } of spoilsOf(profile)) {
      if (check !== null) assert.deepEqual(await send({ spoil: name }), [401, check], name);
    }
    const seen = await (await runtime.dispatchFetch("https://hooks.example.com/events")).json();
    assert.deepEqual(seen, EVENT_TYPES);
  }
});
