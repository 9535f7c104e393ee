import assert from "node:assert/strict";
import { test } from "node:test";

import { Verifier } from "seinpost-verify";
import { webhook } from "seinpost-verify/aws";
import { signedCall, verifierOptions } from "seinpost-verify/testing";

import { tellStories } from "./stories.mjs";

const URL_BASE = "https://abc123.execute-api.eu-west-1.amazonaws.com";

const grouped = (headers) => {
  const groups = {};
  for (const [name, value] of headers) (groups[name] ??= []).push(value);
  return groups;
};
const split = (url) => /^https:\/\/([^/]+)([^?]*)\??(.*)$/.exec(url).slice(1);

/** The events as AWS documents them, made of a call. */
const EVENTS = {
  /** An HTTP API, or a function URL: payload 2.0, in which fields of one name are joined. */
  "payload 2.0": ({ method, url, headers, body }, isBase64Encoded) => {
    const [domainName, rawPath, rawQueryString] = split(url);
    return {
      version: "2.0",
      routeKey: "$default",
      rawPath,
      rawQueryString,
      headers: Object.fromEntries(Object.entries(grouped(headers)).map(([name, values]) => [name, values.join(",")])),
      requestContext: { domainName, http: { method, path: rawPath, protocol: "HTTP/1.1" }, stage: "$default" },
      body: Buffer.from(body).toString(isBase64Encoded ? "base64" : "utf8"),
      isBase64Encoded,
    };
  },
  /** A REST API: payload 1.0, in which the query is decoded and the stage is in requestContext.path alone. */
  "payload 1.0": ({ method, url, headers, body }, isBase64Encoded) => {
    const [domainName, path, query] = split(url);
    const groups = grouped(headers);
    const parameters = {};
    for (const [name, value] of new URLSearchParams(query)) (parameters[name] ??= []).push(value);
    return {
      resource: "/{proxy+}",
      path: path.replace(/^\/prod/, ""),
      httpMethod: method,
      headers: Object.fromEntries(Object.entries(groups).map(([name, values]) => [name, values.at(-1)])),
      multiValueHeaders: groups,
      queryStringParameters: query === "" ? null : Object.fromEntries(Object.entries(parameters).map(([name, values]) => [name, values.at(-1)])),
      multiValueQueryStringParameters: query === "" ? null : parameters,
      requestContext: { domainName, path, stage: "prod", httpMethod: method, protocol: "HTTP/1.1" },
      body: Buffer.from(body).toString(isBase64Encoded ? "base64" : "utf8"),
      isBase64Encoded,
    };
  },
};

const toAnswer = ({ statusCode, headers, body, isBase64Encoded }) => {
  assert.equal(isBase64Encoded, false);
  return { status: statusCode, headers: new Headers(headers), text: body };
};

for (const [name, toEvent] of Object.entries(EVENTS)) {
  tellStories(
    `aws ${name}`,
    async (...receiver) => {
      const handler = webhook(...receiver);
      return { url: URL_BASE, send: async (call) => toAnswer(await handler(toEvent(call, true), {})), close: () => {} };
    },
    {
      url: URL_BASE,
      // A REST API hands the query on decoded: `b=1+2` cannot be told from `b=1%202`.
      ...(name === "payload 1.0" ? { query: "?a=%2B&b=x%20y" } : {}),
    },
  );
}

/** The answer to an event, and what its checks say. */
async function answerTo(event, url, options) {
  const reports = [];
  const handler = webhook(new Verifier(verifierOptions({ url })), (_event, { report }) => reports.push(report), {
    onRefused: (report) => reports.push(report),
    ...options,
  });
  const { statusCode } = await handler(event, {});
  return { statusCode, https: reports[0]?.checks.find((check) => check.name === "https").outcome };
}

test("aws: bodies that are not base64-wrapped, in either payload", async () => {
  const url = `${URL_BASE}/prod/hook`;
  for (const toEvent of Object.values(EVENTS)) {
    const call = signedCall({ url, type: "profile" });
    assert.deepEqual(await answerTo(toEvent(call, false), url), { statusCode: 204, https: "pass" });
  }
});

test("aws payload 1.0: stage, types, and a query that encodeURIComponent leaves as it is", async () => {
  const url = `${URL_BASE}/prod/hook?a=%2B&b=x%20y`;
  for (const format of ["json", "form"]) {
    assert.equal((await answerTo(EVENTS["payload 1.0"](signedCall({ url, format }), true), url)).statusCode, 204);
  }
});

test("aws: a path that the gateway changed is put right by the option path", async () => {
  const url = `${URL_BASE}/hook`;
  const event = { ...EVENTS["payload 2.0"](signedCall({ url }), true), rawPath: "/prod/hook" };
  assert.equal((await answerTo(event, url)).statusCode, 401);
  assert.equal((await answerTo(event, url, { path: ({ rawPath }) => rawPath.replace("/prod", "") })).statusCode, 204);
});

test("aws: a load balancer's event, whose query is as it was sent", async () => {
  const url = "https://hooks.example.com/hook?a=%2B&b=1+2";
  const { headers, body } = signedCall({ url });
  const event = (proto) => ({
    requestContext: { elb: { targetGroupArn: "arn:aws:elasticloadbalancing:…" } },
    httpMethod: "POST",
    path: "/hook",
    queryStringParameters: { a: "%2B", b: "1+2" },
    headers: { ...Object.fromEntries(headers), "x-forwarded-proto": proto },
    body: Buffer.from(body).toString("base64"),
    isBase64Encoded: true,
  });
  assert.deepEqual(await answerTo(event("https"), url), { statusCode: 204, https: "pass" });
  assert.deepEqual(await answerTo(event("http"), url), { statusCode: 401, https: "fail" });
});

test("aws: a parameter without a value is written as it is by hand", async () => {
  const url = "https://hooks.example.com/hook?flag&a=1";
  for (const requestContext of [{ elb: { targetGroupArn: "arn:aws:elasticloadbalancing:…" } }, { path: "/hook" }]) {
    const { headers, body } = signedCall({ url });
    const event = {
      requestContext,
      httpMethod: "POST",
      path: "/hook",
      multiValueQueryStringParameters: { flag: [""], a: ["1"] },
      multiValueHeaders: grouped([...headers, ["x-forwarded-proto", "https"]]),
      body: Buffer.from(body).toString("base64"),
      isBase64Encoded: true,
    };
    assert.deepEqual(await answerTo(event, url), { statusCode: 204, https: "pass" });
  }
});

test("aws: an event without a body, or that is none", async () => {
  const url = `${URL_BASE}/hook`;
  assert.equal((await answerTo({ ...EVENTS["payload 2.0"](signedCall({ url }), true), body: null }, url)).statusCode, 401);
  assert.equal((await answerTo({}, url)).statusCode, 401);
});
