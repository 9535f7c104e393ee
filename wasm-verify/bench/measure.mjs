// How candidates are compared: in one process, in turns, by the CPU time of the process.

/** How long one turn of a candidate should take, in microseconds of CPU time. */
const TURN = 15_000;
/** How long each candidate is run before anything is noted, in microseconds of CPU time. */
const WARM_UP = 150_000;

/** The CPU time that the process has used so far, user and system, of all its threads, in microseconds. */
function cpu() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

async function turn({ run, later }, count) {
  const start = cpu();
  if (later) for (let index = 0; index < count; index += 1) await run();
  else for (let index = 0; index < count; index += 1) run();
  return cpu() - start;
}

/** Runs a candidate until it is compiled, and tells how many calls make a turn. */
async function warmUp(candidate) {
  let count = 1;
  let spent = 0;
  for (;;) {
    const time = await turn(candidate, count);
    spent += time;
    if (time < TURN / 2) count *= 2;
    else if (spent > WARM_UP) return Math.max(1, Math.round((count * TURN) / time));
  }
}

/**
 * Compares candidates `{name, run, later}`, where `run` gives true if it accepted the call (a promise of it, if `later`).
 * Each must accept once before it is timed. Returns the median of each, in microseconds a call.
 */
export async function compare(candidates, rounds) {
  for (const { name, run } of candidates) {
    if ((await run()) !== true) throw new Error(`${name} does not accept what it is to be timed with`);
  }
  const counts = [];
  for (const candidate of candidates) counts.push(await warmUp(candidate));
  const times = candidates.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (let step = 0; step < candidates.length; step += 1) {
      // Each round begins with another, so that none always follows the same one's garbage.
      const at = (round + step) % candidates.length;
      times[at].push((await turn(candidates[at], counts[at])) / counts[at]);
    }
  }
  return times.map(median);
}
