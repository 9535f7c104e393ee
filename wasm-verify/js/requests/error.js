import { describe } from "./words.js";

/** Why a saved request could not be read. See requests.d.ts. */
export class RequestError extends Error {
  constructor(code, details = {}) {
    super(describe({ code, ...details }, "en"));
    this.name = "RequestError";
    this.code = code;
    this.line = details.line;
    this.path = details.path;
    this.details = details;
  }

  describe(lang = "en") {
    return describe({ code: this.code, ...this.details }, lang);
  }
}
