// A script that was written for SMTPeter's REST API: only the host in it is another. It knows its calls by their old names,
// sends forms, has its token in the address, and reads CSV, JSON and XML.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { EVENTS } from "../support/events.mjs";
import { Server } from "../support/server.mjs";

/** The columns, in SMTPeter's order. */
const COLUMNS = {
  abuses: "id time envelope recipient tags templateid",
  attempts: "id time envelope recipient properties tags templateid",
  bounces: "id time envelope recipient mime tags templateid",
  clicks: "id time headers ip url destination tags recipient city countryname countrycode regioncode templateid",
  deliveries: "id time envelope recipient from to attempt tags templateid",
  failures: "id time envelope recipient attempt from to type code status description state tags templateid",
  opens: "id time headers ip protocol tags recipient city countryname countrycode regioncode templateid",
  responses: "id time envelope recipient mime tags templateid",
};

/** Rows of CSV (RFC 4180). */
function csv(text) {
  const rows = [];
  let row = [];
  for (const [whole, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    assert.notEqual(whole, "");
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    rows.push(row);
    row = [];
  }
  assert.deepEqual(row, []);
  return rows;
}

/** Records of XML, as a reader of it has them. */
function xml(text) {
  const plain = (value) => value.replace(/&(#(\d+)|lt|gt|amp);/g, (_, name, number) => (number ? String.fromCharCode(number) : { lt: "<", gt: ">", amp: "&" }[name]));
  const [, records] = /^<\?xml [^>]*\?>\s*<records>([^]*)<\/records>\s*$/.exec(text);
  return [...records.matchAll(/<record>([^]*?)<\/record>/g)].map(([, fields]) => Object.fromEntries([...fields.matchAll(/<(\w+)>([^<]*)<\/\1>/g)].map(([, name, value]) => [name, plain(value)])));
}

describe("a script for SMTPeter's calls", () => {
  let server, host, day;

  /** A call as the script makes it: nothing but the address and, where there is one, a form. */
  async function call(path, form) {
    const url = `${host}/v1/${path}${path.includes("?") ? "&" : "?"}access_token=${server.token}`;
    const response = await fetch(url, form === undefined ? {} : { method: "POST", body: new URLSearchParams(form) });
    return { status: response.status, type: response.headers.get("content-type"), text: await response.text() };
  }

  async function json(path, form) {
    const { status, text } = await call(path, form);
    assert.ok(status < 300, `${path}: ${status} ${text}`);
    return JSON.parse(text);
  }

  before(async () => {
    server = await Server.start();
    host = server.base;
    for (const { text } of EVENTS) await server.ok("POST", "/v1/events", text);
    day = new Date().toISOString().slice(0, 10);
  });

  after(() => server?.remove());

  test("feedback loops are made and listed by both names", async () => {
    for (const name of ["feedbackloop", "webhook"]) {
      const made = await json(name, { type: "bounce", url: "https://example.com/dir/script.php" });
      assert.match(made.verification.file, /^smtpeter-\w+\.txt$/);
    }
    const [old, now] = [await json("feedbackloops"), await json("webhooks")];
    assert.deepEqual(old, now);
    assert.equal(old.data.length, 2);
    const { status, type } = await call("feedbackloop", { type: "nothing", url: "https://example.com/" });
    assert.deepEqual([status, type], [422, "application/problem+json"]);
  });

  test("logfiles of each day, with SMTPeter's columns, alike in every form", async () => {
    const days = await json("logfiles");
    assert.ok(days.includes(day), days.join());
    const names = await json(`logfiles/${day}`);
    const wanted = ["abuses", "bounces", "clicks", "deliveries", "failures", "opens", "responses"];
    assert.deepEqual(names, wanted.map((prefix) => `${prefix}.${day}.log`));
    let all = 0;
    for (const name of names) {
      const columns = COLUMNS[name.split(".")[0]].split(" ");
      const [plain, named] = [await call(`logfiles/${name}`), await call(`logfiles/${name}/header`)];
      const [header, ...rows] = csv(named.text);
      assert.deepEqual(header, columns);
      assert.deepEqual(csv(plain.text), rows);
      const objects = rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at]])));
      assert.deepEqual(await json(`logfiles/${name}/json`), objects.map((each) => ({ ...each })));
      const { type, text } = await call(`logfiles/${name}/xml`);
      assert.match(type, /^application\/xml/);
      // XML cannot hold every control character.
      const readable = (value) => value.replace(/[\0-\x08\x0b\x0c\x0e-\x1f]/g, "\ufffd");
      assert.deepEqual(xml(text), objects.map((each) => Object.fromEntries(Object.entries(each).map(([key, value]) => [key, readable(value)]))));
      for (const { time, templateid } of objects) {
        assert.match(time, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
        assert.equal(templateid, "0");
      }
      all += rows.length;
    }
    // The profile has no logfile.
    assert.equal(all, EVENTS.length - 1);
    const [bounce] = await json(`logfiles/bounces.${day}.log/json`);
    assert.equal(bounce.mime, EVENTS[0].variables.mime);
    const failures = await json(`logfiles/failures.${day}.log/json`);
    assert.ok(failures.some(({ tags }) => tags === EVENTS[7].variables.tags.join(";")));
  });

  test("events by message, by address and by tags, from a day to before another", async () => {
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const within = `start=${day}&end=${tomorrow}`;
    const [found, ...more] = await json(`events/messageid/91c4e7d2aa?${within}`);
    assert.deepEqual([found.event, found.data.id, found.data.mime, more.length], ["bounce", "91c4e7d2aa", EVENTS[0].variables.mime, 0]);
    assert.deepEqual(Object.keys(found.data).sort(), COLUMNS.bounces.split(" ").sort());
    const anna = await json(`events/email/anna@example.net?${within}`);
    assert.deepEqual(anna.map(({ event }) => event), ["open", "delivery", "abuse"]);
    const spring = await json(`events/tags/newsletter;spring?${within}`);
    assert.deepEqual(spring.map(({ event }) => event), ["delivery"]);
    const both = await json(`events/email/anna@example.net?${within}&tags=spring`);
    assert.deepEqual(both.map(({ event }) => event), ["delivery"]);
    assert.deepEqual(await json(`events/email/anna@example.net?start=2020-01-01&end=${tomorrow}`), [], "at most a month, from the start");
    assert.deepEqual(await json(`events/email/anna@example.net?end=${day}`), [], "the end is not part of it");
    assert.equal((await json("events/email/anna@example.net")).length, 3);
    assert.equal((await call("events/email/anna@example.net?start=soon")).status, 422);
  });

  test("a token that is wrong is told, and none is ever logged", async () => {
    const { status, headers } = await fetch(`${host}/v1/webhooks?access_token=wrong-token-of-somebody`);
    assert.deepEqual([status, headers.get("content-type")], [401, "application/problem+json"]);
    for (const secret of [server.token, "wrong-token-of-somebody"]) assert.ok(!server.log().includes(secret));
  });
});
