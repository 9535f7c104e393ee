import { createServer } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import express from "express";
import { type Event, MemoryNonceStore, type NonceStore, type Report, Verifier } from "seinpost-verify";
import { webhook as aws } from "seinpost-verify/aws";
import { keepRawBody, webhook as expressWebhook } from "seinpost-verify/express";
import { webhook as fastifyWebhook } from "seinpost-verify/fastify";
import { webhook as fetchWebhook } from "seinpost-verify/fetch";
import { webhook as hono } from "seinpost-verify/hono";
import { webhook as node } from "seinpost-verify/node";
import { readRequests, RequestError, type SavedRequest } from "seinpost-verify/requests";
import { dnsOverHttps, jwks, publishedKeys, ResolveError } from "seinpost-verify/resolve";
import { type Spoil, signedCall, signedRequest, verifierOptions } from "seinpost-verify/testing";
import { webhook as workers } from "seinpost-verify/workers";

const nonces: NonceStore = new MemoryNonceStore({ capacity: 10 });
const verifier = new Verifier({ environment: 1234, host: "example.com", nonces });
const handle = async (event: Event): Promise<string> => {
  switch (event.type) {
    case "bounce":
      return event.mime;
    case "click":
      return event.original;
    case "unknown":
      return event.name;
    default:
      return event.type;
  }
};

createServer(node(verifier, handle, { trustProxy: true, onRefused: (report: Report) => console.warn(report.failed[0]?.name) }));
createHttp2Server(node(verifier, async (event, { report, request, context }) => void [event.type, report.ok, request.body, context.url]));
const app = express();
app.post("/hook", expressWebhook(verifier, handle));
app.post("/typed", expressWebhook(verifier, (_event, { context }: { context: express.Request }) => context.ip));
app.use(express.json({ verify: keepRawBody }));
export const route = fastifyWebhook(verifier, handle);
export const POST: (request: Request, context?: { params: Promise<unknown> }) => Promise<Response> = fetchWebhook(verifier, handle);
export const worker = workers((env: { ENVIRONMENT: string }) => new Verifier({ environment: env.ENVIRONMENT }), async (_event, { env, ctx }) => void [env.ENVIRONMENT, ctx]);
export const lambda = aws(verifier, handle, { path: (invocation) => invocation.rawPath });
export const honoHandler = hono(verifier, (_event, { context }) => context.req.raw.url);

for (const resolveKey of [
  dnsOverHttps("https://dns.example.net/dns-query", { fetch, timeout: 1000 }),
  jwks(new URL("https://example.com/jwks.json"), { cooldown: 10, now: () => 0 }),
  publishedKeys("http://127.0.0.1:8080", { allowHttp: true }),
]) {
  const asking = new Verifier({ environment: 1234, resolveKey });
  void asking.verify(signedCall());
  void resolveKey("s1").catch((error: unknown) => error instanceof ResolveError && error.code === "timeout");
}
const spoil: Spoil = "stale";
void fetch(...signedRequest({ type: "bounce", spoil }));
for (const profile of ["cavage", "standard", "rfc9421", "auto"] as const) {
  const judge = new Verifier(verifierOptions({ profile }));
  if (profile !== "auto") void judge.verify(signedCall({ profile })).then((report) => report.event);
}
try {
  const saved: SavedRequest[] = readRequests("curl https://example.com");
  void saved.map((request) => verifier.verify(request));
} catch (error) {
  if (error instanceof RequestError) console.error(error.code, error.line);
}
// @ts-expect-error There is no such spoil.
signedRequest({ spoil: "rotten" });
// @ts-expect-error A handler is needed.
node(verifier);
