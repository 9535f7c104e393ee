// Joins the stylesheets into one file, so that a page asks for one. Runs before each build by Trunk.
//
// The order is the cascade: tokens first, then the ground, then a file a component.
import { readFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { generate } from "./generated.mjs";

const frontend = join(dirname(fileURLToPath(import.meta.url)), "..");
const order = [
  "tokens", "ground", "shell", "page", "button", "menu", "field", "check", "switch", "segments", "chip", "pick",
  "savebar", "status", "table", "log", "pager", "panel", "dialog", "drawer", "split", "tabs", "copy", "value", "stats",
  "code", "signing-string", "chart", "track", "checks", "steps", "note", "toast", "skeleton", "empty", "progress",
  "verdict", "tree", "door", "motion", "styleguide",
];

const present = (await readdir(join(frontend, "styles"))).filter((name) => name.endsWith(".css"));
const unlisted = present.filter((name) => !order.includes(name.slice(0, -4)));
if (unlisted.length > 0) {
  throw new Error(`frontend/styles: ${unlisted.join(", ")} is not in the order of frontend/scripts/styles.mjs. Add it where it belongs.`);
}
const parts = await Promise.all(order.map((name) => readFile(join(frontend, "styles", `${name}.css`), "utf8")));
// Comments and indentation are for who reads the sources: sent along, they would be a sixth of the first page's styles.
const css = parts.map((part) => part.replace(/\/\*[^]*?\*\//g, "").replace(/^\s+/gm, "").replace(/\s+$/gm, "")).join("\n");

await generate("seinpost.css", css);
