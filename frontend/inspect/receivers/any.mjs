// npm install seinpost-verify — for every profile. Node's own HTTP server; the package has adapters for frameworks.
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import { MemoryNonceStore, Verifier } from "seinpost-verify";

const verifier = new Verifier({
  environment: process.env.ENVIRONMENT,
  host: process.env.HOST_NAME,
  keyDomain: process.env.KEY_DOMAIN, // the keys come from its DNS
  nonces: new MemoryNonceStore(), // no call is taken twice
  // For the profile `standard`, in place of all these: profile: "standard", secret: process.env.SECRET
});

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
}).listen(8080);
