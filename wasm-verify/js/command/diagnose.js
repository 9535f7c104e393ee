import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { diagnose } from "seinpost-verify/mail";
import { visible, wantsColour } from "./print.js";
import { languageOf, parse, UsageError } from "./usage.js";
import { WORDS as COMMAND_WORDS } from "./words.js";

const [DONE, USAGE] = [0, 2];
const STDIN = 0;
/** How much of the mail is shown on each side of the evidence, in bytes. */
const CONTEXT = 120;

const OPTIONS = { json: { type: "boolean" }, lang: { type: "string" }, help: { type: "boolean", short: "h" } };

const HELP = {
  en: `Says why a mail came back. Nothing leaves this computer.

  seinpost-verify diagnose [options] FILE…   FILE is a mail (.eml), a mailbox (.mbox) or a folder
                                             of them; - is standard input

      --lang en|nl       the language; by default that of the environment (LC_ALL, LANG)
      --json             a line of JSON for each mail
  -h, --help             this help

One mail is shown with what was read in it, several as counts.
Exit code: 0 if they were read, 2 if not.
`,
  nl: `Zegt waarom een mail terugkwam. Er gaat niets van deze computer af.

  seinpost-verify diagnose [opties] BESTAND…   BESTAND is een mail (.eml), een mailbox (.mbox) of een
                                               map ervan; - is de standaardinvoer

      --lang en|nl       de taal; standaard die van de omgeving (LC_ALL, LANG)
      --json             een regel JSON per mail
  -h, --help             deze hulp

Eén mail wordt getoond met wat erin gelezen is, van meer worden aantallen gegeven.
Afsluitcode: 0 als ze gelezen zijn, 2 als dat niet kon.
`,
};

const WORDS = {
  en: {
    status: "status", server: "server", said: "said", rule: "rule", advice: "advice", delayed: "delayed", count: "mails", none: "no mail was found",
  },
  nl: {
    status: "status", server: "server", said: "zei", rule: "regel", advice: "advies", delayed: "vertraagd", count: "mails", none: "er is geen mail gevonden",
  },
};

/** The command `seinpost-verify diagnose`: what mails that came back mean. Gives the exit code. */
export function main(args, { stdout, stderr, env }) {
  const lang = languageOf(args, env);
  try {
    const { values, files } = parse(args, OPTIONS, lang);
    if (values.help) {
      stdout.write(HELP[lang]);
      return DONE;
    }
    if (files.length === 0) throw new UsageError(`${COMMAND_WORDS[lang].noFile}\n\n${HELP[lang]}`);
    const mails = files.flatMap((file) => read(file, lang));
    if (mails.length === 0) throw new UsageError(WORDS[lang].none);
    const results = mails.map(({ name, mail }) => ({ name, mail, diagnosis: diagnose(mail, { lang }) }));
    if (values.json) for (const { name, diagnosis } of results) stdout.write(`${JSON.stringify({ file: name, ...diagnosis })}\n`);
    else if (results.length > 1) stdout.write(table(results, WORDS[lang]));
    else stdout.write(one(results[0], WORDS[lang], wantsColour(stdout, env)));
    return DONE;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    stderr.write(`seinpost-verify: ${visible(error.message)}\n`);
    return USAGE;
  }
}

function read(file, lang) {
  try {
    return mailsIn(file);
  } catch (error) {
    if (error.code === undefined) throw error;
    throw new UsageError(`${error.path ?? "-"}: ${COMMAND_WORDS[lang].cannotRead(error)}`);
  }
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
