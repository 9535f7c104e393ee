// Needs the package seinpost-verify, which Seinpost's repository makes (cargo xtask pack). Node's own HTTP server; it has adapters for frameworks, too.
import { createServer } from "node:http";
import { MemoryNonceStore, Verifier } from "seinpost-verify";
import { webhook } from "seinpost-verify/node";

const { PROFILE = "cavage", SECRET, ENVIRONMENT, HOST_NAME, KEY_DOMAIN, KEY_ID, KEY_P, PORT = 8080 } = process.env;
const nonces = new MemoryNonceStore(); // no call is taken twice
const signed = { profile: PROFILE, environment: ENVIRONMENT, host: HOST_NAME, keyDomain: KEY_DOMAIN, nonces };
// The keys come from the DNS of KEY_DOMAIN, unless there is one here: what stands in p= of its record.
if (KEY_P) signed.resolveKey = (keyId) => (keyId === KEY_ID ? `v=DKIM1;k=rsa;p=${KEY_P}` : null);
const verifier = new Verifier(PROFILE === "standard" ? { profile: PROFILE, secret: SECRET, nonces } : signed);

// The bytes of the body are taken as they came, up to 10 MiB; what cannot be read is answered with 400, and nothing that is sent here ends it.
const receive = webhook(verifier, (event) => console.log(event), { onRefused: (report) => console.warn(String(report)) });
createServer(receive).listen(PORT);
