// Renews the pictures in docs/images from a server that `cargo xtask run` started: node tests/pictures.mjs SIGN-IN-LINK

import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { Browser } from "./support/browser.mjs";

const [link] = process.argv.slice(2);
if (link === undefined) {
  console.error("usage: node tests/pictures.mjs SIGN-IN-LINK (cargo xtask run prints it)");
  process.exit(2);
}
const folder = fileURLToPath(new URL("../docs/images/", import.meta.url));
await mkdir(folder, { recursive: true });
const browser = await Browser.start();
const page = await browser.page({ viewport: { width: 1280, height: 720 }, reducedMotion: "reduce" });
await page.goto(link);
await page.getByRole("heading", { level: 1, name: "Webhooks" }).waitFor();
await page.getByText("/profile").first().waitFor();
await page.screenshot({ path: `${folder}webhooks.png` });
await browser.stop();
