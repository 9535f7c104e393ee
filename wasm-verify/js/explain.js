// What would make a refused call verify. Nothing of it is ever accepted.
import * as core from "./core.js";

/**
 * What the larger module finds: `causes` that are certain, and `trials`, each with a signing string that is to be held
 * against the call's signature.
 */
export function search(larger, settings, call, now, answers) {
  return core.withModule(larger, () => {
    const handle = core.create(settings);
    try {
      return core.explain(handle, call, now, answers);
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

/** The causes, with the trial that held, if one did. */
export function causesOf({ causes }, held) {
  if (held === undefined) return causes;
  const { code, text, cure } = held;
  return [...causes, { code, text, cure }];
}
