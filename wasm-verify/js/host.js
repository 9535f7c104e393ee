/**
 * What differs from runtime to runtime; each entry fills it in before it exports anything.
 *
 * - `wasm`: the module's exports (see core.js).
 * - `whole`: gives the exports of a module that does all, where the one above is for the profile `standard` with secrets alone.
 * - `larger`: gives the exports of the module that also searches for causes and knows Dutch (../explain), at once or later; it is
 *   larger, so it is loaded when it is first needed. Gives null if that fails: no verdict hangs on it. Not there in workers.
 * - `words`: gives the exports of a module that knows more words than the one above, if that can be had at once; else null.
 * - `steps`: the next steps by their numbers, once they are needed and loaded; not there where the module that gives the words
 *   knows them itself.
 * - `engine`: who does the arithmetic (see ../engines).
 * - `lookup`: how the key of a name is found if the caller does not say: `(keyId) => records`.
 * - `writeLatin1`: writes a text of one-byte characters: `(bytes, text, at)`. Not there where the runtime has nothing quick for it.
 */
export const host = { words: () => null };
