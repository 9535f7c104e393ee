// Copies the browser build of the npm package into the dashboard, at /verify/, for the inspector. Runs after each
// build by Trunk. The package is packed by `cargo xtask build` into target/npm/package/.
import { cp, mkdir, readFile, stat } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const from = join(root, "target", "npm", "package");
const to = join(process.env.TRUNK_STAGING_DIR ?? join(root, "dist"), "verify");

/** The files that the browser entry needs: itself, and what it names by a relative path. */
async function needed(entry, seen = new Set()) {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  if (!entry.endsWith(".js") && !entry.endsWith(".mjs")) return seen;
  const source = await readFile(entry, "utf8");
  for (const [, name] of source.matchAll(/["'](\.{1,2}\/[^"']+\.(?:m?js|wasm))["']/g)) {
    const path = join(dirname(entry), name);
    if (await stat(path).catch(() => null)) await needed(path, seen);
  }
  return seen;
}

const entry = join(from, "browser.js");
if (await stat(entry).catch(() => null)) {
  for (const file of await needed(entry)) {
    const target = join(to, relative(from, file));
    await mkdir(dirname(target), { recursive: true });
    await cp(file, target);
  }
} else {
  console.warn("The inspector is left out: target/npm/package/browser.js is not built. `cargo xtask build` builds it first.");
}
