// Gives each part of the dashboard names of its own for what Yew writes onto elements. Yew numbers listeners and roots
// from one in each module: with the names alike, the first module would take an element of a part for one of its own, and
// call whatever listener has the number there. And has the browser load at once what the first module imports, which it
// would find only once that is there. Runs after each build by Trunk.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const dist = process.env.TRUNK_STAGING_DIR ?? "dist";
for (const name of (await readdir(dist)).filter((name) => /^part-[a-z]+\.js$/.test(name))) {
  const part = name.slice("part-".length, -".js".length);
  const path = join(dist, name);
  const source = await readFile(path, "utf8");
  // Properties alone: the names of imports must stay those that the module asks for.
  const own = source.replace(/\.__yew_(?!part_)(\w+)/g, `.__yew_part_${part}_$1`);
  if (own === source && !source.includes(".__yew_part_")) throw new Error(`${name}: Yew's names on elements were not found; this script has to follow Yew.`);
  await writeFile(path, own);
}

const page = join(dist, "index.html");
const html = await readFile(page, "utf8");
const [link, module] = /<link rel="modulepreload" href="\/([^"]+)">/.exec(html) ?? [];
if (module === undefined) throw new Error("index.html: the first module was not found; this script has to follow Trunk.");
const imports = [...(await readFile(join(dist, module), "utf8")).matchAll(/^import .* from '\.\/([^']+)';?$/gm)].map(([, path]) => path);
await writeFile(page, html.replace(link, link + imports.map((path) => `<link rel="modulepreload" href="/${path}">`).join("")));
