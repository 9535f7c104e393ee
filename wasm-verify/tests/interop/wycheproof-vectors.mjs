// Wycheproof's vectors, as protocol/examples/wycheproof_vectors.rs writes them.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

let vectors = null;

/** Those of an algorithm: `{algorithm, key, message, signature, result, name}`, the bytes in hexadecimal. */
export function wycheproof(algorithm) {
  vectors ??= read();
  return vectors.filter((each) => each.algorithm === algorithm);
}

function read() {
  const root = fileURLToPath(new URL("../../..", import.meta.url));
  const args = ["run", "--quiet", "-p", "seinpost-protocol", "--example", "wycheproof_vectors"];
  const { status, stdout, stderr } = spawnSync(process.env.CARGO ?? "cargo", args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });
  assert.equal(status, 0, stderr);
  return stdout.trim().split("\n").map((line) => JSON.parse(line));
}
