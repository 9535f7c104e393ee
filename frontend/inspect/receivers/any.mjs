// Needs the package seinpost-verify, which Seinpost's repository makes (cargo xtask pack). Node's own HTTP server; the package has adapters for frameworks.
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import { MemoryNonceStore, Verifier } from "seinpost-verify";

const { PROFILE = "cavage", SECRET, ENVIRONMENT, HOST_NAME, KEY_DOMAIN, KEY_ID, KEY_P, PORT = 8080 } = process.env;
const nonces = new MemoryNonceStore(); // no call is taken twice
const signed = { profile: PROFILE, environment: ENVIRONMENT, host: HOST_NAME, keyDomain: KEY_DOMAIN, nonces };
// The keys come from the DNS of KEY_DOMAIN, unless there is one here: what stands in p= of its record.
if (KEY_P) signed.resolveKey = (keyId) => (keyId === KEY_ID ? `v=DKIM1;k=rsa;p=${KEY_P}` : null);
const verifier = new Verifier(PROFILE === "standard" ? { profile: PROFILE, secret: SECRET, nonces } : signed);

createServer(async (request, response) => {
  const body = await buffer(request); // the bytes as they came: never parsed and written again
  const { method, url, headers } = request;
  const report = await verifier.verify({ method, url, headers, body });
  if (!report.ok) {
    console.warn(String(report));
    return response.writeHead(401).end();
  }
  console.log(report.event);
  response.writeHead(204).end();
}).listen(PORT);
