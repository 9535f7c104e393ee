// The package's further entries: what is plain JavaScript and runs everywhere, each as an ES module and as CommonJS.
import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ADAPTERS = ["node", "express", "fastify", "fetch", "hono", "workers", "aws"];
/** The name of each entry, and its source below js/. All stand at the package's root: older resolvers look for them by file name. */
const ENTRIES = {
  requests: "requests",
  resolve: "resolve",
  testing: "testing",
  ...Object.fromEntries(ADAPTERS.map((name) => [name, `adapters/${name}`])),
};

/** Bundles the entries of `from` into `to` and returns what the manifest's `exports` says of them. */
export async function packEntries(build, from, to) {
  const shared = { bundle: true, charset: "utf8", target: "es2022", logLevel: "error", external: ["node:*", "seinpost-verify"] };
  for (const [name, source] of Object.entries(ENTRIES)) {
    for (const [format, extension] of [["esm", "js"], ["cjs", "cjs"]]) {
      await build({ ...shared, entryPoints: [join(from, `${source}.js`)], outfile: join(to, `${name}.${extension}`), format, platform: "neutral" });
    }
  }
  const command = join(to, "bin/seinpost-verify.js");
  await build({ ...shared, entryPoints: [join(from, "bin/seinpost-verify.js")], outfile: command, format: "esm", platform: "node" });
  chmodSync(command, 0o755);
  for (const folder of [".", "adapters"]) copyTypes(join(from, folder), to);
  return Object.fromEntries(Object.keys(ENTRIES).map((name) => [`./${name}`, conditions(name)]));
}

function conditions(name) {
  return {
    import: { types: `./${name}.d.ts`, default: `./${name}.js` },
    require: { types: `./${name}.d.cts`, default: `./${name}.cjs` },
  };
}

/** Copies each declaration, and once more for CommonJS, where it names its neighbours' declarations for CommonJS. */
function copyTypes(from, to) {
  for (const file of readdirSync(from).filter((name) => name.endsWith(".d.ts"))) {
    const text = readFileSync(join(from, file), "utf8").replace(/(from ")\.{1,2}\//g, "$1./");
    writeFileSync(join(to, file), text);
    writeFileSync(join(to, file.replace(/\.d\.ts$/, ".d.cts")), text.replace(/(from "\.\/[^"]*)\.js"/g, '$1.cjs"'));
  }
}
