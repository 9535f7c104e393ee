// Writes offline.js, which keeps a page for when there is no connection.
import { createHash } from "node:crypto";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const template = join(dirname(fileURLToPath(import.meta.url)), "offline.js");

/** Writes offline.js into a folder, with the names of the files there that it keeps, and a name for this build of them. */
export async function writeOffline(folder, isKept = () => true) {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /\.(?:css|js|svg|wasm|mjs|py|php|rs|go)$/.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)))
    .filter((name) => name !== "offline.js" && isKept(name))
    .sort();
  const hash = createHash("sha256");
  for (const name of [...names, "index.html"]) hash.update(await readFile(join(folder, name)));
  const filled = (await readFile(template, "utf8"))
    .replace('"BUILD"', JSON.stringify(hash.digest("hex").slice(0, 16)))
    .replace("[/* FILES */]", JSON.stringify(names));
  await writeFile(join(folder, "offline.js"), filled);
}
