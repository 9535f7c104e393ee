// What a receiver's users would load, gzipped.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const FILES = [
  ["seinpost_verify.wasm", "the core's WebAssembly in browsers, gzipped", 60],
  ["seinpost_verify_node.wasm", "the core's WebAssembly in Node, gzipped", 60],
  ["seinpost_verify_standard.wasm", "what Node starts with, gzipped", 24],
  ["browser.js", "the core's JavaScript in browsers, gzipped", 8],
  ["index.cjs", "the core's JavaScript in Node, gzipped", 8],
  ["seinpost_verify_pure.wasm", "the pure WebAssembly, gzipped", 120],
];

/** The sizes of a package and their limits, in KiB. */
export function sizes(folder) {
  return FILES.map(([file, name, most]) => {
    const path = join(folder, file);
    const value = existsSync(path) ? gzipSync(readFileSync(path), { level: 9 }).length / 1024 : Number.NaN;
    return { name, value, unit: "KiB", most };
  });
}
