import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

import { VerificationError, Verifier } from "seinpost-verify";
import { RequestError, readRequests } from "../requests.js";
import { readKeys, verifierKeys } from "./keys.js";
import { jsonReport, printReport, visible, wantsColour } from "./print.js";
import { HELP, languageOf, readArguments, readTime, UsageError } from "./usage.js";
import { WORDS } from "./words.js";

const [VERIFIED, REFUSED, USAGE] = [0, 1, 2];
const STDIN = 0;

/** The command `seinpost-verify`: takes its arguments, writes to the process's streams, gives the exit code. */
export async function main(args, { stdout, stderr, env }) {
  const lang = languageOf(args, env);
  try {
    const asked = readArguments(args, lang);
    if (asked.help || asked.version) {
      stdout.write(asked.help ? HELP[lang] : `${version()}\n`);
      return VERIFIED;
    }
    if (asked.files.length === 0) throw new UsageError(`${WORDS[lang].noFile}\n\n${HELP[lang]}`);
    const keys = (asked.keys ?? []).map((file) => readKeys(read(file, lang).toString("utf8"), file, lang));
    const look = { lang, colour: wantsColour(stdout, env), columns: stdout.columns };
    const reports = [];
    for (const [file, request] of asked.files.flatMap((each) => requestsIn(each, asked))) {
      const report = await verifierFor(asked, keys, request, file).verify(request);
      if (!asked.json && reports.length > 0) stdout.write("\n");
      stdout.write(asked.json ? jsonReport(request, report, { file, lang }) : printReport(request, report, { ...look, file }));
      reports.push(report);
    }
    return reports.every(({ ok }) => ok) ? VERIFIED : REFUSED;
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof RequestError || error instanceof VerificationError)) throw error;
    stderr.write(`seinpost-verify: ${visible(WORDS[lang].mistake(error))}\n`);
    return USAGE;
  }
}

function version() {
  return JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version;
}

function read(file, lang) {
  try {
    return readFileSync(file === "-" ? STDIN : file);
  } catch (error) {
    throw new UsageError(`${file}: ${WORDS[lang].cannotRead(error)}`);
  }
}

/** The requests in a file, each with what to call it. Of many, those that carry a signature. */
function requestsIn(file, { form, lang }) {
  let requests;
  try {
    // A file that a curl command names stands beside the command's own.
    const readFile = (name) => (name === "-" ? undefined : read(resolve(file === "-" ? "." : dirname(file), name), lang));
    requests = readRequests(read(file, lang), { form, readFile });
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    throw new UsageError(`${file}: ${error.describe(lang)}`);
  }
  if (requests.length === 1) return [[file, requests[0]]];
  const signed = requests
    .map((request, index) => [`${file}#${index + 1}`, request])
    .filter(([, { headers }]) => headers.some(([name]) => /^(?:webhook-)?signature$/i.test(name)));
  if (signed.length === 0) throw new UsageError(`${file}: ${WORDS[lang].noneSigned(requests.length)}`);
  return signed;
}

/** The verifier that was asked for. What is not named is not checked: nothing is received here, only explained. */
function verifierFor(asked, keys, request, file) {
  const has = (name) => request.headers.some(([each]) => each.toLowerCase() === name);
  const shared = keys.some(({ secrets, publicKeys }) => secrets.length + publicKeys.length > 0);
  if (!shared && (asked.profile === "standard" || (has("webhook-signature") && !has("signature")))) {
    throw new UsageError(`${file}: ${WORDS[asked.lang].needsSecret}`);
  }
  return new Verifier({
    profile: asked.profile ?? "auto",
    environment: asked.environment ?? "any",
    host: asked.host,
    keyDomain: asked["key-domain"] ?? "any",
    tolerance: asked.tolerance,
    now: readTime(asked.now, request, asked.lang),
    language: asked.lang,
    explain: true,
    ...(keys.length > 0 ? verifierKeys(keys, asked["key-domain"]) : {}),
  });
}
