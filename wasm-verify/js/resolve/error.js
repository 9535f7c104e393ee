/** Why a key could not be looked up, or an option that is wrong. `code` never changes. */
export class ResolveError extends Error {
  constructor(code, message, options) {
    super(message, options);
    this.name = "ResolveError";
    this.code = code;
  }
}
