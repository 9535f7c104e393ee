// The parts of a mail (RFC 2045, RFC 2046), as a list with depths: enough to show what it is made of.

const latin1 = new TextDecoder("latin1");
const MAX_PARTS = 100;
const MAX_DEPTH = 20;

/** The header fields of a part that say what it is, and where its content begins. */
function head(text, from, to) {
  let at = from;
  const lines = [];
  while (at < to) {
    let end = text.indexOf("\n", at);
    if (end < 0 || end > to) end = to;
    const line = text.slice(at, end).replace(/\r$/, "");
    at = Math.min(end + 1, to);
    if (line === "") break;
    if (/^[ \t]/.test(line) && lines.length > 0) lines[lines.length - 1] += ` ${line.trim()}`;
    else lines.push(line);
  }
  const field = (name) => lines.find((line) => line.toLowerCase().startsWith(`${name}:`))?.slice(name.length + 1).trim();
  return { type: field("content-type"), description: field("content-description"), content: at };
}

function parameter(type, name) {
  const found = new RegExp(`;\\s*${name}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;]+))`, "i").exec(type);
  return found === null ? null : (found[1]?.replace(/\\(.)/g, "$1") ?? found[2]);
}

/** Where the parts between a boundary's lines begin and end. */
function* between(text, boundary, from, to) {
  const mark = `--${boundary}`;
  let begin = -1;
  let at = from;
  while (at < to) {
    const found = text.indexOf(mark, at);
    if (found < 0 || found >= to) break;
    at = found + mark.length;
    if (found > from && text[found - 1] !== "\n") continue;
    const rest = /^(--)?[ \t]*\r?(?:\n|$)/.exec(text.slice(at, Math.min(at + 200, to)));
    if (rest === null) continue;
    if (begin >= 0) yield [begin, text[found - 2] === "\r" ? found - 2 : Math.max(found - 1, begin)];
    begin = at + rest[0].length;
    if (rest[1] !== undefined) return;
  }
  // The last line of the boundary is missing: what there is, is the part.
  if (begin >= 0) yield [begin, to];
}

/** @returns {{depth, type, detail, bytes, read}[]}; `read`: what the diagnosis rests on stands in it. `spots` are places in the mail. */
export function outline(bytes, spots) {
  const text = latin1.decode(bytes);
  const parts = [];
  const walk = (from, to, depth, otherwise) => {
    if (parts.length >= MAX_PARTS || depth > MAX_DEPTH) return;
    const { type = otherwise, description, content } = head(text, from, to);
    const name = /^[\w!#$&.+^-]+\/[\w!#$&.+^-]+/.exec(type)?.[0].toLowerCase() ?? type;
    const boundary = name.startsWith("multipart/") ? parameter(type, "boundary") : null;
    const detail = parameter(type, "report-type") ?? description ?? parameter(type, "charset");
    const read = boundary === null && spots.some((spot) => spot >= from && spot < to);
    parts.push({ depth, type: name, detail, bytes: to - content, read });
    if (boundary !== null) for (const [begin, end] of between(text, boundary, content, to)) walk(begin, end, depth + 1, "text/plain");
    else if (name === "message/rfc822") walk(content, to, depth + 1, "text/plain");
  };
  walk(0, text.length, 0, "text/plain");
  return parts;
}
