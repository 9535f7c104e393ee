// What the larger module does: what would make a refused call verify, of which nothing is ever accepted, and the report in
// full.
import * as core from "./core.js";

/** Gives the handle of a verifier in the larger module to a function, which must not wait for anything. */
export function within(larger, settings, run) {
  return core.withModule(larger, () => {
    const verifier = core.create(settings);
    try {
      return run(verifier.id);
    } finally {
      core.forget(verifier);
    }
  });
}

/** One character for each byte. */
function bytesOf(text) {
  return Uint8Array.from(text, (each) => each.charCodeAt(0));
}

/**
 * The step of a call as if a trial's signing string were its own. It is whole: no body follows it. A call whose key is not
 * trusted has none of its own.
 */
export function changed(step, { signingString, keyId, algorithms, signature }) {
  const candidates = keyId === undefined ? step.candidates : [{ algorithms, signature: bytesOf(signature) }];
  return { ...step, flags: 0, candidates, signingString: bytesOf(signingString) };
}

/**
 * The causes, with the trial that held. If another environment was signed, it does not matter that the one here is unknown.
 * Where a body was signed as it is, the signing string would be that body once more.
 */
export function causesOf(causes, { code, text, cure, signingString }, withBody) {
  const others = code === "environment" ? causes.filter((each) => each.code !== "environment-unknown") : causes;
  const cause = { code, text, cure };
  if (!withBody) cause.signingString = signingString;
  return [...others, cause];
}
