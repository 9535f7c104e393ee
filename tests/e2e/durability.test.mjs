// Kill -9 under load, ten times, with an exact account: nothing that was acknowledged is lost.

import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";

import { Receiver } from "../support/receiver.mjs";
import { Server } from "../support/server.mjs";

const ROUNDS = 10;
const SENDERS = 6;

/** Sends events until the server is gone, each with a number of its own. */
async function send(server, account, enough) {
  while (!account.over) {
    const id = `load-${account.sent++}`;
    const event = { id, type: "delivery", timestamp: "2025-11-25 13:05:41", time: "1764075941", recipient: "anna@example.net", code: "250", extended: "2.0.0", description: "Ok", tags: [] };
    let answer;
    try {
      answer = await server.call("POST", "/v1/events", event);
    } catch {
      // The connection broke: the event may be in or not, and nobody was told that it is.
      account.unanswered += 1;
      continue;
    }
    assert.equal(answer.status, 202, JSON.stringify(answer.body));
    account.acknowledged.set(id, answer.body.accepted[0].id);
    enough();
  }
}

/** One round: load, and a kill in the middle of it. */
async function round(server, account, number) {
  account.over = false;
  const { promise, resolve } = Promise.withResolvers?.() ?? withResolvers();
  // Not at the same point each time: in the very first calls, and later with a queue behind it.
  let left = [1, 3, 20, 60, 5, 90, 40, 2, 70, 30][number];
  const senders = Array.from({ length: SENDERS }, () => send(server, account, () => --left === 0 && resolve()));
  await Promise.race([promise, Promise.all(senders)]);
  account.over = true;
  await server.kill();
  await Promise.all(senders);
}

function withResolvers() {
  let resolve;
  const promise = new Promise((fulfil) => (resolve = fulfil));
  return { promise, resolve };
}

test("ten rounds of kill -9 under load lose nothing that was acknowledged", async (t) => {
  const server = await Server.start();
  const receiver = await Receiver.start({ server });
  const account = { sent: 0, unanswered: 0, acknowledged: new Map(), over: false };
  try {
    await server.verifiedWebhook(receiver, "/load", { type: "delivery" });
    for (let number = 0; number < ROUNDS; number += 1) {
      await round(server, account, number);
      await server.start();
    }

    // What was acknowledged arrives, whenever the server was killed in between.
    const received = () => new Set(receiver.calls.filter(({ report }) => report.ok).map(({ report }) => report.event.id));
    let seen = received();
    while ([...account.acknowledged.keys()].some((id) => !seen.has(id))) {
      await once(receiver, "call");
      seen = received();
    }
    // Then all that is on record has been delivered, too.
    let recorded = await server.all("/v1/deliveries");
    while (recorded.some(({ status }) => status === "pending")) recorded = await server.all("/v1/deliveries");
    seen = received();

    t.diagnostic(
      `sent ${account.sent}, acknowledged ${account.acknowledged.size}, unanswered ${account.unanswered}, ` +
        `recorded ${recorded.length}, received ${seen.size} (in ${receiver.calls.length} calls)`,
    );
    assert.equal(account.sent, account.acknowledged.size + account.unanswered);
    assert.ok(account.acknowledged.size >= ROUNDS, "there was a load");
    assert.deepEqual(receiver.calls.filter(({ report }) => !report.ok).map(({ report }) => report.checks), []);
    for (const { status } of recorded) assert.equal(status, "delivered");

    const recordedEvents = new Set(recorded.map(({ event }) => event));
    assert.equal(recordedEvents.size, recorded.length, "an event has one delivery");
    for (const [id, event] of account.acknowledged) {
      assert.ok(seen.has(id), `${id} was acknowledged and did not arrive`);
      assert.ok(recordedEvents.has(event), `${event} was acknowledged and is not on record`);
    }
    // What is on record beyond what was acknowledged was on its way in when the server was killed.
    assert.equal(seen.size, recorded.length);
    assert.ok(recorded.length - account.acknowledged.size <= account.unanswered);
  } finally {
    await receiver.stop();
    await server.remove();
  }
});
