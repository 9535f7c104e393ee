// Puts a brotli and a gzip form beside each file of the built dashboard that they make smaller, for the server to send.
// `node compress.mjs DIST`.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const CODINGS = [
  ["br", (content) => promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length } })],
  ["gz", (content) => promisify(gzip)(content, { level: 9 })],
];

const dist = process.argv[2];
if (!dist) {
  console.error("compress.mjs: name the folder of the built dashboard");
  process.exit(2);
}
for (const entry of await readdir(dist, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !/\.(?:css|js|svg|wasm)$/.test(entry.name)) continue;
  const path = join(entry.parentPath ?? entry.path, entry.name);
  const content = await readFile(path);
  await Promise.all(
    CODINGS.map(async ([suffix, compress]) => {
      const smaller = await compress(content);
      if (smaller.length < content.length) await writeFile(`${path}.${suffix}`, smaller);
    }),
  );
}
