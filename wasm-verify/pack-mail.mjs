// The package's mail entry, `seinpost-verify/mail`: a WebAssembly module of its own, so that nobody loads it unasked.
import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The module's crate, as cargo names its file. */
export const MAIL_CRATE = "seinpost_verify_mail";

/** Bundles the entry of `from` into `to` and returns what the manifest's `exports` says of it. */
export async function packMail(build, from, to) {
  const shared = { bundle: true, charset: "utf8", minify: true, lineLimit: 120, target: "es2022", logLevel: "error" };
  const entry = (source, file, options) => build({ ...shared, entryPoints: [join(from, "mail", source)], outfile: join(to, file), ...options });
  await entry("node.js", "mail.cjs", { platform: "node", format: "cjs" });
  await entry("browser.js", "mail-browser.js", { platform: "browser", format: "esm" });
  await entry("worker.js", "mail-worker.js", { platform: "browser", format: "esm", external: ["*.wasm"] });
  writeFileSync(join(to, "mail.js"), 'import all from "./mail.cjs";\nexport const { diagnose } = all;\n');
  copyFileSync(join(from, "mail.d.ts"), join(to, "mail.d.ts"));
  copyFileSync(join(from, "mail.d.ts"), join(to, "mail.d.cts"));
  return {
    "./mail": {
      workerd: { types: "./mail.d.ts", default: "./mail-worker.js" },
      node: {
        import: { types: "./mail.d.ts", default: "./mail.js" },
        require: { types: "./mail.d.cts", default: "./mail.cjs" },
      },
      types: "./mail.d.ts",
      default: "./mail-browser.js",
    },
    [`./${MAIL_CRATE}.wasm`]: `./${MAIL_CRATE}.wasm`,
  };
}
