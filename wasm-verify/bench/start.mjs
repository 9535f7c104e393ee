// From `import` to the first verified call, in a program that does nothing else. The programs are files, as people's are;
// the clock runs from before the import, since the start of Node itself takes ten times as long, give or take as much as is
// to be measured.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { median } from "./measure.mjs";
import { standard } from "./requests.mjs";

const NAMES = ["empty", "seinpost-verify", "standardwebhooks", "svix"];
const programs = fileURLToPath(new URL("./start/", import.meta.url));

function once(name, env) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(programs, `${name}.mjs`)], {
    env: { ...process.env, ...env },
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

/** The starts of the package and of what it is compared with, as lines with limits. */
export async function starts(folder, rounds) {
  const { secretText, headers, body } = standard(1024);
  const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const env = {
    CALL: JSON.stringify({ secretText, headers, body: body.toString() }),
    ENTRY: pathToFileURL(join(folder, exports["."].node.import.default)).href,
  };
  const taken = NAMES.map((name) => ({ name, cpu: [], wall: [] }));
  for (const name of NAMES) once(name, env);
  for (let round = 0; round < rounds; round += 1) {
    for (const each of taken) {
      const { cpu, wall } = once(each.name, env);
      each.cpu.push(cpu);
      each.wall.push(wall);
    }
  }
  const [empty, ...measured] = taken;
  const over = (each, of) => median(each[of]) - median(empty[of]);
  return measured.flatMap((each) => {
    const own = each.name === "seinpost-verify";
    const name = `${each.name}: import to the first verified call`;
    return [
      { name: `${name}, CPU`, value: over(each, "cpu"), unit: "ms", most: own ? 10 : undefined },
      { name: `${name}, wall`, value: over(each, "wall"), unit: "ms" },
    ];
  });
}
