import { RequestError } from "./error.js";

/** How many bytes are read at most. */
export const MAX_BYTES = 32 * 1024 * 1024;
/** How many header fields a request has at most. */
export const MAX_HEADERS = 1000;
/** How many bytes request line and header fields have together at most. */
export const MAX_HEAD = 256 * 1024;

const encoder = new TextEncoder();

/** The bytes of a text in UTF-8, or the bytes as they are. */
export function toBytes(input, place = {}) {
  if (typeof input !== "string") return bounded(input instanceof Uint8Array ? input : new Uint8Array(input), place);
  if (input.length > MAX_BYTES) throw new RequestError("too-large", { limit: MAX_BYTES, ...place });
  const half = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.exec(input);
  if (half) throw new RequestError("lone-surrogate", { at: half.index + 1, ...place });
  return bounded(encoder.encode(input), place);
}

function bounded(bytes, place) {
  if (bytes.length > MAX_BYTES) throw new RequestError("too-large", { limit: MAX_BYTES, ...place });
  return bytes;
}

/** A text of one character a byte, as header fields are read by Node and by browsers (ISO 8859-1). */
export function toLatin1(bytes) {
  let text = "";
  for (let start = 0; start < bytes.length; start += 8192) {
    text += String.fromCharCode(...bytes.subarray(start, start + 8192));
  }
  return text;
}

/** The bytes that base64 stands for, white space aside. */
export function fromBase64(text, place) {
  let binary;
  try {
    binary = atob(text);
  } catch {
    throw new RequestError("invalid-base64", place);
  }
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

/** Several pieces one after the other. */
export function concat(pieces) {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
