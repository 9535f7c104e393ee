// The mail entry: why a mail came back, in Node as an ES module and as CommonJS, and by the command.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";

import { diagnose } from "seinpost-verify/mail";

const require = createRequire(import.meta.url);
const command = join(dirname(require.resolve("seinpost-verify/package.json")), "bin/seinpost-verify.js");

const notice = (words, more = "") => `From: MAILER-DAEMON@mx.example.org\r\nTo: news@shop.example\r\nSubject: failure notice\r\n${more}\r\n` +
  `I wasn't able to deliver your message.\r\n\r\n<joe@example.net>:\r\n${words}\r\n`;

test("a bounce says what it is, for whom, and on what evidence", () => {
  const mail = notice("Remote host said: 552 5.2.2 the mailbox is full");
  const diagnosis = diagnose(mail);
  assert.equal(diagnosis.kind, "soft");
  const [recipient] = diagnosis.recipients;
  assert.deepEqual([recipient.address, recipient.reason, recipient.status, recipient.code], ["joe@example.net", "mailbox-full", "5.2.2", 552]);
  assert.equal(mail.slice(recipient.evidence.start, recipient.evidence.end), "mailbox is full");
});

test("bytes and text, English and Dutch, one module system and the other", () => {
  const mail = notice("Sorry, no mailbox here by that name. (#5.1.1)");
  assert.deepEqual(diagnose(new TextEncoder().encode(mail)), diagnose(mail));
  assert.deepEqual(require("seinpost-verify/mail").diagnose(mail), diagnose(mail));
  assert.match(diagnose(mail).advice, /^Stop sending/);
  assert.match(diagnose(mail, { lang: "nl" }).advice, /^Stop met verzenden/);
});

test("character sets are the host's", () => {
  const words = Buffer.from("w+DKvNDFz+Syu7Tm1No=", "base64");
  const head = Buffer.from(notice("", "Content-Type: text/plain; charset=gb2312\r\n"));
  const ways = [[words, "gb2312"], [Buffer.from("邮箱已满"), "utf-8"], [Buffer.from("邮箱已满"), "no-such-charset"]];
  for (const [bytes, charset] of ways) {
    const mail = Buffer.concat([Buffer.from(head.toString().replace("gb2312", charset)), bytes, Buffer.from("\r\n")]);
    assert.equal(diagnose(mail).recipients[0].address, "joe@example.net");
    if (charset === "utf-8") assert.equal(diagnose(mail).recipients[0].reason, "mailbox-full");
  }
});

test("whatever comes in, it answers", () => {
  for (const mail of ["", "\0", "\r", "From:", "=?gb2312?B?w?=", new Uint8Array(100_000).fill(64)]) {
    assert.equal(diagnose(mail).kind, "not-a-bounce");
  }
  assert.throws(() => diagnose(42), TypeError);
  assert.throws(() => diagnose(null), TypeError);
});

test("the command shows one mail with its evidence, many as counts, and JSON on demand", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "seinpost-mail-"));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "full.eml"), notice("552 the mailbox is full"));
  writeFileSync(join(folder, "gone.eml"), notice("Sorry, no mailbox here by that name. (#5.1.1)"));
  writeFileSync(join(folder, "box.mbox"), `From a\n${notice("552 quota exceeded")}\nFrom b\n${notice("552 quota exceeded")}\n`);
  const run = (...args) => spawnSync(process.execPath, [command, "diagnose", ...args], { encoding: "utf8" });

  const single = run(join(folder, "full.eml"));
  assert.equal(single.status, 0, single.stderr);
  assert.match(single.stdout, /soft\n {2}joe@example\.net: mailbox-full/);
  assert.match(single.stdout, />>mailbox is full<</);

  const many = run(folder);
  assert.match(many.stdout, /soft +mailbox-full +3\n/);
  assert.match(many.stdout, /hard +no-such-user +1\n/);
  assert.match(many.stdout, /\n4 mails\n/);

  const lines = run("--json", join(folder, "box.mbox")).stdout.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines.map(({ kind }) => kind), ["soft", "soft"]);

  assert.equal(run().status, 2);
  assert.equal(run(join(folder, "nothing.eml")).status, 2);
  assert.match(run("--wrong").stderr, /^seinpost-verify: .*'--wrong'/);
});
