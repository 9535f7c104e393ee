// Makes the inspector a static page of its own, out of the built dashboard: a folder that any web server serves from any
// path, with no Seinpost behind it. `node alone.mjs DIST OUT`.
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { writeOffline } from "./kept.mjs";

const [dist, out] = process.argv.slice(2);
if (!dist || !out) {
  console.error("alone.mjs: name the folder of the built dashboard, and the folder to make");
  process.exit(2);
}
await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });

const page = await readFile(join(dist, "index.html"), "utf8");
const found = (pattern, what) => {
  const match = pattern.exec(page);
  if (match === null) throw new Error(`index.html: there is no ${what}`);
  return match[1] ?? match[0];
};
const style = found(/href="\/?([^"]+\.css)"/, "stylesheet");
const mark = found(/href="\/?(mark[^"]*\.svg)"/, "icon");
const icons = found(/<svg hidden>[\s\S]*?<\/svg>\s*(?=<div)/, "icons");

for (const name of await readdir(dist)) {
  const base = name.replace(/\.(?:br|gz)$/, "");
  const wanted = ["inspect", "verify", "snippets"].includes(name) || base.startsWith("part-inspector") || [style, mark].includes(base);
  if (wanted) await cp(join(dist, name), join(out, name), { recursive: true });
}
await cp(new URL("theme.js", import.meta.url), join(out, "theme.js"));
await writeFile(
  join(out, "alone.js"),
  `import init, { mount } from "./part-inspector.js";\nawait init();\nmount(document.getElementById("root"), undefined);\n`,
);
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'";
await writeFile(
  join(out, "index.html"),
  `<!doctype html>
<html lang="en" data-alone>
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="referrer" content="no-referrer">
    <!-- To fetch keys by DNS over HTTPS, name a resolver here and add its origin to connect-src below. -->
    <meta name="dns-over-https" content="" data-allowed>
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <title>Inspector · Seinpost</title>
    <script src="theme.js"></script>
    <link rel="icon" href="${mark}">
    <link rel="stylesheet" href="${style}">
  </head>
  <body>
    ${icons.trim()}
    <main class="main" id="main" tabindex="-1"><div id="root">
      <p lang="en">The inspector is being loaded. If this stays: a web server must serve it (a browser opens no modules from a file), and the browser must have JavaScript and WebAssembly.</p>
      <p lang="nl">De inspecteur wordt geladen. Blijft dit staan: een webserver moet hem leveren (een browser opent geen modules uit een bestand), en de browser moet JavaScript en WebAssembly hebben.</p>
    </div></main>
    <p class="vh" id="live" role="status" aria-live="polite"></p>
    <script type="module" src="alone.js"></script>
  </body>
</html>
`,
);
await writeOffline(out);
