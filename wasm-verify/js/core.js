// The bridge to the WebAssembly: bytes in one buffer, one call. The layouts are those of ../src/input.rs and
// ../src/verifier.rs.
import { host } from "./host.js";
import { DecodeError, VerificationError } from "./errors.js";

const FIXED_WORDS = 36;
export const encoder = new TextEncoder();
let decoder;
export const EMPTY = new Uint8Array(0);
let bytes = EMPTY;
let words;

/** Memory that has grown is another buffer, and the views of the old one are empty: look after each call. */
function look() {
  if (bytes.length > 0) return;
  const { buffer } = host.wasm.memory;
  bytes = new Uint8Array(buffer);
  words = new Uint32Array(buffer);
}

function bytesOf(value) {
  return typeof value === "string" ? encoder.encode(value) : value;
}

function reserve(length) {
  const at = host.wasm.reserve(length) >>> 0;
  look();
  return at;
}

/** Writes bytes as the whole input. The view is looked up after memory was reserved, not before: it may have grown. */
function writeInput(input) {
  const at = reserve(input.length);
  bytes.set(input, at);
}

/** Characters that are no bytes. On a string of one-byte characters the engine knows at once that it cannot match. */
const WIDE = /[^\x00-\xff]/;

/**
 * Writes text at an address and returns the address behind it. HTTP's header values are bytes, which runtimes hand out
 * as Latin-1; text with characters beyond is UTF-8.
 */
function writeText(text, at) {
  const { length } = text;
  for (let index = 0; index < length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit > 255) return at + encoder.encodeInto(text, bytes.subarray(at)).written;
    bytes[at + index] = unit;
  }
  return at + length;
}

/** Writes method, URL and header fields at an address, and their lengths; returns the address behind them. */
function writeFields({ method, url, names, values }, start, word) {
  const count = names.length;
  // Browsers have nothing quick for it: pack.mjs leaves this out of what they load.
  if (IN_NODE && host.writeLatin1 !== undefined) {
    // One text, written at once, where each character is a byte: nearly always.
    let text = method + url;
    words[word] = method.length;
    words[word + 1] = url.length;
    for (let index = 0, at = word + FIXED_WORDS; index < count; index += 1, at += 2) {
      const name = names[index];
      const value = values[index];
      words[at] = name.length;
      words[at + 1] = value.length;
      text += name + value;
    }
    if (!WIDE.test(text)) {
      host.writeLatin1(bytes, text, start);
      return start + text.length;
    }
  }
  let at = writeText(method, start);
  words[word] = at - start;
  let end = writeText(url, at);
  words[word + 1] = end - at;
  for (let index = 0; index < count; index += 1) {
    at = writeText(names[index], end);
    words[word + FIXED_WORDS + 2 * index] = at - end;
    end = writeText(values[index], at);
    words[word + FIXED_WORDS + 2 * index + 1] = end - at;
  }
  return end;
}

/** Writes bytes, or text that has a character for each. */
function writeDigest(digest, at) {
  if (IN_NODE && typeof digest === "string") host.writeLatin1(bytes, digest, at);
  else bytes.set(digest, at);
}

/** Writes a call; `answers` are what the report is made with. Returns the length of it all. */
function writeCall(call, withBody, answers, hashes) {
  const { method, url, names, values, body, sha256, sha512 } = call;
  const count = names.length;
  let units = method.length + url.length;
  for (let index = 0; index < count; index += 1) units += names[index].length + values[index].length;
  if (answers !== null) units += answers.detail.length + answers.nonceDetail.length;
  const head = (FIXED_WORDS + 2 * count) * 4;
  const start = reserve(head + 3 * units + (withBody ? body.length : 0));
  const word = start >>> 2;
  let at = writeFields(call, start + head, word);
  let end;
  words[word + 2] = count;
  words[word + 3] = (sha256 !== null) | ((sha512 !== null) << 1) | (withBody << 2) | (hashes << 3);
  words[word + 4] = body.length;
  if (answers !== null) {
    words[word + 5] = answers.signature;
    words[word + 6] = answers.number;
    end = writeText(answers.detail, at);
    words[word + 7] = end - at;
    words[word + 8] = answers.nonce;
    at = writeText(answers.nonceDetail, end);
    words[word + 9] = at - end;
    words[word + 10] = answers.language === "nl";
  } else {
    words[word + 7] = 0;
    words[word + 9] = 0;
  }
  if (sha256 !== null) writeDigest(sha256, start + 48);
  if (sha512 !== null) writeDigest(sha512, start + 80);
  if (withBody) {
    bytes.set(body, at);
    at += body.length;
  }
  return at - start;
}

/** Runs a function with the exports of another module. It must not wait for anything. */
export function withModule(wasm, run) {
  const { wasm: before } = host;
  host.wasm = wasm;
  bytes = EMPTY;
  try {
    return run();
  } finally {
    host.wasm = before;
    bytes = EMPTY;
  }
}

/** An answer of a status and bytes. */
function answer(address) {
  look();
  const word = address >>> 2;
  return { status: words[word + 1], at: words[word] + words[word + 2], length: words[word + 3] };
}

function answerText({ at, length }) {
  return (decoder ??= new TextDecoder()).decode(bytes.subarray(at, at + length));
}

/** The error of a status 0 of keys and options. */
function refusal(result, context) {
  const [code, message] = answerText(result).split("\n", 2);
  return new VerificationError(code, `${context}: ${message}`);
}

/**
 * Creates a verifier from `[tag, bytes or text]` pairs (see Verifier::set in ../src/verifier.rs): `{wasm, id, secrets}`, where
 * `id` is its number in the module `wasm`, and `secrets` are the bytes of the secrets among the settings.
 */
export function create(settings) {
  const input = settings.flatMap(([tag, value]) => {
    const content = bytesOf(value);
    return [tag.charCodeAt(0), ...new Uint8Array(Uint32Array.of(content.length).buffer), ...content];
  });
  writeInput(input);
  const { wasm } = host;
  const address = wasm.create(input.length);
  const result = answer(address);
  if (result.status === 0) throw refusal(result, "the secret");
  const word = address >>> 2;
  const secrets = [];
  for (let index = word + 4; secrets.length < words[word + 3]; index += 2) {
    const from = words[word] + words[index];
    secrets.push(bytes.slice(from, from + words[index + 1]));
  }
  return { wasm, id: words[word + 2], secrets };
}

/** Forgets a verifier; one in a module that is no longer in use went with that. */
export function forget({ wasm, id }) {
  if (wasm === host.wasm) wasm.forget(id);
}

/**
 * Takes the module that knows all profiles, keys and decoding, where the one in use does not, and returns it. Verifiers must
 * be created anew in it.
 */
export function whole() {
  // Elsewhere there is but one.
  if (IN_NODE && host.whole !== undefined) {
    host.wasm = host.whole();
    host.whole = undefined;
    bytes = EMPTY;
  }
  return host.wasm;
}

function tooMany() {
  return new VerificationError("invalid-request", "too many header fields");
}

/** Check flags of ../src/verifier.rs. */
export const WORK = 1;
export const WITH_BODY = 2;
export const NONCE = 4;
export const VALID = 8;
const INNER = 32;

/**
 * Runs the checks: `{failed, profile, flags}`, and unless the signature is known to be valid and no nonce matters,
 * what is left to do. `sha256`: how the host hashes, if it does so quicker than the module (see ../engines/node.js). Its bytes
 * are views of memory, which the next call into the module writes over, or empties by making memory grow: `keep` copies them.
 */
export function check(handle, call, now, withBody, sha256) {
  const length = writeCall(call, withBody, null, sha256 !== undefined);
  const address = host.wasm.check(handle, length, now);
  look();
  const word = address >>> 2;
  if (words[word + 1] !== 1) throw tooMany();
  let flags = words[word + 4];
  if (IN_NODE && (flags & INNER) !== 0) {
    const at = words[word] + words[word + 5];
    const digest = sha256(bytes.subarray(at, at + words[word + 6]), withBody ? null : call.body);
    writeDigest(digest, reserve(32));
    // What is not valid takes the long way: it says why.
    if (!host.wasm.settle(handle)) return check(handle, call, now, withBody);
    flags = VALID;
  }
  const step = { failed: words[word + 2], profile: words[word + 3], flags, keyId: "", signingString: null, nonce: "", candidates: null };
  if ((flags & (VALID | NONCE)) === VALID || (flags & (WORK | NONCE)) === 0) return step;
  const base = words[word];
  const span = (index) => {
    const at = base + words[word + index];
    return bytes.subarray(at, at + words[word + index + 1]);
  };
  step.keyId = nameAt(base + words[word + 5], words[word + 6]);
  step.signingString = span(7);
  step.nonce = latin1(base + words[word + 9], words[word + 10]);
  step.candidates = [];
  const count = words[word + 11];
  for (let index = 0; index < count; index += 1) {
    step.candidates.push({ algorithms: words[word + 12 + 3 * index], signature: span(13 + 3 * index) });
  }
  return step;
}

/** Copies what `check` left in memory, for a step that outlives the next call into the module: whatever waits lets others call. */
export function keep(step) {
  step.signingString = step.signingString.slice();
  for (const candidate of step.candidates) candidate.signature = candidate.signature.slice();
}

let lastName = "";

/** A text in memory; calls with the same key follow each other, so the last one is tried first. */
function nameAt(at, length) {
  if (length === lastName.length) {
    let index = 0;
    while (index < length && bytes[at + index] === lastName.charCodeAt(index)) index += 1;
    if (index === length) return lastName;
  }
  return (lastName = latin1(at, length));
}

function latin1(at, length) {
  let text = "";
  for (let index = 0; index < length; index += 1) text += String.fromCharCode(bytes[at + index]);
  return text;
}

/** The report's sentences; the larger module knows more of them. The smaller ones give a next step by its number. */
export function report(handle, call, now, answers) {
  const length = writeCall(call, false, answers);
  const result = answer((host.wasm.report_in_full ?? host.wasm.report)(handle, length, now));
  if (result.status === 0) throw tooMany();
  return JSON.parse(answerText(result), (name, value) => (name === "next" && value >= 0 ? host.steps?.[value] : value));
}

/** What would make a refused call verify: `{causes, trials}`. The module must be the larger one. */
export function explain(handle, call, now, answers) {
  const length = writeCall(call, true, answers);
  const result = answer(host.wasm.explain(handle, length, now));
  if (result.status === 0) return { causes: [], trials: [] };
  return JSON.parse(answerText(result));
}

/** Arithmetic of the larger module: gives the parts, one after another, to one of its functions. */
export function arithmetic(name, numbers, parts) {
  let length = 0;
  for (const part of parts) length += part.length;
  const start = reserve(length);
  let at = start;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  const result = answer(host.wasm[name](...numbers, length));
  return result.status === 0 ? null : bytes.slice(result.at, result.at + result.length);
}

/** Reads a public key in any of its forms: `{kind, spki}`, or a VerificationError. */
export function readKey(text) {
  whole();
  const raw = bytesOf(text);
  writeInput(raw);
  const result = answer(host.wasm.read_key(raw.length));
  if (result.status === 0) throw refusal(result, "the key");
  return { kind: result.status, spki: bytes.slice(result.at, result.at + result.length) };
}

/** A secret, `whsec_…` or bytes, as a setting of `create`. */
export function secretSetting(secret) {
  return [(typeof secret === "string" ? "t" : "b").charCodeAt(0), ...bytesOf(secret)];
}

/** Decodes a body: `{event, notes}`, or a DecodeError. */
export function decode(body, contentType) {
  whole();
  const start = reserve(3 * contentType.length + body.length);
  const at = writeText(contentType, start);
  bytes.set(body, at);
  const result = answer(host.wasm.decode(at - start + body.length, at - start));
  const parsed = JSON.parse(answerText(result));
  if (result.status === 0) throw new DecodeError(parsed.code, parsed.message, parsed.variable, parsed.offset);
  return parsed;
}
