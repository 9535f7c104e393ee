// Copies what the inspector needs beside the dashboard: the browser files of the npm package, at /verify/, the modules
// that ask them (frontend/inspect/), at /inspect/, and what keeps the page for when there is no connection. Runs after
// each build by Trunk. The package is packed by `cargo xtask build` into target/npm/package/.
import { cp, mkdir, readFile, stat } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { writeOffline } from "./kept.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const from = join(root, "target", "npm", "package");
const dist = process.env.TRUNK_STAGING_DIR ?? join(root, "dist");
/** The entries of the package that the inspector imports. */
const ENTRIES = ["browser.js", "mail-browser.js", "requests.js", "resolve.js", "testing.js"];

/** The files that an entry needs: itself, and what it names by a relative path. */
async function needed(entry, seen) {
  if (seen.has(entry)) return;
  seen.add(entry);
  if (!entry.endsWith(".js") && !entry.endsWith(".mjs")) return;
  const source = await readFile(entry, "utf8");
  for (const [, name] of source.matchAll(/["'](\.{1,2}\/[^"']+\.(?:m?js|wasm))["']/g)) {
    const path = join(dirname(entry), name);
    if (await stat(path).catch(() => null)) await needed(path, seen);
  }
}

async function copyPackage() {
  if (!(await stat(join(from, "browser.js")).catch(() => null))) {
    console.warn("The inspector is left out: target/npm/package/browser.js is not built. `cargo xtask build` builds it first.");
    return;
  }
  const files = new Set();
  for (const entry of ENTRIES) await needed(join(from, entry), files);
  for (const file of files) {
    const target = join(dist, "verify", relative(from, file));
    await mkdir(dirname(target), { recursive: true });
    await cp(file, target);
  }
}

await copyPackage();
await cp(join(root, "frontend", "inspect"), join(dist, "inspect"), { recursive: true });
// Of the modules beside the first one, the inspector's alone opens without a session.
await writeOffline(dist, (name) => !/^part-(?!inspector)/.test(name));
