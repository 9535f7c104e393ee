// What callers hand in as a request, taken as it is and never changed.
import { EMPTY, encoder } from "./core.js";
import { VerificationError } from "./errors.js";

function invalid(message) {
  return new VerificationError("invalid-request", message);
}

/** The bytes of a body, or an error of the class that is given. A string is taken as UTF-8; half a surrogate pair is no character, so it has no bytes. */
export function bodyBytes(body, Failure = VerificationError) {
  if (body instanceof Uint8Array) return body;
  if (body === undefined || body === null) return EMPTY;
  if (typeof body === "string") {
    if (!body.isWellFormed()) throw new Failure("lone-surrogate", "the body holds half a surrogate pair");
    return encoder.encode(body);
  }
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  // By its name: it may be of another realm, such as a test runner's.
  const tag = Object.prototype.toString.call(body);
  if (/^\[object (Shared)?ArrayBuffer]$/.test(tag)) return new Uint8Array(body);
  throw new Failure("invalid-body", "the body must be bytes or a string as it arrived, not parsed");
}

function addField(names, values, name, value) {
  if (value === undefined || value === null) return;
  if (Array.isArray(value)) {
    for (const each of value) addField(names, values, name, each);
    return;
  }
  if (typeof name !== "string" || (typeof value !== "string" && typeof value !== "number")) {
    throw invalid("headers must be strings");
  }
  names.push(name);
  values.push(String(value));
}

/** Takes a Headers, a plain object (with arrays, as Node has them), pairs, or Node's flat rawHeaders. */
function readHeaders(headers, names, values, few) {
  if (headers === null || typeof headers !== "object") throw invalid("the request has no headers");
  if (Array.isArray(headers) && typeof headers[0] === "string") {
    if (headers.length % 2 !== 0) throw invalid("headers must be pairs");
    for (let index = 0; index < headers.length; index += 2) addField(names, values, headers[index], headers[index + 1]);
  } else if (typeof headers[Symbol.iterator] === "function") {
    for (const pair of headers) {
      if (!Array.isArray(pair) || pair.length !== 2) throw invalid("headers must be pairs");
      addField(names, values, pair[0], pair[1]);
    }
  } else {
    // 10, 17 and 12: webhook-id, webhook-timestamp and -signature, content-type.
    for (const name in headers) {
      const { length } = name;
      if (few && length !== 10 && length !== 17 && length !== 12) continue;
      const value = headers[name];
      if (typeof value === "string") {
        names.push(name);
        values.push(value);
      } else if (Object.hasOwn(headers, name)) {
        addField(names, values, name, value);
      }
    }
  }
}

/** A request as the checks need it. `few`: the profile needs no header fields but the three of Standard Webhooks. */
export function readRequest(request, few) {
  if (request === null || typeof request !== "object") throw invalid("the request must be an object");
  const { method = "POST", url = "/" } = request;
  if (typeof method !== "string") throw invalid("the method must be a string");
  const target = typeof url === "string" ? url : url instanceof URL ? url.href : null;
  if (target === null) throw invalid("the url must be a string");
  const names = [];
  const values = [];
  readHeaders(request.headers, names, values, few);
  return { method, url: target, names, values, body: bodyBytes(request.body), sha256: null, sha512: null };
}

/** The first value of a header field, or undefined. */
export function fieldOf(call, wanted) {
  const { names, values } = call;
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index];
    if (name.length === wanted.length && (name === wanted || name.toLowerCase() === wanted)) return values[index];
  }
  return undefined;
}
