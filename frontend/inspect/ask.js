// What the inspector asks: the npm package's own browser files, by their public face, each loaded when it is needed.
import { decodeWithNotes, Verifier } from "../verify/browser.js";
import { signedBody } from "./forms.js";
import { diagnosis, isLoaded } from "./mail.js";
import { read } from "./read.js";

/** What was asked last: what a page shows of a body is taken from here. */
let body = new Uint8Array(0);

/** So many bytes of a body are handed out at most at a time. */
const WINDOW = 1024;

/** Bytes of the body that was asked about last. */
export function bytesAt(start, length) {
  return body.slice(start, start + Math.min(length, WINDOW));
}

/** A value of an event as a page shows it. */
const shownValue = (value) => (typeof value === "string" ? value : JSON.stringify(value));

/** The event in the form that a page shows: its variables in order, each value as text. */
function shownEvent({ event, notes }) {
  const variables = Object.entries(event).map(([name, value]) => [name, shownValue(value)]);
  return { variables, notes: notes.map(String) };
}

/** An error of the package, as JSON carries it. */
function told(error) {
  const { code = null, message, variable = null, offset = null, line = null } = error;
  return { code, message, variable, offset, line };
}

function fieldOf({ headers }, name) {
  return headers.find(([each]) => each.toLowerCase() === name)?.[1];
}

/** The profile that a call says to follow. */
function profileOf(request) {
  if (fieldOf(request, "webhook-signature") !== undefined) return "standard";
  return fieldOf(request, "signature-input") === undefined ? "cavage" : "rfc9421";
}

/** The options of the `Verifier`, of what stands on the page: what is left empty is not asked for. */
function optionsOf(profile, { environment, host, keyDomain, key, now, plain, language }, explain) {
  const options = { profile, now, allowHttp: plain, explain, language };
  const secrets = key.split(/\s+/).filter((each) => each.startsWith("whsec_"));
  const publics = secrets.length > 0 || key === "" ? null : key;
  if (profile === "standard") {
    // Without any key the signature fails as one without a key does, and the rest is checked all the same.
    if (secrets.length > 0) options.secret = secrets;
    else options.keys = publics === null ? [] : keysOf(publics);
    return options;
  }
  options.environment = environment === "" ? "any" : environment;
  options.keyDomain = keyDomain === "" ? "any" : keyDomain;
  if (host !== "") options.host = host;
  // Several records at one name are several candidates, each begins a line of its own.
  options.resolveKey = () => publics?.split(/\n(?=\s*"?v=DKIM1)/i).map((record) => [record]) ?? null;
  return options;
}

/** The key of a PEM, of whatever kind, perhaps with other text around it. */
const PEM = /-----BEGIN ((?:RSA )?PUBLIC KEY)-----[^-]*-----END \1-----/;

/** A key as it is pasted: the package reads it in each of its forms. */
const readKey = (text) => PEM.exec(text)?.[0] ?? text.trim();

/** Keys in a list: one in a form that may hold white space, or several in forms that do not. */
const keysOf = (text) => (/^[{-]/.test(text) ? [text] : text.split(/\s+/));

/**
 * Reads, verifies and decodes what was pasted.
 *
 * @param {string} question JSON: `{text, form, body, index, environment, host, keyDomain, key, now, plain,
 *   language, deep}`; with `plain` the request came over plain HTTP;
 *   `deep` also searches for what would make a refused call verify, and diagnoses a mail that came back.
 * @returns {Promise<string>} JSON: `{request, fault, report, mistake, event, decodeError, mail, mailWaits, signed, ms}`
 */
export async function inspect(question) {
  const asked = JSON.parse(question);
  const answer = { request: null, fault: null, report: null, mistake: null, event: null, decodeError: null, mail: null, mailWaits: false, signed: null, ms: 0 };
  const started = performance.now();
  let request;
  try {
    request = read(asked);
  } catch (error) {
    body = new Uint8Array(0);
    answer.fault = { ...told(error), message: error.describe?.(asked.language) ?? error.message };
    return JSON.stringify(answer);
  }
  body = request.body;
  answer.request = request.shown;
  await judge(request, asked, answer);
  let event;
  try {
    const decoded = decodeWithNotes(body, fieldOf(request, "content-type") ?? "");
    ({ event } = decoded);
    answer.event = shownEvent(decoded);
  } catch (error) {
    answer.decodeError = told(error);
  }
  answer.ms = performance.now() - started;
  if (typeof event?.mime === "string") {
    answer.mailWaits = !asked.deep && !isLoaded();
    if (!answer.mailWaits) answer.mail = await diagnosis(event.mime, asked.language);
  }
  return JSON.stringify(answer);
}

async function judge(request, asked, answer) {
  const { method, url, headers } = request;
  try {
    const profile = profileOf(request);
    const options = optionsOf(profile, { ...asked, key: readKey(asked.key) }, asked.deep);
    const verify = (changed, explain) => new Verifier({ ...options, explain }).verify({ method, url, headers, body, ...changed });
    const report = await verify({}, asked.deep);
    answer.report = report.toJSON();
    if (asked.deep && !report.ok) answer.signed = await signedBody({ profile, headers, body, report }, (changed) => verify(changed, false));
  } catch (error) {
    answer.mistake = told(error);
  }
}
