// Joins the scripts of the page's head into one file: each file that the head waits for delays the first paint. Runs
// before each build by Trunk.
//
// The order is that of their haste: theme and language before the first paint, then what is asked of the server, then the
// dashboard itself, once the page has been read.
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { generate } from "./generated.mjs";

const scripts = dirname(fileURLToPath(import.meta.url));
const parts = await Promise.all(["theme", "early", "boot"].map((name) => readFile(join(scripts, `${name}.js`), "utf8")));
await generate("head.js", parts.join(""));
