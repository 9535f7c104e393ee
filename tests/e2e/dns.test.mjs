// The zone of the keys, as Node's own resolver sees it.

import assert from "node:assert/strict";
import { Resolver } from "node:dns/promises";
import { after, before, describe, test } from "node:test";

import { freePort, Server } from "../support/server.mjs";

// So long that a key's record does not fit into 512 bytes: the resolver has to come over TCP, or with EDNS.
const DOMAIN = "hooks.a-name-that-is-rather-long-for-a-domain.for-keys-that-do-not-fit-into-a-datagram.example.com";

describe("DNS of the keys", () => {
  let server, resolver, key;

  before(async () => {
    const port = await freePort();
    server = await Server.start(["--dns-listen", `127.0.0.1:${port}`, "--key-domain", DOMAIN]);
    resolver = new Resolver({ timeout: 5000, tries: 2 });
    resolver.setServers([`127.0.0.1:${port}`]);
    [key] = (await server.call("GET", "/v1/keys")).body;
  });

  after(async () => {
    await server?.remove();
  });

  test("a key is found, in strings that are joined without a space", async () => {
    const records = await resolver.resolveTxt(key.keyid);
    assert.equal(records.length, 1);
    assert.ok(records[0].length > 1 && records[0].every((string) => string.length <= 255));
    assert.equal(records[0].join(""), key.dns);
  });

  test("the zone has its name server and its SOA, and nothing outside of it is answered", async () => {
    const zone = `_domainkey.${DOMAIN}`;
    assert.deepEqual(await resolver.resolveNs(zone), [`ns.${DOMAIN}`]);
    assert.equal((await resolver.resolveSoa(zone)).nsname, `ns.${DOMAIN}`);
    await assert.rejects(resolver.resolveTxt(`missing.${zone}`), { code: "ENOTFOUND" });
    await assert.rejects(resolver.resolve4(key.keyid), { code: "ENODATA" });
    await assert.rejects(resolver.resolve4("example.com"), { code: "EREFUSED" });
  });
});
