// The package's further entries: what is plain JavaScript and runs everywhere, each as an ES module and as CommonJS.
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const ADAPTERS = ["node", "express", "fastify", "fetch", "hono", "workers", "aws"];
/** Subpath to the file below js/ that is its source, and below the package that is the entry. */
const ENTRIES = {
  nonces: "nonces",
  requests: "requests",
  testing: "testing",
  ...Object.fromEntries(ADAPTERS.map((name) => [name, `adapters/${name}`])),
};

/** Bundles the entries of `from` into `to` and returns what the manifest's `exports` says of them. */
export async function packEntries(build, from, to) {
  mkdirSync(join(to, "adapters"), { recursive: true });
  const shared = { bundle: true, charset: "utf8", target: "es2022", logLevel: "error", external: ["node:*", "seinpost-verify"] };
  for (const file of Object.values(ENTRIES)) {
    for (const [format, extension] of [["esm", "js"], ["cjs", "cjs"]]) {
      await build({ ...shared, entryPoints: [join(from, `${file}.js`)], outfile: join(to, `${file}.${extension}`), format, platform: "neutral" });
    }
  }
  const command = join(to, "bin/seinpost-verify.js");
  await build({ ...shared, entryPoints: [join(from, "bin/seinpost-verify.js")], outfile: command, format: "esm", platform: "node" });
  chmodSync(command, 0o755);
  for (const folder of [".", "adapters"]) copyTypes(join(from, folder), join(to, folder));
  return Object.fromEntries(Object.entries(ENTRIES).map(([name, file]) => [`./${name}`, conditions(file)]));
}

function conditions(file) {
  return {
    import: { types: `./${file}.d.ts`, default: `./${file}.js` },
    require: { types: `./${file}.d.cts`, default: `./${file}.cjs` },
  };
}

/** Copies each declaration, and once more for CommonJS, where it names its neighbours' declarations for CommonJS. */
function copyTypes(from, to) {
  for (const file of readdirSync(from).filter((name) => name.endsWith(".d.ts"))) {
    copyFileSync(join(from, file), join(to, file));
    const text = readFileSync(join(from, file), "utf8").replace(/(from "\.{1,2}\/[^"]*)\.js"/g, '$1.cjs"');
    writeFileSync(join(dirname(join(to, file)), basename(file).replace(/\.d\.ts$/, ".d.cts")), text);
  }
}
