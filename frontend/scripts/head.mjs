// Joins the scripts of the page's head into one file: each file that the head waits for delays the first paint. Runs
// before each build by Trunk.
//
// The order is that of their haste: theme and language before the first paint, then what is asked of the server, then the
// dashboard itself, once the page has been read.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const scripts = dirname(fileURLToPath(import.meta.url));
const parts = await Promise.all(["theme", "early", "boot"].map((name) => readFile(join(scripts, `${name}.js`), "utf8")));
const joined = parts.join("");

const out = join(scripts, "../generated/head.js");
const old = await readFile(out, "utf8").catch(() => "");
// Written only when it changed, so that `trunk serve`, which watches, does not run in circles.
if (old !== joined) {
  await mkdir(dirname(out), { recursive: true });
  await writeFile(out, joined);
}
