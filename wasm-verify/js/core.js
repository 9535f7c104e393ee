// The bridge to the WebAssembly: bytes in one buffer, one call. The layouts are those of ../src/input.rs and
// ../src/verifier.rs.
import { host } from "./host.js";
import { DecodeError, VerificationError } from "./errors.js";

const FIXED_WORDS = 36;
const encoder = new TextEncoder();
const decoder = new TextDecoder();
let bytes = new Uint8Array(0);
let words = new Uint32Array(0);

/** Memory that has grown is another buffer: views must be looked at again after each call. */
function look() {
  const { buffer } = host.wasm.memory;
  if (bytes.buffer !== buffer) {
    bytes = new Uint8Array(buffer);
    words = new Uint32Array(buffer);
  }
}

function reserve(length) {
  const at = host.wasm.reserve(length) >>> 0;
  look();
  return at;
}

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

/** Writes a call; `answers` are what the report is made with. Returns the length of it all. */
function writeCall(call, withBody, answers) {
  const { method, url, names, values, body, sha256, sha512 } = call;
  const count = names.length;
  let units = method.length + url.length;
  for (let index = 0; index < count; index += 1) units += names[index].length + values[index].length;
  if (answers !== null) units += answers.detail.length + answers.nonceDetail.length;
  const head = (FIXED_WORDS + 2 * count) * 4;
  const start = reserve(head + 3 * units + (withBody ? body.length : 0));
  const word = start >>> 2;
  let at = start + head;
  let end = writeText(method, at);
  words[word] = end - at;
  at = writeText(url, end);
  words[word + 1] = at - end;
  for (let index = 0; index < count; index += 1) {
    end = writeText(names[index], at);
    words[word + FIXED_WORDS + 2 * index] = end - at;
    at = writeText(values[index], end);
    words[word + FIXED_WORDS + 2 * index + 1] = at - end;
  }
  words[word + 2] = count;
  words[word + 3] = (sha256 === null ? 0 : 1) | (sha512 === null ? 0 : 2) | (withBody ? 4 : 0);
  words[word + 4] = body.length;
  if (answers !== null) {
    words[word + 5] = answers.signature;
    words[word + 6] = answers.number;
    end = writeText(answers.detail, at);
    words[word + 7] = end - at;
    words[word + 8] = answers.nonce;
    at = writeText(answers.nonceDetail, end);
    words[word + 9] = at - end;
    words[word + 10] = answers.language === "nl" ? 1 : 0;
  } else {
    words[word + 7] = 0;
    words[word + 9] = 0;
  }
  if (sha256 !== null) bytes.set(sha256, start + 48);
  if (sha512 !== null) bytes.set(sha512, start + 80);
  if (withBody) {
    bytes.set(body, at);
    at += body.length;
  }
  return at - start;
}

/** An answer of a status and bytes. */
function answer(address) {
  look();
  const word = address >>> 2;
  return { status: words[word + 1], at: words[word] + words[word + 2], length: words[word + 3] };
}

function answerText({ at, length }) {
  return decoder.decode(bytes.subarray(at, at + length));
}

/** The error of a status 0 of keys and options. */
function refusal(result, context) {
  const [code, message] = answerText(result).split("\n", 2);
  return new VerificationError(code, `${context}: ${message}`);
}

/** Creates a verifier from `[tag, bytes or text]` pairs and returns its handle. */
export function create(settings) {
  const parts = settings.map(([tag, value]) => [tag.charCodeAt(0), typeof value === "string" ? encoder.encode(value) : value]);
  const length = parts.reduce((sum, [, value]) => sum + 5 + value.length, 0);
  let at = reserve(length);
  for (const [tag, value] of parts) {
    new DataView(bytes.buffer, at, 5).setUint32(1, value.length, true);
    bytes[at] = tag;
    bytes.set(value, at + 5);
    at += 5 + value.length;
  }
  const result = answer(host.wasm.create(length));
  if (result.status === 0) throw refusal(result, "the secret");
  return words[(result.at, host.wasm, 0)], lastWord(2);
}

let lastAddress = 0;
function lastWord(index) {
  return words[(lastAddress >>> 2) + index];
}
