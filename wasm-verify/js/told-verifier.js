// The verifier where the next steps are a file of their own, which is loaded with the first call that is refused.
import { host } from "./host.js";
import { Verifier as Common } from "./verifier.js";

export class Verifier extends Common {
  async verify(request) {
    const report = await super.verify(request);
    try {
      if (!report.ok) host.steps ??= (await import("./next-steps.js")).default;
    } catch {
      // The call is refused all the same, and those after it ask for no file that is not there.
      host.steps = [];
    }
    return report;
  }
}
