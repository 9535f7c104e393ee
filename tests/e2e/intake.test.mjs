// What is handed in wrongly is named, and nothing of it is half stored.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { EVENTS } from "../support/events.mjs";
import { Receiver } from "../support/receiver.mjs";
import { Server } from "../support/server.mjs";

describe("bad input", () => {
  let server, receiver;
  const good = EVENTS[0].text;

  before(async () => {
    server = await Server.start();
    receiver = await Receiver.start({ server });
    await server.verifiedWebhook(receiver, "/hook", { type: "bounce" });
  });

  after(async () => {
    await receiver?.stop();
    await server?.remove();
  });

  test("a bad event is 422 and names the variable", async () => {
    const answer = await server.call("POST", "/v1/events", { id: "1", type: "bounce" });
    assert.equal(answer.status, 422);
    assert.match(answer.headers.get("content-type"), /^application\/problem\+json/);
    assert.equal(answer.body.status, 422);
    assert.ok(answer.body.errors.some(({ variable }) => variable === "recipient" || variable === "timestamp"), JSON.stringify(answer.body));
  });

  test("a bad line among good ones is rejected with its number, and the good ones are in", async () => {
    const before = (await server.all("/v1/deliveries")).length;
    const body = `${good}\n{"type":"bounce"\n${good}\n`;
    const answer = await server.call("POST", "/v1/events", body, { "content-type": "application/x-ndjson" });
    assert.equal(answer.status, 202, JSON.stringify(answer.body));
    assert.equal(answer.body.accepted.length, 2);
    assert.equal(answer.body.rejected.length, 1);
    assert.equal(answer.body.rejected[0].line, 2);
    assert.equal((await server.all("/v1/deliveries")).length, before + 2);
  });

  test("what is no JSON leaves nothing behind", async () => {
    const before = (await server.all("/v1/deliveries")).length;
    for (const body of ["", "[", "null", `${"[".repeat(100_000)}`, '{"type":"bounce","type":"open"}']) {
      const answer = await server.call("POST", "/v1/events", body);
      assert.ok([400, 422].includes(answer.status), `${body.slice(0, 20)}: ${answer.status}`);
    }
    assert.equal((await server.all("/v1/deliveries")).length, before);
  });

  test("without a token nothing is told", async () => {
    for (const path of ["/v1/webhooks", "/v1/deliveries", "/v1/keys"]) {
      const answer = await server.call("GET", path, undefined, { authorization: "Bearer wrong" });
      assert.equal(answer.status, 401, path);
    }
  });

  test("a target that is not allowed is refused before it is called", async () => {
    for (const host of ["10.0.0.1", "169.254.169.254", "[::ffff:169.254.169.254]", "[fd00::1]", "2130706433.0.0.1", "0xa000001"]) {
      const answer = await server.call("POST", "/v1/webhook", { type: "open", url: `http://${host}/hook` });
      assert.equal(answer.status, 422, host);
      assert.deepEqual(answer.body.errors.map(({ variable }) => variable), ["url"], host);
    }
  });

  test("SIGTERM ends it cleanly, and it starts again with what it knew", async () => {
    assert.equal(await server.stop(), 0);
    await server.start();
    const { data } = await server.ok("GET", "/v1/webhooks");
    assert.ok(data.some(({ url, status }) => url === `${receiver.base}/hook` && status === "active"));
  });
});
