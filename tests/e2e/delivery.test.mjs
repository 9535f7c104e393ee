// An event goes in, a signed call comes out, Node verifies it.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { EVENTS } from "../support/events.mjs";
import { failed, Receiver } from "../support/receiver.mjs";
import { Server } from "../support/server.mjs";

/** What a form makes of an event: numbers and the like become text. */
const idOf = ({ text }) => JSON.parse(text).id;

describe("ten real events", () => {
  let server, receiver;
  const accepted = new Map();

  before(async () => {
    server = await Server.start();
    receiver = await Receiver.start({ server });
    const kinds = new Map(EVENTS.map(({ type, format }) => [type, format]));
    for (const [type, format] of kinds) await server.verifiedWebhook(receiver, `/hooks/${type}?a=1&b=%20`, { type, format });
    // The first six each in a call of its own, the others a line each in one.
    const single = EVENTS.slice(0, 6);
    const several = EVENTS.slice(6);
    for (const event of single) {
      const answer = await server.call("POST", "/v1/events", event.text);
      assert.equal(answer.status, 202, JSON.stringify(answer.body));
      accepted.set(idOf(event), answer.body.accepted[0]);
    }
    const lines = several.map(({ text }) => `${text}\n`).join("");
    const answer = await server.call("POST", "/v1/events", lines, { "content-type": "application/x-ndjson" });
    assert.equal(answer.status, 202, JSON.stringify(answer.body));
    assert.deepEqual(answer.body.rejected, []);
    several.forEach((event, index) => accepted.set(idOf(event), answer.body.accepted[index]));
    await receiver.count(EVENTS.length);
  });

  after(async () => {
    await receiver?.stop();
    await server?.remove();
  });

  for (const event of EVENTS) {
    const id = idOf(event);
    test(`${event.type} ${id} as ${event.format} arrives, verifies, and decodes to what went in`, async () => {
      const call = await receiver.call(({ report }) => report.event?.id === id);
      assert.equal(call.report.ok, true, JSON.stringify(call.report.checks));
      assert.deepEqual(
        call.report.checks.map(({ name }) => name),
        ["https", "date", "host", "digest", "coverage", "environment", "keyid", "signature", "nonce"],
      );
      assert.equal(call.method, "POST");
      assert.equal(call.url, `/hooks/${event.type}?a=1&b=%20`);
      if (event.format === "json") {
        // Not a byte is other than as it was handed in.
        assert.equal(call.body.toString("utf8"), event.text);
        assert.equal(call.headers["content-type"], "application/json");
      } else {
        assert.match(call.headers["content-type"], /^application\/x-www-form-urlencoded/);
      }
      for (const [name, value] of Object.entries(event.variables ?? {})) {
        assert.deepEqual(call.report.event[name], value, name);
      }
      assert.deepEqual(accepted.get(id).deliveries, 1);
    });
  }

  test("a form says the same as the event, to a reader who knows nothing of Seinpost", async () => {
    const event = EVENTS.find(({ format }) => format === "form");
    const call = await receiver.call(({ report }) => report.event?.id === event.variables.id);
    const form = new URLSearchParams(call.body.toString("utf8"));
    const { tags, ...rest } = event.variables;
    assert.deepEqual(form.getAll("tags[]"), tags);
    for (const [name, value] of Object.entries(rest)) assert.equal(form.get(name), value, name);
    assert.ok(call.body.includes("user%2Btag%40example.com"), "a plus in an address is not a space");
  });

  test("each attempt is on record: what was sent and what came back", async () => {
    const deliveries = await server.all("/v1/deliveries");
    const real = deliveries.filter(({ test }) => !test);
    assert.equal(real.length, EVENTS.length);
    for (const event of EVENTS) {
      const call = await receiver.call(({ report }) => report.event?.id === idOf(event));
      const row = real.find((delivery) => delivery.event === accepted.get(idOf(event)).id);
      const delivery = await settled(server, row.id);
      assert.equal(delivery.status, "delivered");
      assert.equal(delivery.attempts.length, 1);
      const [attempt] = delivery.attempts;
      assert.equal(attempt.response.status, 204);
      assert.equal(attempt.request.body, call.body.toString("utf8"));
      const sent = attempt.request.headers.find(([name]) => name.toLowerCase() === "signature");
      assert.equal(sent[1], call.headers.signature);
    }
  });
});

/** The delivery, once its attempt is on record: the receiver may know of it a moment earlier. */
async function settled(server, id) {
  for (;;) {
    const delivery = await server.ok("GET", `/v1/deliveries/${id}`);
    if (delivery.status !== "pending") return delivery;
  }
}

describe("calls that must be refused", () => {
  let server, genuine, receiver;

  before(async () => {
    server = await Server.start();
    receiver = await Receiver.start({ server });
    await server.verifiedWebhook(receiver, "/hook", { type: "delivery" });
    await server.ok("POST", "/v1/events", EVENTS.find(({ type }) => type === "delivery").text);
    genuine = await receiver.call(({ report }) => report.ok);
  });

  after(async () => {
    await receiver?.stop();
    await server?.remove();
  });

  test("replayed: the same call once more fails for its nonce alone", async () => {
    const { report, status } = await receiver.send(genuine);
    assert.deepEqual(failed(report), ["nonce"]);
    assert.equal(status, 401);
  });

  test("altered: another body under the same signature fails for its digest", async () => {
    const body = Buffer.from(genuine.body.toString("utf8").replace("anna@example.net", "eve_@example.net"));
    assert.notDeepEqual(body, genuine.body);
    assert.equal(body.length, genuine.body.length);
    const { report } = await receiver.send({ ...genuine, body });
    assert.ok(failed(report).includes("digest"), JSON.stringify(report.checks));
    assert.ok(!failed(report).includes("signature"));
    assert.equal(report.ok, false);
  });

  test("altered: another path fails for its signature", async () => {
    const { report } = await receiver.send({ ...genuine, url: "/admin" });
    assert.ok(failed(report).includes("signature"), JSON.stringify(report.checks));
    assert.ok(!failed(report).includes("digest"));
  });

  test("forged: signed with another key under the server's name fails for its signature", async () => {
    const { generateKeyPairSync, randomUUID, sign } = await import("node:crypto");
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const headers = { ...genuine.headers, "x-nonce": randomUUID() };
    const names = headers.signature.match(/headers="([^"]*)"/)[1].split(" ");
    const text = names
      .map((name) => (name === "(request-target)" ? `${name}: post ${genuine.url}` : `${name}: ${headers[name]}`))
      .join("\n");
    const signature = sign("sha256", Buffer.from(text), privateKey).toString("base64");
    const rawHeaders = pairs(genuine.rawHeaders, {
      "x-nonce": headers["x-nonce"],
      signature: headers.signature.replace(/signature="[^"]*"/, `signature="${signature}"`),
    });
    const { report } = await receiver.send({ ...genuine, rawHeaders });
    assert.deepEqual(failed(report), ["signature"], JSON.stringify(report.checks));
  });

  test("forged: a key of another domain is not even looked up", async () => {
    const signature = genuine.headers.signature.replace(/_domainkey\.[^"]*/, "_domainkey.evil.example");
    const { report } = await receiver.send({ ...genuine, rawHeaders: pairs(genuine.rawHeaders, { signature }) });
    assert.ok(failed(report).includes("keyid"), JSON.stringify(report.checks));
  });

  test("stale: on a clock that is ten minutes on, a fresh call fails for its date alone", async () => {
    const late = await Receiver.start({ server, clock: () => Date.now() + 600_000 });
    try {
      const webhook = await server.verifiedWebhook(late, "/late", { type: "open" });
      await server.ok("POST", "/v1/events", EVENTS.find(({ type }) => type === "open").text);
      const { report } = await late.call(() => true);
      assert.deepEqual(failed(report), ["date"], JSON.stringify(report.checks));
      await server.ok("DELETE", `/v1/webhooks/${webhook.id}`);
    } finally {
      await late.stop();
    }
  });
});

/** Raw header fields with some values replaced. */
function pairs(rawHeaders, replaced) {
  const result = [...rawHeaders];
  for (let index = 0; index < result.length; index += 2) {
    const value = replaced[result[index].toLowerCase()];
    if (value !== undefined) result[index + 1] = value;
  }
  return result;
}
