// What differs from runtime to runtime; each entry fills it in before it exports anything.
export const host = {
  /** The module's exports (see core.js). */
  wasm: null,
  /** Gives the exports of a module that does all, where the one above is for the profile `standard` with secrets alone; else null. */
  whole: null,
  /**
   * Gives the exports of the module that also searches for causes and knows Dutch (../explain), at once or later; it is
   * larger, so it is loaded when it is first needed. Gives null if that fails: no verdict hangs on it. Null in workers.
   */
  larger: null,
  /** Gives the exports of a module that knows more words than the one above, if that can be had at once; else null. */
  words: () => null,
  /** The next steps by their numbers, once they are needed and loaded; not there where the module that gives the words knows them itself. */
  /** Who does the arithmetic (see ../engines). */
  engine: null,
  /** How the key of a name is found if the caller does not say: `(keyId) => records`, or null. */
  lookup: null,
  /** Writes a text of one-byte characters: `(bytes, text, at)`. Null where the runtime has nothing quick for it. */
  writeLatin1: null,
};
