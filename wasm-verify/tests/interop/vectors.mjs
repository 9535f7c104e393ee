// The published vectors under tests/vectors, as the tests read them.
import { readFileSync } from "node:fs";

const folder = new URL("../../../tests/vectors/", import.meta.url);

/** The text of a file of vectors. */
export const text = (path) => readFileSync(new URL(path, folder), "utf8");

/** A file of vectors in JSON. */
export const json = (path) => JSON.parse(text(path));

/** The values of header fields by lower-case name, those of one name joined as RFC 9110 §5.2 says. */
export function combined(fields) {
  const byName = new Map();
  for (const [name, value] of fields) {
    const key = name.toLowerCase();
    byName.set(key, byName.has(key) ? `${byName.get(key)}, ${value}` : value);
  }
  return byName;
}
