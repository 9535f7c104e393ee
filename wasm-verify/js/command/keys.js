import { UsageError } from "./usage.js";
import { WORDS } from "./words.js";

/**
 * Reads keys from a file's text: what `GET /v1/keys` answers, a JWK or a set of them; or PEMs, secrets a line, DKIM records with or without
 * their names before them (as in a zone file), also side by side. The answer is `{named, unnamed, secrets, publicKeys}`: keys by name, keys for any name, and those of Standard Webhooks.
 */
export function readKeys(text, file, lang = "en") {
  const found = { named: new Map(), unnamed: [], secrets: [], publicKeys: [] };
  const words = WORDS[lang];
  const refuse = (why) => {
    throw new UsageError(`${file}: ${why}`);
  };
  const trimmed = text.replace(/^\ufeff/, "").trim();
  if (/^[[{]/.test(trimmed)) fromJson(found, trimmed, refuse, words);
  else fromLines(found, withoutPems(found, trimmed, refuse, words), refuse, words);
  if (Object.values(found).every((each) => (each.size ?? each.length) === 0)) refuse(words.noKey);
  return found;
}

/** The lines beside PEMs, which may say in words whose they are: `{lines, free}`. Each PEM leaves its lines empty, so that the others keep their numbers. */
function withoutPems({ unnamed }, text, refuse, words) {
  const rest = text.replace(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----/g, (pem) => {
    unnamed.push(pem);
    return pem.replace(/[^\n]+/g, "");
  });
  if (rest.includes("-----BEGIN ")) refuse(words.openPem);
  return { lines: rest, free: unnamed.length > 0 };
}

function add({ named, unnamed }, name, key) {
  if (name === undefined) unnamed.push(key);
  else named.set(name, [...(named.get(name) ?? []), key]);
}

function fromJson(found, text, refuse, words) {
  let json;
  try {
    json = JSON.parse(text);
  } catch (error) {
    refuse(words.notJson(error.message));
  }
  const entries = Array.isArray(json) ? json : (json.keys ?? json.data ?? (json.kty ? [json] : Object.entries(json)));
  if (!Array.isArray(entries)) refuse(words.noKeyList);
  for (const [index, entry] of entries.entries()) {
    const [name, key] = Array.isArray(entry) ? entry : [entry?.keyid ?? entry?.kid, entry?.dns ?? entry];
    if (typeof key !== "string" && !key?.kty) refuse(words.noKeyEntry(index + 1));
    add(found, name, typeof key === "string" ? key : JSON.stringify(key));
  }
}

/** Keys a line. Where words may stand beside them (`free`), a line is a record only if it has the tag of its key. */
function fromLines(found, { lines, free }, refuse, words) {
  for (const { text, line } of recordsIn(lines)) {
    const record = /^(?:(\S+)\s+(?:\d+\s+)?(?:IN\s+)?(?:TXT\s+)?)?((?:\(\s*)?(?:"\s*)?[a-z]\s*=.*)$/is.exec(text);
    if (text.startsWith("whsec_")) found.secrets.push(text);
    else if (text.startsWith("whpk_")) found.publicKeys.push(text);
    else if (record && (!free || /\bp\s*=/i.test(record[2]))) add(found, record[1]?.replace(/\.$/, ""), record[2]);
    else if (!free) refuse(words.noKeyLine(line));
  }
}

/** The lines that say something, each with its number; those of a record in parentheses joined (RFC 1035 §5.1). */
function recordsIn(text) {
  const lines = text.split(/\r?\n/);
  const records = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = at + 1;
    const words = lines[at].trim();
    if (words === "" || /^[;#]/.test(words)) continue;
    const end = closing(lines, at);
    records.push({ text: end === at ? words : lines.slice(at, end + 1).map(bare).join("\n").trim(), line });
    at = end;
  }
  return records;
}

/** The line that closes the parenthesis which opens a record; the line itself if none is open at its end, or none ever closes it. */
function closing(lines, from) {
  if (!/^[^"=]*\(/.test(lines[from])) return from;
  let open = 0;
  for (let at = from; at < lines.length; at += 1) {
    for (const [piece] of bare(lines[at]).matchAll(/"(?:[^"\\]|\\.)*"|\\.|[()]/g)) {
      if (piece === "(") open += 1;
      else if (piece === ")") open -= 1;
    }
    if (open <= 0) return at;
  }
  return from;
}

/** A line without its comment. A semicolon right after a word is taken for a record's own, which nobody escaped. */
function bare(line) {
  return line.replace(/("(?:[^"\\]|\\.)*"|\\.)|(?:^|(?<!\s)\s+);.*/g, "$1");
}

/** What a verifier is told of the keys of several files. Those that have a name and may be trusted are at hand, so that each can be tried. */
export function verifierKeys(files, domains) {
  const secret = files.flatMap(({ secrets }) => secrets);
  const publicKeys = files.flatMap((each) => each.publicKeys);
  // A list of lists is several records; what is one of them alone would be taken for its pieces.
  const recordsOf = (keyId) => files.flatMap(({ named, unnamed }) => [...(named.get(keyId) ?? []), ...unnamed].map((key) => [key]));
  const names = files.flatMap(({ named }) => [...named.keys()]).filter((name) => isTrusted(name, domains));
  // Keys without a name are given as a list, and then there is no place for those that have one.
  const keys = publicKeys.length > 0 ? publicKeys : Object.fromEntries(names.map((name) => [name, recordsOf(name)]));
  return {
    ...(secret.length > 0 ? { secret } : {}),
    keys,
    resolveKey: (keyId) => {
      const records = recordsOf(keyId);
      return records.length > 0 ? records : null;
    },
  };
}

/** Whether a key at hand may be one of the sender's. (A verifier trusts what it is given, whatever its name.) */
function isTrusted(name, domains) {
  const ends = (domain) => name.toLowerCase().endsWith(`.${domain.toLowerCase().replace(/\.$/, "")}`);
  return domains === undefined || domains.some(ends);
}
