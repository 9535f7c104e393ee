// The verifier of workers, which have no module that searches for causes and knows Dutch: they could not load it when it is needed.
import { VerificationError } from "./errors.js";
import { Verifier as Common } from "./told-verifier.js";

export class Verifier extends Common {
  /** Refuses at once what it would have to refuse with each call. */
  constructor(options) {
    super(options);
    if (options.explain === true || options.language === "nl") {
      throw new VerificationError("no-explain", "explain and language nl are not for workers: try the call in the inspector");
    }
  }
}
