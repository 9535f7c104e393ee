/** What a caller did wrong: options, a request that is none, a key that is none. `code` never changes. */
export class VerificationError extends Error {
  constructor(code, message) {
    super(message);
    this.name = "VerificationError";
    this.code = code;
  }
}

/** Why a body could not be decoded. `code` never changes; `variable` and `offset` (bytes, from 0) say where. */
export class DecodeError extends Error {
  constructor(code, message, variable, offset) {
    super(message);
    this.name = "DecodeError";
    this.code = code;
    this.variable = variable;
    this.offset = offset;
  }
}
