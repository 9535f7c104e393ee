import assert from "node:assert/strict";
import { test } from "node:test";

import { Verifier } from "seinpost-verify";
import { webhook } from "seinpost-verify/fetch";
import { signedCall, signedRequest, verifierOptions } from "seinpost-verify/testing";

import { toAnswer, toRequest } from "./requests.mjs";
import { tellStories } from "./stories.mjs";

const URL_BASE = "https://hooks.example.com";

tellStories(
  "fetch",
  async (...receiver) => {
    // As a Next.js route has it: export const POST = webhook(…).
    const POST = webhook(...receiver);
    return { url: URL_BASE, send: async (call) => toAnswer(await POST(toRequest(call))), close: () => {} };
  },
  { url: URL_BASE },
);

test("fetch: what is called with after the request is the handler's context", async () => {
  const contexts = [];
  const POST = webhook(new Verifier(verifierOptions()), (_event, { context }) => contexts.push(context));
  const params = Promise.resolve({ slug: "hook" });
  assert.equal((await POST(new Request(...signedRequest()), { params })).status, 204);
  assert.deepEqual(contexts, [{ params }]);
});

test("fetch: over HTTPS it is known, behind a proxy it is not or as the trusted proxy says", async () => {
  const call = signedCall();
  const checks = async (url, headers, options) => {
    let report;
    const POST = webhook(new Verifier(verifierOptions()), (_event, delivery) => (report = delivery.report), {
      onRefused: (refused) => (report = refused),
      ...options,
    });
    await POST(toRequest({ ...signedCall(), url, headers: [...signedCall().headers, ...headers] }));
    return report.checks.find(({ name }) => name === "https").outcome;
  };
  assert.equal(await checks(call.url, []), "pass");
  assert.equal(await checks("http://localhost:3000/hook", [["x-forwarded-proto", "https"]]), "skip");
  assert.equal(await checks("http://localhost:3000/hook", [["x-forwarded-proto", "https"]], { trustProxy: true }), "pass");
  assert.equal(await checks("http://localhost:3000/hook", [["x-forwarded-proto", "http, https"]], { trustProxy: true }), "fail");
});

test("fetch: a body that was read before is a fault of the receiver's", async () => {
  const errors = [];
  const POST = webhook(new Verifier(verifierOptions()), () => {}, { onError: (error) => errors.push(error.name) });
  const request = toRequest(signedCall());
  await request.text();
  assert.equal((await POST(request)).status, 500);
  assert.deepEqual(errors, ["BodyConsumed"]);
});

test("fetch: an error hook that throws changes nothing", async () => {
  const POST = webhook(
    new Verifier(verifierOptions()),
    () => {
      throw new Error("handler");
    },
    {
      onError: () => {
        throw new Error("hook");
      },
    },
  );
  assert.equal((await POST(toRequest(signedCall()))).status, 500);
});
