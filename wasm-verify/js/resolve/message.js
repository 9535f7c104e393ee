// DNS messages (RFC 1035 §4): a question for TXT records, and what is answered to it.
import { ResolveError } from "./error.js";

const HEADER = 12;
const TXT = 16;
const CNAME = 5;
const INTERNET = 1;
/** How many pointers a name has at most: as many as labels fit into it. */
const MAX_POINTERS = 127;
/** How many aliases are followed. */
const MAX_ALIASES = 8;
/** Response codes (RFC 1035 §4.1.1). */
const NO_ERROR = 0;
const NO_SUCH_NAME = 3;
const RESPONSE_CODES = { 1: "FORMERR", 2: "SERVFAIL", 4: "NOTIMP", 5: "REFUSED" };

/** Whether a key's name can stand in the DNS. One that cannot has no record there. */
export function isName(name) {
  return name.length <= 253 && /^(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}$/i.test(name);
}

/** A question for the TXT records at a name. Its ID is 0, so that HTTP caches can serve it (RFC 8484 §4.1). */
export function question(name) {
  const labels = name.split(".").flatMap((label) => [label.length, ...Array.from(label, (letter) => letter.charCodeAt(0))]);
  const recursionDesired = 1;
  return Uint8Array.from([0, 0, recursionDesired, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...labels, 0, 0, TXT, 0, INTERNET]);
}

/** The TXT records of an answer, each in its pieces; null if there are none. */
export function answered(bytes, name) {
  const message = new Message(bytes);
  const [id, flags, questions, answers] = [0, 2, 4, 6].map((at) => message.number(at, 2));
  if (id !== 0 || (flags & 0x8000) === 0 || (flags & 0x7800) !== 0) throw malformed("it is no response");
  if ((flags & 0x0200) !== 0) throw malformed("it is cut off");
  const code = flags & 15;
  if (code !== NO_ERROR && code !== NO_SUCH_NAME) {
    throw new ResolveError("dns-failure", `the resolver answered ${RESPONSE_CODES[code] ?? `the code ${code}`} for ${name}`);
  }
  const asked = name.toLowerCase();
  if (questions !== 1) throw malformed("it does not repeat the question");
  let { text, end } = message.name(HEADER);
  if (text !== asked || message.number(end, 2) !== TXT || message.number(end + 2, 2) !== INTERNET) {
    throw malformed("it answers another question");
  }
  if (code === NO_SUCH_NAME) return null;
  end += 4;
  const aliases = new Map();
  const records = [];
  for (let index = 0; index < answers; index += 1) {
    const record = message.record(end);
    ({ end } = record);
    if (record.type === CNAME) aliases.set(record.owner, message.name(record.at).text);
    if (record.type === TXT) records.push(record);
  }
  const owner = followed(asked, aliases);
  const found = records.filter((record) => record.owner === owner).map((record) => message.pieces(record));
  return found.length === 0 ? null : found;
}

/** The name at the end of the aliases that the resolver gave. */
function followed(name, aliases) {
  let owner = name;
  for (let count = 0; aliases.has(owner); count += 1) {
    if (count === MAX_ALIASES) throw malformed(`it has more than ${MAX_ALIASES} aliases`);
    owner = aliases.get(owner);
  }
  return owner;
}

function malformed(why) {
  return new ResolveError("malformed", `the resolver's answer cannot be read: ${why}`);
}

class Message {
  #bytes;

  constructor(bytes) {
    this.#bytes = bytes;
  }

  number(at, length) {
    if (at + length > this.#bytes.length) throw malformed("it ends too early");
    let value = 0;
    for (let index = at; index < at + length; index += 1) value = value * 256 + this.#bytes[index];
    return value;
  }

  #text(at, length) {
    if (at + length > this.#bytes.length) throw malformed("it ends too early");
    return String.fromCharCode(...this.#bytes.subarray(at, at + length));
  }

  /** A name in lower case, and the address behind it. Pointers go back only, so that reading ends (§4.1.4). */
  name(start) {
    const labels = [];
    let units = 0;
    let pointers = 0;
    let end;
    let at = start;
    let before = start;
    for (;;) {
      const length = this.number(at, 1);
      if (length === 0) return { text: labels.join(".").toLowerCase(), end: end ?? at + 1 };
      if (length >= 0xc0) {
        const target = this.number(at, 2) & 0x3fff;
        if (target >= before) throw malformed("a name points forward");
        pointers += 1;
        if (pointers > MAX_POINTERS) throw malformed("a name has too many pointers");
        end ??= at + 2;
        at = before = target;
        continue;
      }
      if (length > 63) throw malformed("a name has an unknown kind of label");
      units += length + 1;
      if (units > 254) throw malformed("a name is too long");
      const label = this.#text(at + 1, length);
      // A dot within a label would make it another name.
      if (label.includes(".")) throw malformed("a name has a dot in a label");
      labels.push(label);
      at += length + 1;
    }
  }

  record(start) {
    const { text: owner, end: at } = this.name(start);
    const kind = this.number(at + 2, 2) === INTERNET ? this.number(at, 2) : 0;
    const length = this.number(at + 8, 2);
    const end = at + 10 + length;
    if (end > this.#bytes.length) throw malformed("it ends too early");
    return { owner, type: kind, at: at + 10, end };
  }

  /** The strings of a TXT record (§3.3.14); a byte is a character. */
  pieces({ at, end }) {
    const pieces = [];
    while (at < end) {
      const length = this.number(at, 1);
      if (at + 1 + length > end) throw malformed("a string is longer than its record");
      pieces.push(this.#text(at + 1, length));
      at += 1 + length;
    }
    return pieces;
  }
}
