// A receiver of webhooks: verifies every call, prints those that it accepts, and serves verification files.
//
//   cargo xtask pack                                             (in this repository)
//   npm install ../../target/npm/seinpost-verify-*.tgz          (the package is not in npm's registry yet)
//   SEINPOST_KEY_DOMAIN=example.com SEINPOST_ENVIRONMENT=1 node receiver.mjs
//
// PORT                  where to listen on 127.0.0.1 (8090)
// HOST_NAME             the host name in its callback URLs (127.0.0.1:PORT)
// SEINPOST_ENVIRONMENT  the environment whose calls it accepts (1)
// SEINPOST_KEY_DOMAIN   the domain under which the sender publishes its keys (copernica.com: SMTPeter)
// SEINPOST_URL          ask this server for keys, instead of the DNS
// VERIFICATION_FILES    the folder of the verification files (.)

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";

import { MemoryNonceStore, Verifier } from "seinpost-verify";

const { PORT = "8090", SEINPOST_ENVIRONMENT = "1", SEINPOST_KEY_DOMAIN = "copernica.com", SEINPOST_URL, VERIFICATION_FILES = "." } = process.env;
const { HOST_NAME = `127.0.0.1:${PORT}` } = process.env;
const MAX_BODY = 20 * 1024 * 1024;

const verifier = new Verifier({
  environment: Number(SEINPOST_ENVIRONMENT),
  host: HOST_NAME,
  keyDomain: SEINPOST_KEY_DOMAIN,
  nonces: new MemoryNonceStore(),
  ...(SEINPOST_URL ? { resolveKey: keyFromServer } : {}),
});

/** A server that is tried on one machine has no DNS records yet: it answers for its keys itself. */
async function keyFromServer(keyId) {
  const response = await fetch(`${SEINPOST_URL}/v1/keys/${encodeURIComponent(keyId)}`);
  return response.ok ? (await response.text()).trim() : null;
}

async function readBody(request) {
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > MAX_BODY) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * Path and query of a request's target. One may also be written `POST https://host/path`: what it says of scheme and host is the
 * caller's word, which nobody has checked.
 */
function targetOf({ url }) {
  const target = url.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, "");
  return target.startsWith("/") ? target : `/${target}`;
}

async function receive(request, response) {
  if (request.method === "GET") return sendVerificationFile(request, response);
  const body = await readBody(request);
  if (body === null) return response.writeHead(413).end();

  const report = await verifier.verify({ method: request.method, url: targetOf(request), headers: request.headers, body });
  if (!report.ok) {
    const wrong = report.checks.filter((check) => check.outcome === "fail");
    for (const check of wrong) console.error(`refused ${request.url}: ${check.name}: ${check.reason}`);
    return response.writeHead(401).end();
  }
  const { type, id, recipient, tags } = report.event;
  console.log(`${new Date().toISOString().slice(11, 19)}  ${String(type).padEnd(8)}  ${recipient ?? ""}  ${id}  ${[tags ?? []].flat().join(", ")}`);
  // Any 2xx says: it is mine now. Hand the event to your own queue before you say so.
  return response.writeHead(204).end();
}

/** Serves `smtpeter-XXXXX.txt`, and no other file. */
async function sendVerificationFile(request, response) {
  const name = request.url.split("?")[0].split("/").pop();
  if (!/^smtpeter-[A-Za-z0-9]+\.txt$/.test(name)) return response.writeHead(404).end();
  const content = await readFile(join(VERIFICATION_FILES, name)).catch(() => null);
  return content === null ? response.writeHead(404).end() : response.end(content);
}

const server = createServer((request, response) => {
  receive(request, response).catch((error) => {
    console.error(`${request.url}: ${error.message}`);
    response.headersSent ? response.destroy() : response.writeHead(500).end();
  });
});

server.on("error", (error) => {
  console.error(error.code === "EADDRINUSE" ? `port ${PORT} is in use: choose another with PORT=…` : error.message);
  process.exit(1);
});

server.listen(Number(PORT), "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${PORT}`));

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    server.close();
    server.closeIdleConnections();
  });
}
