import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { diagnose } from "seinpost-verify/mail";
import { visible, wantsColour } from "./print.js";
import { WORDS as COMMAND_WORDS } from "./words.js";

const [DONE, USAGE] = [0, 2];
const STDIN = 0;
/** How much of the mail is shown on each side of the evidence, in bytes. */
const CONTEXT = 120;

const WORDS = {
  en: {
    usage: "usage: seinpost-verify diagnose [--json] [--lang en|nl] MAIL.eml|MAILBOX.mbox|FOLDER|- …",
    unknown: (option) => `there is no option ${option}`,
    status: "status", server: "server", said: "said", rule: "rule", advice: "advice", delayed: "delayed", count: "mails", none: "no mail was found",
  },
  nl: {
    usage: "gebruik: seinpost-verify diagnose [--json] [--lang en|nl] MAIL.eml|MAILBOX.mbox|MAP|- …",
    unknown: (option) => `de optie ${option} bestaat niet`,
    status: "status", server: "server", said: "zei", rule: "regel", advice: "advies", delayed: "vertraagd", count: "mails", none: "er is geen mail gevonden",
  },
};

/** The command `seinpost-verify diagnose`: what mails that came back mean. Gives the exit code. */
export function main(args, { stdout, stderr, env }) {
  const asked = { json: false, lang: /^nl\b/i.test(env.LC_ALL || env.LC_MESSAGES || env.LANG || "") ? "nl" : "en", files: [] };
  for (let index = 0; index < args.length; index += 1) {
    const argument = args[index];
    if (argument === "--json") asked.json = true;
    else if (argument === "--lang") asked.lang = args[(index += 1)] === "nl" ? "nl" : "en";
    else if (argument.startsWith("--lang=")) asked.lang = argument.slice(7) === "nl" ? "nl" : "en";
    else if (argument.startsWith("-") && argument !== "-") return refuse(stderr, `${WORDS[asked.lang].unknown(argument)}\n${WORDS[asked.lang].usage}`);
    else asked.files.push(argument);
  }
  const words = WORDS[asked.lang];
  if (asked.files.length === 0) return refuse(stderr, words.usage);
  let mails;
  try {
    mails = asked.files.flatMap((file) => mailsIn(file));
  } catch (error) {
    if (error.code === undefined) throw error;
    return refuse(stderr, `${error.path ?? "-"}: ${COMMAND_WORDS[asked.lang].cannotRead(error)}`);
  }
  if (mails.length === 0) return refuse(stderr, words.none);
  const results = mails.map(({ name, mail }) => ({ name, mail, diagnosis: diagnose(mail, { lang: asked.lang }) }));
  if (asked.json) for (const { name, diagnosis } of results) stdout.write(`${JSON.stringify({ file: name, ...diagnosis })}\n`);
  else if (results.length > 1) stdout.write(table(results, words));
  else stdout.write(one(results[0], words, wantsColour(stdout, env)));
  return DONE;
}

function refuse(stderr, message) {
  stderr.write(`seinpost-verify: ${visible(message)}\n`);
  return USAGE;
}

/** The mails in a file, a mailbox or a folder, each with what to call it. */
function mailsIn(path) {
  if (path !== "-" && statSync(path).isDirectory()) {
    return readdirSync(path).sort().flatMap((name) => (/^\./.test(name) ? [] : mailsIn(join(path, name))));
  }
  const bytes = readFileSync(path === "-" ? STDIN : path);
  const starts = separators(bytes);
  if (starts.length < 2) return [{ name: path, mail: bytes }];
  return starts.map((start, index) => ({ name: `${path}:${index + 1}`, mail: bytes.subarray(start, starts[index + 1]) }));
}

/** Where the mails of an mbox begin: at "From " at the start of the file, and after a blank line. */
function separators(bytes) {
  const found = [];
  if (bytes.subarray(0, 5).toString("latin1") !== "From ") return found;
  found.push(0);
  for (let at = bytes.indexOf("\nFrom "); at !== -1; at = bytes.indexOf("\nFrom ", at + 1)) {
    const blank = bytes[at - 1] === 10 || (bytes[at - 1] === 13 && bytes[at - 2] === 10);
    if (blank) found.push(at + 1);
  }
  return found;
}

function one({ name, mail, diagnosis }, words, colour) {
  const bold = (text) => (colour ? `\u001b[1m${text}\u001b[22m` : text);
  const lines = [`${visible(name)}: ${bold(diagnosis.kind)}${diagnosis.delayed ? ` (${words.delayed})` : ""}`];
  for (const recipient of diagnosis.recipients) {
    lines.push(`  ${visible(recipient.address)}: ${bold(recipient.reason)}`);
    const facts = [[words.status, recipient.status ?? recipient.code], [words.server, recipient.remoteMta], [words.said, recipient.diagnostic], [words.rule, recipient.evidence.rule]];
    for (const [label, value] of facts) if (value !== null) lines.push(`    ${label}: ${visible(String(value))}`);
    if (recipient.evidence.end > recipient.evidence.start) lines.push(`    ${marked(mail, recipient.evidence, colour)}`);
  }
  lines.push(`  ${words.advice}: ${diagnosis.advice}`);
  return `${lines.join("\n")}\n`;
}

/** The bytes that the rule read, with what stands around them, on one line. */
function marked(mail, { start, end }, colour) {
  const text = (from, to) => visible(Buffer.from(mail.subarray(Math.max(from, 0), to)).toString("utf8").replace(/\s+/g, " "));
  const [on, off] = colour ? ["\u001b[7m", "\u001b[27m"] : [">>", "<<"];
  return `…${text(start - CONTEXT, start)}${on}${text(start, end)}${off}${text(end, end + CONTEXT)}…`;
}

/** Counts by kind and reason. */
function table(results, words) {
  const counts = new Map();
  for (const { diagnosis } of results) {
    const reasons = new Set(diagnosis.recipients.map(({ reason }) => reason));
    for (const reason of reasons.size > 0 ? reasons : ["-"]) {
      const key = `${diagnosis.delayed ? words.delayed : diagnosis.kind}\t${reason}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  const rows = [...counts].sort(([, one], [, other]) => other - one).map(([key, count]) => [...key.split("\t"), String(count)]);
  const line = ([kind, reason, count]) => `${kind.padEnd(14)}${reason.padEnd(24)}${count.padStart(6)}`;
  return `${[...rows.map(line), `${results.length} ${words.count}`].join("\n")}\n`;
}
