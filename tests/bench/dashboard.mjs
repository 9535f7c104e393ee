// What `cargo xtask bench dashboard` runs: how soon the dashboard stands and answers, in Chromium over the release server.
//
//   node dashboard.mjs [--rounds N] [--only transfer,interactive,filter,inspector]
//
// Each time ends with a painted frame, and is taken in the page: from the start of the navigation, or from the moment at
// which the browser got the key press. Medians of the rounds; the slowest round beside them.

import { createRequire } from "node:module";
import { cpus } from "node:os";
import { parseArgs } from "node:util";

import { Browser } from "../support/browser.mjs";
import { Server } from "../support/server.mjs";
import { Chromium } from "./dashboard/chromium.mjs";
import { fill } from "./dashboard/fill.mjs";
import { Watched } from "./dashboard/watch.mjs";

const { values: flags } = parseArgs({ options: { rounds: { type: "string", default: "9" }, only: { type: "string" } } });
const ROUNDS = Number(flags.rounds);
const LIMITS = { transfer: 250 * 1024, interactive: 1000, filter: 50, inspector: 50 };
const wanted = flags.only?.split(",") ?? Object.keys(LIMITS);
for (const name of wanted) {
  if (!(name in LIMITS)) {
    console.error(`dashboard: there is no measurement '${name}'. There are: ${Object.keys(LIMITS).join(", ")}`);
    process.exit(2);
  }
}
if (!Number.isInteger(ROUNDS) || ROUNDS < 1) {
  console.error("dashboard: --rounds takes a whole number from 1 on");
  process.exit(2);
}

const rows = [];
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Keeps what came of a measurement: times in milliseconds, or sizes in bytes. */
function keep(what, limit, numbers, unit) {
  const shown = (number) => (unit === "ms" ? `${number.toFixed(number < 100 ? 1 : 0)} ms` : `${Math.round(number).toLocaleString("en")} bytes`);
  const middle = median(numbers);
  const verdict = limit === null ? "" : middle <= limit ? "met" : "**missed**";
  rows.push([what, limit === null ? "" : `≤ ${shown(limit)}`, shown(middle), shown(Math.max(...numbers)), verdict]);
}

/** A page with a cold cache in which somebody is signed in. */
async function visitor(browser, session) {
  const page = await browser.page({ storageState: session });
  page.setDefaultTimeout(120_000);
  return [page, await Watched.of(page)];
}

async function signedIn(browser, server) {
  const page = await browser.page();
  await page.goto(server.signInLink);
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await page.waitForURL(/\/(?:webhooks)?$/);
  const session = await page.context().storageState();
  await page.context().close();
  return session;
}

/** What the first page takes on the wire: heads and bodies, as the browser counts them. */
async function transfer(browser, server, session) {
  const [page] = await visitor(browser, session);
  const cdp = await page.context().newCDPSession(page);
  const sizes = new Map();
  const names = new Map();
  await cdp.send("Network.enable");
  cdp.on("Network.requestWillBeSent", ({ requestId, request }) => names.set(requestId, new URL(request.url).pathname));
  cdp.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => sizes.set(names.get(requestId), encodedDataLength));
  await page.goto(`${server.base}/webhooks`, { waitUntil: "networkidle" });
  await page.locator("tbody .tablelink").first().waitFor();
  await page.context().close();
  const isApi = (name) => name.startsWith("/v1/");
  const sum = (keepIf) => [...sizes].filter(([name]) => keepIf(name)).reduce((total, [, size]) => total + size, 0);
  return { files: sum((name) => !isApi(name)), answers: sum(isApi), count: sizes.size };
}

/** From the start of the navigation until the list is drawn and a key press has had its effect, painted. */
async function interactive(chromium, server, session, rate) {
  const [page, close] = await chromium.page(session);
  await page.send("Emulation.setCPUThrottlingRate", { rate });
  await page.send("Page.navigate", { url: `${server.base}/webhooks` });
  await page.painted(`document.querySelector("main tbody .tablelink") !== null`);
  await page.pressUntil("/", `document.activeElement?.id === "q"`);
  const time = await page.evaluate("performance.now()");
  const paint = await page.evaluate(`performance.getEntriesByName("first-contentful-paint")[0]?.startTime`);
  await close();
  return { time, paint };
}

/** Digits typed into the filter of the list and taken out again, each until the rows that it leaves are painted. */
async function filter(browser, server, session, rounds) {
  const [page, watched] = await visitor(browser, session);
  await page.goto(`${server.base}/webhooks`);
  await page.locator("tbody .tablelink").first().waitFor();
  await page.locator("#q").focus();
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const key of ["4", "2", "Backspace", "Backspace"]) {
      const before = await watched.evaluate(`document.querySelector(".pager").textContent`);
      times.push(await watched.press(key, `document.querySelector(".pager").textContent !== ${JSON.stringify(before)}`));
    }
  }
  await page.context().close();
  return times;
}

/** A 100 KiB message in the inspector, a letter typed into it: until the check of the changed message is painted. */
async function inspector(browser, server, rounds) {
  const { signedCall, testRecord } = createRequire(`${process.env.SEINPOST_VERIFY_DIR}/package.json`)("seinpost-verify/testing");
  const now = Date.UTC(2026, 0, 15, 12);
  const call = signedCall({ type: "click", now, event: { tags: Array.from({ length: 100 }, (_, index) => `${index}`.padEnd(1020, "x")) } });
  const { pathname, search } = new URL(call.url);
  const body = new TextDecoder().decode(call.body);
  if (body.length < 100 * 1024) throw new Error(`the message has ${body.length} bytes only`);
  const raw = [`POST ${pathname}${search} HTTP/1.1`, ...call.headers.map(([name, value]) => `${name}: ${value}`), "", body].join("\n");

  const page = await browser.page();
  const watched = await Watched.of(page);
  await page.goto(`${server.base}/inspector`);
  await page.getByLabel("Your host").fill("hooks.example.com");
  await page.locator("#environment").fill("1234");
  await page.getByLabel("Trusted key domain").fill("sign.example.com");
  await page.getByLabel("Time of arrival").fill(new Date(now).toISOString());
  await page.locator("#key").fill(testRecord("test._domainkey.sign.example.com")[0].join(""));
  await page.locator("#raw").fill(raw);
  await page.getByRole("heading", { level: 2, name: "It verifies" }).waitFor();
  const times = [];
  const verdict = `document.getElementById("verdict-title")?.textContent`;
  for (let round = 0; round < rounds * 2; round += 1) {
    await watched.evaluate(`{
      const area = document.getElementById("raw");
      area.focus({ preventScroll: true });
      area.setSelectionRange(area.value.length - 2000, area.value.length - 2000);
    }`);
    const before = await watched.evaluate(verdict);
    times.push(await watched.press(round % 2 === 0 ? "y" : "Backspace", `${verdict} !== ${JSON.stringify(before)}`));
  }
  await page.context().close();
  return times;
}

const browser = await Browser.start();
try {
  if (wanted.some((name) => name !== "filter")) {
    const server = await Server.start(["--rate-limit", "0"]);
    await fill(server, 25);
    const session = await signedIn(browser, server);
    if (wanted.includes("transfer")) {
      const { files, answers, count } = await transfer(browser, server, session);
      keep(`the first page with 25 webhooks, ${count} requests: all on the wire`, LIMITS.transfer, [files + answers], "bytes");
      keep("of it the answers of the API", null, [answers], "bytes");
    }
    if (wanted.includes("interactive")) {
      const found = [];
      const quick = [];
      const chromium = await Chromium.start();
      try {
        for (let round = 0; round < ROUNDS; round += 1) found.push(await interactive(chromium, server, session, 4));
        for (let round = 0; round < ROUNDS; round += 1) quick.push((await interactive(chromium, server, session, 1)).time);
      } finally {
        await chromium.stop();
      }
      keep("navigation → the list stands and has answered a key press, CPU 4 × slowed", LIMITS.interactive, found.map(({ time }) => time), "ms");
      keep("of it until the first paint", null, found.map(({ paint }) => paint), "ms");
      keep("the same, CPU as it is", null, quick, "ms");
    }
    if (wanted.includes("inspector")) keep("key press → check of a 100 KiB message in the inspector", LIMITS.inspector, await inspector(browser, server, ROUNDS), "ms");
    await server.remove();
  }
  if (wanted.includes("filter")) {
    const server = await Server.start(["--rate-limit", "0"]);
    await fill(server, 10_000);
    keep("key press → 10,000 webhooks filtered", LIMITS.filter, await filter(browser, server, await signedIn(browser, server), ROUNDS), "ms");
    await server.remove();
  }
} finally {
  await browser.stop();
}

console.log(`\n${cpus().length} × ${cpus()[0].model}; medians of ${ROUNDS} rounds\n`);
console.log("| what | wanted | median | slowest | |\n|---|---:|---:|---:|---|");
for (const row of rows) console.log(`| ${row.join(" | ")} |`);
