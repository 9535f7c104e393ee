// Writes what is made before a build, into `frontend/generated`.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../generated");

/** Writes a file only when it changed, so that `trunk serve`, which watches, does not run in circles. */
export async function generate(name, text) {
  const out = join(folder, name);
  if ((await readFile(out, "utf8").catch(() => "")) === text) return;
  await mkdir(folder, { recursive: true });
  await writeFile(out, text);
}
