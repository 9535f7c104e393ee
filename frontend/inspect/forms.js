// The body that was signed, where it is another than the one that came: found by trying the forms that bodies take on
// their way. Each is judged by the package; what is found is shown beside what came, and never accepted.

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function joined(...parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** JSON written in another way, character by character: no number is read. */
function rewritten(text, indent, spaced) {
  let out = "";
  let depth = 0;
  const line = () => (indent > 0 ? `\n${" ".repeat(indent * depth)}` : "");
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gs)) {
    if (token === "{" || token === "[") {
      depth += 1;
      out += token + line();
    } else if (token === "}" || token === "]") {
      depth -= 1;
      const open = token === "}" ? "{" : "[";
      out = out.trimEnd().endsWith(open) ? out.trimEnd() + token : out + line() + token;
    } else if (token === ",") out += indent > 0 ? `,${line()}` : spaced ? ", " : ",";
    else if (token === ":") out += indent > 0 || spaced ? ": " : ":";
    else out += token;
  }
  return out;
}

const escaped = {
  slashes: (text) => text.replace(/\\?\//g, "\\/"),
  bareSlashes: (text) => text.replaceAll("\\/", "/"),
  unicode: (text) => text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
  bareUnicode: (text) => text.replace(/\\u([0-9a-f]{4})/gi, (whole, digits) => (Number.parseInt(digits, 16) > 0x7f ? String.fromCharCode(Number.parseInt(digits, 16)) : whole)),
};

function* jsonForms(text) {
  const layouts = [[0, false], [0, true], [2, false], [4, false]].map(([indent, spaced]) => rewritten(text, indent, spaced));
  const { slashes, bareSlashes, unicode, bareUnicode } = escaped;
  for (const layout of layouts) {
    yield layout;
    for (const change of [slashes, bareSlashes, unicode, bareUnicode]) yield change(layout);
    yield unicode(slashes(layout));
    yield bareUnicode(bareSlashes(layout));
  }
}

/** The forms of a body for a cause that the package named. */
function* formsOf(code, body) {
  const text = () => {
    try {
      return decoder.decode(body);
    } catch {
      return "";
    }
  };
  if (code === "line-end-lost") for (const end of ["\r\n", "\n", "\r"]) yield joined(body, encoder.encode(end));
  if (code === "line-end-added") for (const length of [1, 2]) yield body.slice(0, Math.max(body.length - length, 0));
  if (code === "space-added") yield encoder.encode(text().trim());
  if (code === "line-ends-changed") {
    yield encoder.encode(text().replaceAll("\r\n", "\n"));
    yield encoder.encode(text().replaceAll("\r\n", "\n").replaceAll("\n", "\r\n"));
  }
  if (code === "bom-added") yield body.slice(3);
  if (code === "bom-lost") yield joined(encoder.encode("\ufeff"), body);
  if (code === "base64") {
    try {
      yield Uint8Array.from(atob(text().trim().replace(/^"|"$/g, "")), (each) => each.charCodeAt(0));
    } catch {
      // It was no base64 after all.
    }
  }
  if (code === "latin1") yield Uint8Array.from(text(), (each) => each.charCodeAt(0) & 255);
  if (code === "form-rewritten") {
    yield encoder.encode(text().replaceAll("%20", "+"));
    yield encoder.encode(text().replaceAll("+", "%20"));
  }
  if (code === "json-rewritten") for (const form of jsonForms(text())) yield encoder.encode(form);
}

/** What must be otherwise for a form to be the one that was signed. */
function fits(profile, report) {
  const check = report.checks.find(({ name }) => name === (profile === "standard" ? "signature" : "digest"));
  return check?.outcome === "pass";
}

/** So many bytes before the first difference are shown, and so many from it on. */
const BEFORE = 16;
const AFTER = 48;

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Where two bodies differ first: `{offset, start, received, signed, text}`, with what stands around it in hex. */
export function difference(received, signed) {
  let offset = 0;
  while (offset < received.length && offset < signed.length && received[offset] === signed[offset]) offset += 1;
  const start = Math.max(0, offset - (offset % 8) - BEFORE);
  const around = (bytes) => hex(bytes.subarray(start, offset + AFTER));
  let text = null;
  try {
    text = decoder.decode(signed);
  } catch {
    // A body that is no text is shown in hex alone.
  }
  return { offset, start, received: around(received), signed: around(signed), length: signed.length, text };
}

/** The body that was signed and where it differs from the one that came, or null if that is not known. */
export async function signedBody({ profile, headers, body, report }, verify) {
  for (const { code } of report.causes) {
    for (const form of formsOf(code, body)) {
      const lengths = headers.map(([name, value]) => (name.toLowerCase() === "content-length" ? [name, String(form.length)] : [name, value]));
      const changed = await verify({ body: form, headers: lengths });
      if (fits(profile, changed)) return difference(body, form);
    }
  }
  return null;
}
