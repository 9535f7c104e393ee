// A server with something on every page: webhooks in each state, deliveries that were taken, refused and not answered.

import { EVENTS } from "./events.mjs";
import { Receiver } from "./receiver.mjs";
import { Server } from "./server.mjs";

const REFUSAL = {
  status: 401,
  headers: { "content-type": "application/problem+json" },
  body: JSON.stringify({ status: 401, check: "date", skew: -312 }),
};

/** Starts one: `{server, receiver, failing, unverified, refused}`, the last being a delivery that was not taken. */
export async function inhabited() {
  const server = await Server.start();
  const receiver = await Receiver.start({ server, answer: ({ url }) => (url.startsWith("/mail/clicks") ? REFUSAL : 204) });
  const active = await server.verifiedWebhook(receiver, "/mail/bounces", { type: "bounce" });
  const failing = await server.verifiedWebhook(receiver, "/mail/clicks", { type: "click" });
  const paused = await server.verifiedWebhook(receiver, "/mail/opens", { type: "open" });
  const unverified = await server.ok("POST", "/v1/webhook", { type: "abuse", url: "https://hooks.example.com/feedback/loop.php" });
  await server.ok("PATCH", `/v1/webhooks/${paused.id}`, { status: "paused" });
  for (let round = 0; round < 6; round += 1) await server.ok("POST", "/v1/events", EVENTS.find(({ type }) => type === "bounce").text);
  await server.ok("POST", "/v1/events", EVENTS.find(({ type }) => type === "click").text);
  await receiver.count(7);
  const [refused] = await server.all(`/v1/webhooks/${failing.id}/deliveries`);
  return { server, receiver, active, failing, unverified, refused };
}

/** Every page, by a name for its picture. */
export function everyPage({ active, failing, unverified, refused }) {
  const of = `/webhooks/${failing.id}`;
  const tabs = ["settings", "test", "deliveries", "history"].map((tab) => [`webhook-${tab}`, `${of}/${tab}`]);
  return [
    ["webhooks", "/webhooks"],
    ["create", "/webhooks/new"],
    ["webhook", of],
    ["webhook-calm", `/webhooks/${active.id}`],
    ["webhook-verification", `/webhooks/${unverified.id}/verification`],
    ...tabs,
    ["webhook-delivery", `${of}/deliveries/${refused.id}`],
    ["deliveries", "/deliveries"],
    ["delivery", `/deliveries/${refused.id}`],
    ["events", "/events"],
    ["logfiles", "/logfiles"],
    ["inspector", "/inspector"],
    ["keys", "/keys"],
    ["tokens", "/tokens"],
    ["audit", "/audit"],
    ["settings", "/settings"],
    ["not-found", "/no/such/page"],
  ];
}

/** Waits until a page has its heading, and nothing on it is still to come. */
export async function settled(page) {
  await page.getByRole("heading").first().waitFor();
  await page.waitForFunction(() => document.querySelector("main [aria-busy=true], .skel") === null);
}
