// What the larger module does: what would make a refused call verify, of which nothing is ever accepted, and the report in
// full.
import * as core from "./core.js";

/** Gives the handle of a verifier in the larger module to a function, which must not wait for anything. */
export function within(larger, settings, run) {
  return core.withModule(larger, () => {
    const handle = core.create(settings);
    try {
      return run(handle);
    } finally {
      core.forget(handle);
    }
  });
}

/** The step of a call as if a trial's signing string were its own. */
export function changed(step, { signingString }) {
  // One character for each byte.
  return { ...step, signingString: Uint8Array.from(signingString, (each) => each.charCodeAt(0)) };
}

/** The causes, with the trial that held. */
export function causesOf(causes, { code, text, cure }) {
  return [...causes, { code, text, cure }];
}
