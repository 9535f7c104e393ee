// Servers on this machine that keys are looked up at.
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";

const TXT = 16;
const CNAME = 5;

/** An HTTP server on a free port, closed after the test: its origin. */
export async function serve(t, answer) {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}`;
}

/** A DKIM record of an RSA key that signs nothing here. */
export function otherRecord() {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return `v=DKIM1;k=rsa;p=${publicKey.export({ type: "spki", format: "der" }).toString("base64")}`;
}

export function nameBytes(name) {
  const labels = name.split(".").map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  return Buffer.concat([...labels, Buffer.from([0])]);
}

function strings(pieces) {
  return Buffer.concat(pieces.flatMap((piece) => [Buffer.from([piece.length]), Buffer.from(piece, "latin1")]));
}

/** A resource record; its owner is bytes, so that it may be a pointer. */
export function record(owner, type, data) {
  const head = Buffer.from([0, type, 0, 1, 0, 0, 1, 44, data.length >> 8, data.length & 255]);
  return Buffer.concat([owner, head, data]);
}

/** The TXT records at a name; texts over 255 characters are cut into pieces, as DNS needs it. */
export function txt(owner, pieces) {
  return record(owner, TXT, strings(pieces.flatMap((piece) => piece.match(/[^]{1,255}/g) ?? [""])));
}

export function cname(owner, target) {
  return record(owner, CNAME, target);
}

/** A response that repeats the question, with records; `flags` are those beside QR, RD and RA. */
export function response(question, records, { rcode = 0, flags = 0, id = 0 } = {}) {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(id, 0);
  head.writeUInt16BE(0x8180 | flags | rcode, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(records.length, 6);
  return Buffer.concat([head, question, ...records]);
}

/** Reads a query strictly (RFC 1035 §4, RFC 8484 §4.1): `{name, question}`. */
export function readQuery(bytes) {
  const head = [0, 2, 4, 6, 8, 10].map((at) => bytes.readUInt16BE(at));
  if (head.join() !== "0,256,1,0,0,0") throw new Error(`the header is ${head}`);
  const labels = [];
  let at = 12;
  while (bytes[at] !== 0) {
    labels.push(bytes.toString("latin1", at + 1, at + 1 + bytes[at]));
    at += 1 + bytes[at];
  }
  at += 5;
  if (at !== bytes.length || bytes.readUInt16BE(at - 4) !== TXT || bytes.readUInt16BE(at - 2) !== 1) throw new Error("it is no question for TXT");
  return { name: labels.join("."), question: bytes.subarray(12) };
}

/**
 * A resolver that answers DNS over HTTPS, by GET, from a zone: names with lists of records in their pieces, or the name they
 * are an alias of. `asked` are the names so far; `fail` a status to answer with, `rcode` a response code.
 */
export async function resolver(t, zone) {
  const dns = { zone, asked: [], fail: 0, rcode: 0 };
  let held = null;
  let waiting = [];
  dns.hold = () => {
    const open = Promise.withResolvers?.() ?? withResolvers();
    held = open.promise;
    return () => {
      held = null;
      open.resolve();
    };
  };
  /** Waits until so many questions came. */
  dns.arrived = (count) => new Promise((resolve) => {
    if (dns.asked.length >= count) resolve();
    else waiting.push({ count, resolve });
  });
  const origin = await serve(t, async (request, reply) => {
    const { name, question } = readQuery(Buffer.from(new URL(request.url, "http://dns").searchParams.get("dns"), "base64url"));
    dns.asked.push(name);
    waiting = waiting.filter(({ count, resolve }) => dns.asked.length < count || resolve());
    await held;
    if (dns.fail !== 0) return reply.writeHead(dns.fail).end();
    reply.setHeader("content-type", "application/dns-message");
    // As public resolvers do, so that pages may ask them.
    reply.setHeader("access-control-allow-origin", "*");
    return reply.end(dns.rcode === 0 ? fromZone(dns.zone, name, question) : response(question, [], { rcode: dns.rcode }));
  });
  dns.url = `${origin}/dns-query`;
  return dns;
}

function withResolvers() {
  let resolve;
  const promise = new Promise((each) => (resolve = each));
  return { promise, resolve };
}

const NXDOMAIN = 3;

function fromZone(zone, name, question) {
  const records = [];
  let owner = name;
  let at = Buffer.from([0xc0, 12]);
  while (typeof zone[owner] === "string") {
    owner = zone[owner];
    records.push(cname(at, nameBytes(owner)));
    at = nameBytes(owner);
  }
  for (const pieces of zone[owner] ?? []) records.push(txt(at, pieces));
  return response(question, records, { rcode: zone[owner] === undefined ? NXDOMAIN : 0 });
}
