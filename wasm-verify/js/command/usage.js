import { parseArgs } from "node:util";

import { WORDS } from "./words.js";

/** Something is wrong with how the command was called, or with a file that it was given: exit code 2. */
export class UsageError extends Error {}

const OPTIONS = {
  profile: { type: "string", short: "p" },
  environment: { type: "string", short: "e", multiple: true },
  host: { type: "string", multiple: true },
  "key-domain": { type: "string", multiple: true },
  keys: { type: "string", short: "k", multiple: true },
  tolerance: { type: "string" },
  now: { type: "string" },
  form: { type: "string" },
  lang: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
};

const CHOICES = {
  profile: ["auto", "cavage", "standard", "rfc9421"],
  form: ["raw", "curl", "har"],
  lang: ["en", "nl"],
};

export const HELP = {
  en: `Says whether a saved webhook call verifies, and if not, why.

  seinpost-verify [options] FILE…        FILE is a raw HTTP request, a curl command or an
                                         HTTP archive (HAR); - is standard input
  seinpost-verify diagnose MAIL…         says why a mail came back; diagnose --help says more

  -e, --environment N    your environment; may be repeated. Not given: any
      --host HOST        your own host; may be repeated. Not given: not checked
      --key-domain NAME  the domain under which keys are trusted; may be repeated. Not given: any
  -k, --keys FILE        keys: GET /v1/keys, a JWK set, PEM, DKIM records, or secrets (whsec_, whpk_).
                         Not given: keys are looked up in the DNS
  -p, --profile NAME     auto (the default), cavage, standard or rfc9421
      --now TIME         judge as at a time: an RFC 3339 or HTTP date (in UTC unless it says
                         otherwise), Unix seconds, or "sent" for the call's own. Not given: this
                         computer's clock
      --tolerance S      how far a call's date may be off, in seconds
      --form FORM        raw, curl or har, where it is not recognised
      --lang en|nl       the language; by default that of the environment (LC_ALL, LANG)
      --json             a line of JSON for each call
      --version          the version
  -h, --help             this help

Exit code: 0 if every call verifies, 1 if one is refused, 2 if it could not be judged.
`,
  nl: `Zegt of een bewaarde webhookaanroep klopt, en zo niet, waarom.

  seinpost-verify [opties] BESTAND…      BESTAND is een kale HTTP-aanroep, een curl-opdracht of een
                                         HTTP-archief (HAR); - is de standaardinvoer
  seinpost-verify diagnose MAIL…         zegt waarom een mail terugkwam; diagnose --help zegt meer

  -e, --environment N    uw omgeving; mag vaker. Zonder: elke
      --host HOST        uw eigen host; mag vaker. Zonder: niet gecontroleerd
      --key-domain NAAM  het domein waaronder sleutels worden vertrouwd; mag vaker. Zonder: elk
  -k, --keys BESTAND     sleutels: GET /v1/keys, een JWK-set, PEM, DKIM-records, of geheimen (whsec_, whpk_).
                         Zonder: sleutels worden in de DNS opgezocht
  -p, --profile NAAM     auto (standaard), cavage, standard of rfc9421
      --now TIJD         oordeel als op een tijdstip: een datum volgens RFC 3339 of HTTP (in UTC tenzij er
                         iets anders bij staat), Unix-seconden, of "sent" voor die van de aanroep zelf.
                         Zonder: de klok van deze computer
      --tolerance S      hoever de datum van een aanroep mag afwijken, in seconden
      --form VORM        raw, curl of har, als die niet wordt herkend
      --lang en|nl       de taal; standaard die van de omgeving (LC_ALL, LANG)
      --json             een regel JSON per aanroep
      --version          de versie
  -h, --help             deze hulp

Afsluitcode: 0 als elke aanroep klopt, 1 als er een geweigerd wordt, 2 als er niet geoordeeld kon worden.
`,
};

/** The language that the arguments or else the environment ask for, in which also is said what is wrong with them. */
export function languageOf(args, env) {
  const at = args.findLastIndex((each) => /^--lang(?:=|$)/.test(each));
  const named = at < 0 ? undefined : args[at] === "--lang" ? args[at + 1] : args[at].slice("--lang=".length);
  if (CHOICES.lang.includes(named)) return named;
  return /^nl/i.test(env.LC_ALL || env.LC_MESSAGES || env.LANG || "") ? "nl" : "en";
}

/** Arguments by these options, each with a value that it may have. Throws UsageError. */
export function parse(args, options, lang) {
  const words = WORDS[lang];
  let parsed;
  try {
    parsed = parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(words.wrongArguments(error));
  }
  const { values, positionals: files } = parsed;
  for (const [name, allowed] of Object.entries(CHOICES)) {
    if (values[name] !== undefined && !allowed.includes(values[name])) {
      throw new UsageError(words.notOneOf(name, allowed.join(", "), JSON.stringify(values[name])));
    }
  }
  return { values, files };
}

/** The arguments of the command, checked. */
export function readArguments(args, lang) {
  const words = WORDS[lang];
  const { values, files } = parse(args, OPTIONS, lang);
  // As text: an environment may have more digits than a number of JavaScript's keeps.
  const digits = (name, text) => {
    if (!/^\d{1,18}$/.test(text)) throw new UsageError(words.notNumber(name, JSON.stringify(text)));
    return text;
  };
  return {
    ...values,
    files,
    lang,
    environment: values.environment?.map((text) => digits("environment", text)),
    tolerance: values.tolerance === undefined ? undefined : Number(digits("tolerance", values.tolerance)),
  };
}

/** The time that `--now` gives, in milliseconds; undefined for this computer's clock. */
export function readTime(text, request, lang) {
  if (text === undefined) return undefined;
  const time = text === "sent" ? sentAt(request) : /^\d{1,12}$/.test(text) ? Number(text) * 1000 : parsed(text);
  if (Number.isFinite(time)) return time;
  throw new UsageError(text === "sent" ? WORDS[lang].undated : WORDS[lang].noTime(JSON.stringify(text)));
}

/**
 * The milliseconds of a date as RFC 3339 or HTTP has it; NaN of any other, which `Date.parse` might take for one of this computer's time zone. Without
 * a zone it is in UTC, as the timestamps of events are.
 */
function parsed(text) {
  const iso = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:\d\d)?$/i.exec(text);
  if (iso) return Date.parse(`${iso[1]}T${iso[2]}${(iso[3] ?? "Z").toUpperCase()}`);
  return /^\d{4}-\d\d-\d\d$|^[a-z]{3}, .* (?:GMT|UTC|[+-]\d{4})$/i.test(text) ? Date.parse(text) : Number.NaN;
}

/** When a call says it was signed, in milliseconds: `webhook-timestamp`, `created`, or `Date`. */
function sentAt({ headers }) {
  const field = (name) => headers.find(([each]) => each.toLowerCase() === name)?.[1];
  const timestamp = field("webhook-timestamp") ?? /;\s*created=(\d{1,12})/.exec(field("signature-input") ?? "")?.[1];
  return timestamp === undefined ? parsed(field("date") ?? "") : Number(timestamp) * 1000;
}
