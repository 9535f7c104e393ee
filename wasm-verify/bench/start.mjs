// From the start of a Node program to its first verified call, over a program that does nothing.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { median } from "./measure.mjs";
import { standard } from "./requests.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
/** Tells the CPU time of the process, of all its threads, and the time since it was started, in milliseconds. */
const END = `
const { user, system } = process.cpuUsage();
console.log(JSON.stringify({ cpu: (user + system) / 1000, wall: performance.now() }));`;

const PROGRAMS = {
  empty: () => "",
  "seinpost-verify": ({ entry }) => `
    import { Verifier } from ${JSON.stringify(entry)};
    const { secretText, headers, body } = JSON.parse(process.env.CALL);
    const verifier = new Verifier({ profile: "standard", secret: secretText });
    if (!(await verifier.verify({ headers, body })).ok) throw new Error("refused");`,
  ...Object.fromEntries(["standardwebhooks", "svix"].map((library) => [library, () => `
    import { Webhook } from ${JSON.stringify(library)};
    const { secretText, headers, body } = JSON.parse(process.env.CALL);
    if (new Webhook(secretText).verify(body, headers).type !== "bounce") throw new Error("refused");`])),
};

function once(program, call) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", program + END], {
    cwd: here,
    env: { ...process.env, CALL: call },
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`a program ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

/** The starts of the package and of what it is compared with, as lines with limits. */
export async function starts(folder, rounds) {
  const { secretText, headers, body } = standard(1024);
  const call = JSON.stringify({ secretText, headers, body: body.toString() });
  const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const entry = pathToFileURL(join(folder, exports["."].node.default)).href;
  const programs = Object.entries(PROGRAMS).map(([name, make]) => ({ name, program: make({ entry }), cpu: [], wall: [] }));
  for (const { program } of programs) once(program, call);
  for (let round = 0; round < rounds; round += 1) {
    for (const each of programs) {
      const { cpu, wall } = once(each.program, call);
      each.cpu.push(cpu);
      each.wall.push(wall);
    }
  }
  const [empty, ...measured] = programs;
  const over = (each, of) => median(each[of]) - median(empty[of]);
  return measured.flatMap((each) => {
    const own = each.name === "seinpost-verify";
    const name = `${each.name}: start to the first verified call`;
    return [
      { name: `${name}, CPU`, value: over(each, "cpu"), unit: "ms", most: own ? 10 : undefined },
      { name: `${name}, wall`, value: over(each, "wall"), unit: "ms" },
    ];
  });
}
