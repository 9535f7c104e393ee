// What is sent: each file of the dashboard and of the npm package, plain, by gzip and by brotli, in bytes.

import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const root = fileURLToPath(new URL("../..", import.meta.url));
const WORTH_NAMING = 1024;

async function filesBelow(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name)).sort();
}

function sizes(bytes) {
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  return [bytes.length, gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes, quality).length];
}

async function table(title, folder, except) {
  console.log(`\n${title}\n\n| file | plain | gzip | brotli |\n|---|---:|---:|---:|`);
  const total = [0, 0, 0];
  for (const file of await filesBelow(folder)) {
    const name = relative(folder, file);
    if (except(name)) continue;
    const each = sizes(await readFile(file));
    each.forEach((size, index) => (total[index] += size));
    if (each[0] >= WORTH_NAMING) console.log(`| ${name} | ${each.join(" | ")} |`);
  }
  console.log(`| all | ${total.join(" | ")} |`);
}

/** What comes with a page of its own: the parts of the dashboard, and what the inspector loads. */
const isLater = (name) => /^(?:part-|inspect\/|verify\/|snippets\/.*inspector\.js|offline\.js)/.test(name);
const isCompressed = (name) => /\.(?:br|gz)$/.test(name);
await table("The dashboard's first page", join(root, "dist"), (name) => isLater(name) || isCompressed(name));
await table("What comes with other pages", join(root, "dist"), (name) => !isLater(name) || name.startsWith("verify/") || isCompressed(name));
await table("The npm package", join(root, "target/npm/package"), () => false);
