// Checks the vectors themselves with Node's own crypto, so that none of them can be mistyped: every signature verifies
// over the stored signing string, and every signing string is what the stored request gives.
import assert from "node:assert/strict";
import crypto from "node:crypto";
import { describe, it } from "node:test";

import { parseDictionary, parseItem, serializeDictionary, serializeItem } from "structured-headers";

import { combined, json, text } from "./vectors.mjs";

const base64 = (value) => Buffer.from(value, "base64");
const hash = (name, value) => crypto.createHash(name).update(value).digest("base64");

describe("draft-cavage-http-signatures, appendix C", () => {
  const privateKey = crypto.createPrivateKey(text("cavage/test-key.private.pem"));
  const publicKey = crypto.createPublicKey(text("cavage/test-key.public.pem"));

  for (const vector of json("cavage/appendix-c.json")) {
    it(vector.name, () => {
      // RSA PKCS#1 v1.5 is deterministic: the signature can be made again.
      assert.equal(crypto.sign("sha256", vector.signing_string, privateKey).toString("base64"), vector.signature);
      assert.ok(crypto.verify("sha256", vector.signing_string, publicKey, base64(vector.signature)));

      const parameter = (name) => new RegExp(`${name}="?([^",]*)"?`).exec(vector.signature_field)?.[1];
      const fields = combined(vector.fields);
      const lines = (parameter("headers") ?? "date").split(" ").map((name) => {
        if (name === "(request-target)") return `${name}: ${vector.method.toLowerCase()} ${vector.target}`;
        if (name.startsWith("(")) return `${name}: ${parameter(name.slice(1, -1))}`;
        return `${name}: ${fields.get(name)}`;
      });
      assert.equal(lines.join("\n"), vector.signing_string);
      assert.equal(parameter("signature"), vector.signature);
      assert.equal(fields.get("digest"), `SHA-256=${hash("sha256", vector.body)}`);
      assert.equal(fields.get("content-length"), String(Buffer.byteLength(vector.body)));
    });
  }
});

describe("RFC 9421", () => {
  const secret = base64(text("rfc9421/test-shared-secret.txt").trim());
  const key = (name) => crypto.createPublicKey(text(`rfc9421/${name}.public.pem`));
  const pss = { padding: crypto.constants.RSA_PKCS1_PSS_PADDING, saltLength: 64 };
  const verify = {
    "rsa-pss-sha512": (v, data, sig) => crypto.verify("sha512", data, { key: key(v.key), ...pss }, sig),
    "rsa-v1_5-sha256": (v, data, sig) => crypto.verify("sha256", data, key(v.key), sig),
    "ecdsa-p256-sha256": (v, data, sig) =>
      crypto.verify("sha256", data, { key: key(v.key), dsaEncoding: "ieee-p1363" }, sig),
    "hmac-sha256": (_, data, sig) => crypto.createHmac("sha256", secret).update(data).digest().equals(sig),
    ed25519: (v, data, sig) => crypto.verify(null, data, key(v.key), sig),
  };

  it("the private keys are those of the public ones", () => {
    const algorithms = { "test-key-rsa": "sha256", "test-key-rsa-pss": "sha512", "test-key-ecc-p256": "sha256" };
    for (const name of [...Object.keys(algorithms), "test-key-ed25519"]) {
      const algorithm = algorithms[name] ?? null;
      const options = name === "test-key-rsa-pss" ? pss : {};
      const signature = crypto.sign(algorithm, Buffer.from("x"), {
        key: crypto.createPrivateKey(text(`rfc9421/${name}.private.pem`)),
        ...options,
      });
      assert.ok(crypto.verify(algorithm, Buffer.from("x"), { key: key(name), ...options }, signature), name);
    }
  });

  for (const vector of json("rfc9421/signatures.json")) {
    it(`${vector.section}, ${vector.name}`, () => {
      const data = Buffer.from(vector.signature_base);
      assert.equal(verify[vector.algorithm](vector, data, base64(vector.signature)), vector.valid);

      const fields = combined(vector.fields);
      const input = fields.get("signature-input").slice(vector.label.length + 1);
      assert.equal(fields.get("signature"), `${vector.label}=:${vector.signature}:`);
      const url = vector.url && new URL(vector.url);
      const derived = {
        "@method": () => vector.method,
        "@authority": () => url.host,
        "@path": () => url.pathname,
        "@query": () => url.search,
        "@query-param": (name) => url.searchParams.get(name),
        "@status": () => String(vector.status),
      };
      const components = [...input.slice(1, input.indexOf(")")).matchAll(/"([^"]+)"(?:;name="([^"]+)")?/g)];
      const lines = components.map(([whole, name, argument]) => {
        return `${whole}: ${derived[name] ? derived[name](argument) : fields.get(name)}`;
      });
      assert.equal([...lines, `"@signature-params": ${input}`].join("\n"), vector.signature_base);

      const digest = fields.get("content-digest");
      if (digest) assert.equal(digest, `sha-512=:${hash("sha512", vector.body)}:`);
      const length = fields.get("content-length");
      if (length) assert.equal(length, String(Buffer.byteLength(vector.body)));
    });
  }
});

describe("Standard Webhooks", () => {
  for (const vector of json("standard-webhooks/signatures.json")) {
    it(vector.name, () => {
      const data = `${vector.id}.${vector.timestamp}.${vector.body}`;
      if (vector.secret) {
        const mac = crypto.createHmac("sha256", base64(vector.secret.slice("whsec_".length))).update(data);
        assert.equal(`v1,${mac.digest("base64")}`, vector.signature);
      } else {
        const seed = base64(vector.private_key.slice("whsk_".length));
        const pkcs8 = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
        const key = crypto.createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
        assert.equal(`v1a,${crypto.sign(null, Buffer.from(data), key).toString("base64")}`, vector.signature);
        const spki = crypto.createPublicKey(key).export({ format: "der", type: "spki" });
        assert.equal(`whpk_${spki.subarray(-32).toString("base64")}`, vector.public_key);
      }
    });
  }
});

describe("RFC 9530", () => {
  for (const { section, content, algorithm, value } of json("digest/rfc9530.json")) {
    it(`${section}, ${algorithm}`, () => assert.equal(hash(algorithm.replace("-", ""), content), value));
  }
});

describe("JSON Web Keys", () => {
  const verify = {
    HS256: (key, data, sig) =>
      crypto.createHmac("sha256", Buffer.from(key.k, "base64url")).update(data).digest().equals(sig),
    RS256: (key, data, sig) => crypto.verify("sha256", data, { key, format: "jwk" }, sig),
    ES256: (key, data, sig) => crypto.verify("sha256", data, { key, format: "jwk", dsaEncoding: "ieee-p1363" }, sig),
    EdDSA: (key, data, sig) => crypto.verify(null, data, { key, format: "jwk" }, sig),
  };
  for (const { section, alg, key, input, signature } of json("jwk/signatures.json")) {
    it(`${section}, ${alg}`, () => {
      assert.ok(verify[alg](key, Buffer.from(input), Buffer.from(signature, "base64url")));
    });
  }
});

describe("DKIM key records", () => {
  for (const { name, strings, kind, bits, key } of json("dkim/records.json").filter((record) => record.key)) {
    it(name, () => {
      // What is published is in the record, white space aside, and is a key of that kind and size.
      assert.ok(strings.join("").replace(/\s/g, "").includes(`p=${key}`));
      if (kind === "ed25519") {
        assert.equal(base64(key).length, 32);
        return;
      }
      const rsa = crypto.createPublicKey({ key: base64(key), format: "der", type: "spki" });
      assert.equal(rsa.asymmetricKeyType, kind);
      assert.equal(rsa.asymmetricKeyDetails.modulusLength, bits);
    });
  }
});

describe("Structured fields", () => {
  const types = { item: [parseItem, serializeItem], dictionary: [parseDictionary, serializeDictionary] };
  for (const { name, header_type, raw, canonical, must_fail } of json("structured-fields/cases.json")) {
    it(`${header_type}: ${name}`, () => {
      const [parse, serialize] = types[header_type];
      if (must_fail) assert.throws(() => parse(raw.join(", ")));
      else assert.equal(serialize(parse(raw.join(", "))), canonical);
    });
  }
});
