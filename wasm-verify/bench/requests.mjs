// The calls that are verified, signed here with Node's own crypto, as an HTTP server hands them over.
import crypto from "node:crypto";

const HOST = "hooks.example.com";
const TARGET = "/hooks/smtpeter?source=mail";

const FILLER = "Your message could not be delivered to one of its recipients, whose mailbox is full.\r\n";
/** The same in Greek, as a server there would answer. */
const GREEK = "Το μήνυμά σας δεν ήταν δυνατό να παραδοθεί σε έναν από τους παραλήπτες του: το γραμματοκιβώτιό του είναι γεμάτο.\r\n";

/** The body of a bounce with a MIME message that fills it up to the size. */
export function bounce(size, filler = FILLER) {
  const event = (mime) => JSON.stringify({
    id: "5f0c1e9a7b3d",
    type: "bounce",
    timestamp: "2026-01-15 12:00:00",
    time: "1768478400",
    recipient: "someone@example.com",
    envelope: "bounces@mail.example.org",
    mime,
    tags: ["newsletter", "january"],
  });
  const room = size - event("").length;
  let mime = "";
  while (mime.length < room) mime += filler;
  // Each line end is two characters more in JSON.
  let text = event(mime.slice(0, room));
  while (Buffer.byteLength(text) > size) {
    mime = mime.slice(0, -1 - (Buffer.byteLength(text) - size > 400 ? 200 : 0));
    text = event(mime.slice(0, Math.min(room, mime.length)));
  }
  return Buffer.from(`${text.slice(0, -1)}${" ".repeat(size - Buffer.byteLength(text))}}`);
}

/** A bounce of a mail that is not in ASCII. */
export const greekBounce = (size) => bounce(size, GREEK);

/** The body of a batch, as a webhook sends it that asks for batches: an array of clicks, 1 KiB each. */
export function batch(size) {
  const events = Array.from({ length: size / 1024 }, (_, index) => {
    const click = (token) => ({
      id: crypto.randomBytes(6).toString("hex"),
      type: "click",
      timestamp: "2026-01-15 12:00:00",
      time: String(1_768_478_400 + index),
      recipient: `reader-${index}@example.com`,
      ip: `192.0.2.${index}`,
      original: `https://shop.example.com/articles/${index}?utm_source=newsletter&utm_medium=email&token=${token}`,
      useragent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
      referer: "https://mail.example.com/",
      tags: ["newsletter", "january"],
    });
    const room = 1022 - JSON.stringify(click("")).length;
    return click(crypto.randomBytes(room).toString("base64url").slice(0, room));
  });
  return Buffer.from(JSON.stringify(events).padEnd(size));
}

function common(body) {
  return {
    host: HOST,
    "user-agent": "Seinpost/1.0",
    accept: "*/*",
    "accept-encoding": "gzip",
    "content-type": "application/json",
    "content-length": String(body.length),
  };
}

const seconds = () => Math.floor(Date.now() / 1000);

/** A call of the profile `standard`. */
export function standard(size, make = bounce) {
  const body = make(size);
  const secret = crypto.randomBytes(32);
  const id = "msg_2Lh9KRb0pzN4LePd3XiA4v12Axj";
  const timestamp = String(seconds());
  const mac = crypto.createHmac("sha256", secret).update(`${id}.${timestamp}.`).update(body).digest("base64");
  const headers = {
    ...common(body),
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${mac}`,
  };
  return { method: "POST", url: TARGET, headers, body, secret, secretText: `whsec_${secret.toString("base64")}` };
}

/** A call of the profile `cavage`, signed with an RSA key of 2048 bits. */
export function cavage(size) {
  const body = bounce(size);
  const { privateKey, publicKey } = crypto.generateKeyPairSync("rsa", { modulusLength: 2048 });
  const headers = {
    ...common(body),
    date: new Date().toUTCString(),
    digest: `sha-256=${crypto.createHash("sha256").update(body).digest("base64")}`,
    "x-copernica-id": "environment_1234",
    "x-nonce": crypto.randomBytes(12).toString("base64url"),
  };
  const covered = ["host", "date", "content-length", "content-type", "x-copernica-id", "digest", "x-nonce"];
  const lines = [`(request-target): post ${TARGET}`, ...covered.map((name) => `${name}: ${headers[name]}`)];
  const signature = crypto.sign("sha256", lines.join("\n"), privateKey).toString("base64");
  const keyId = "s1._domainkey.sign.example.com";
  headers.signature =
    `keyId="${keyId}",algorithm="rsa-sha256",headers="(request-target) ${covered.join(" ")}",signature="${signature}"`;
  const spki = publicKey.export({ format: "der", type: "spki" }).toString("base64");
  return { method: "POST", url: TARGET, headers, body, keyId, publicKey, record: `v=DKIM1;k=rsa;p=${spki}` };
}

/** A call of the profile `rfc9421`, signed with an Ed25519 key. */
export function rfc9421(size) {
  const body = bounce(size);
  const { privateKey, publicKey } = crypto.generateKeyPairSync("ed25519");
  const url = `https://${HOST}${TARGET}`;
  const keyId = "s1._domainkey.sign.example.com";
  const headers = {
    ...common(body),
    "content-digest": `sha-256=:${crypto.createHash("sha256").update(body).digest("base64")}:`,
    "x-copernica-id": "environment_1234",
  };
  const values = { "@method": "POST", "@target-uri": url };
  const covered = ["@method", "@target-uri", "content-digest", "content-type", "x-copernica-id"];
  const nonce = crypto.randomBytes(12).toString("base64");
  const params =
    `(${covered.map((name) => `"${name}"`).join(" ")});created=${seconds()};keyid="${keyId}";alg="ed25519";nonce="${nonce}"`;
  const lines = covered.map((name) => `"${name}": ${values[name] ?? headers[name]}`);
  const base = [...lines, `"@signature-params": ${params}`].join("\n");
  headers["signature-input"] = `sig=${params}`;
  headers.signature = `sig=:${crypto.sign(null, Buffer.from(base), privateKey).toString("base64")}:`;
  const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("base64");
  return { method: "POST", url, headers, body, keyId, publicKey, record: `v=DKIM1;k=ed25519;p=${raw}` };
}
