// Signed calls, and how people paste them.

import { createRequire } from "node:module";

const installed = process.env.SEINPOST_VERIFY_DIR ?? new URL("../../target/npm-installed", import.meta.url).pathname;
export const { signedCall, testRecord, verifierOptions } = createRequire(`${installed}/package.json`)("seinpost-verify/testing");

/** The name of the key that signs them. */
export const KEY_ID = "test._domainkey.sign.example.com";
/** Its records: an RSA key and an Ed25519 key. */
export const RECORDS = testRecord(KEY_ID).map((strings) => strings.join(""));

const text = (body) => new TextDecoder().decode(body);

/** A call as a person pastes it. */
export function raw(call, body = text(call.body)) {
  const { pathname, search } = new URL(call.url);
  return [`POST ${pathname}${search} HTTP/1.1`, ...call.headers.map(([name, value]) => `${name}: ${value}`), "", body].join("\n");
}

/** A call as a browser's tools copy it. */
export function curl(call) {
  const quoted = (part) => `'${part.replaceAll("'", "'\\''")}'`;
  const fields = call.headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
  return `curl -X POST ${quoted(call.url)} ${fields.join(" ")} --data-raw ${quoted(text(call.body))}`;
}

/** Calls as a browser's tools save them. */
export function har(...calls) {
  const entries = calls.map((call) => ({
    request: {
      method: "POST",
      url: call.url,
      headers: call.headers.map(([name, value]) => ({ name, value })),
      postData: { mimeType: "application/json", text: text(call.body) },
    },
  }));
  return JSON.stringify({ log: { version: "1.2", creator: { name: "t", version: "1" }, entries } });
}
