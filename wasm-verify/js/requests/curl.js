import { concat, toBytes, toLatin1 } from "./bytes.js";
import { RequestError } from "./error.js";
import { addField, field, grow } from "./head.js";
import { caretWords, isForCmd, shellWords } from "./shell.js";

/** Options that need nothing after them and change nothing that is signed. */
const SILENT = new Set(
  "-k --insecure -s --silent -S --show-error -v --verbose -i --include -L --location -f --fail --fail-with-body -g --globoff -N --no-buffer -# --progress-bar --compressed --http1.0 --http1.1 --http2 --http2-prior-knowledge --http3 -4 --ipv4 -6 --ipv6 --path-as-is -q --disable --tcp-nodelay --tr-encoding --raw -1 --tlsv1 --tlsv1.2 --tlsv1.3".split(
    " ",
  ),
);
/** Options whose argument changes nothing that is signed. */
const IGNORED = new Set(
  "-o --output -m --max-time --connect-timeout --cacert --capath -E --cert --key --retry --resolve --connect-to -x --proxy -w --write-out -D --dump-header --limit-rate --interface --ciphers --proto -c --cookie-jar".split(
    " ",
  ),
);
/** Options whose bodies hold random boundaries or are read as they go. */
const UNSUPPORTED = new Set(["-F", "--form", "--form-string", "-T", "--upload-file", "-K", "--config", "-G", "--get"]);

const LONG = { X: "--request", H: "--header", d: "--data", A: "--user-agent", e: "--referer", b: "--cookie", u: "--user", I: "--head" };

/** Reads the request that a `curl` command would send. See requests.d.ts. */
export function readCurl(input, { readFile } = {}) {
  const command = toLatin1(toBytes(input)).replace(/^(?:\xef\xbb\xbf)?\s*(?:[$>#]\s+)?/, "");
  const words = isForCmd(command) ? caretWords(command) : shellWords(command);
  if (words.length === 0) throw new RequestError("empty");
  if (!/(?:^|[\\/])curl(?:\.exe)?$/.test(words[0].text)) throw new RequestError("not-curl", { line: words[0].line });
  const asked = { head: { headers: [] }, data: [], removed: [], readFile };
  for (let index = 1; index < words.length; index++) {
    const { text, line } = words[index];
    const next = (option) => {
      index++;
      if (index === words.length) throw new RequestError("missing-argument", { option, line });
      return words[index].text;
    };
    for (const [option, value] of optionsIn(text, next)) apply(asked, option, value, line);
  }
  return requestOf(asked);
}

/** What a word says: a URL, `--name`, `-X` or `-XPOST`, or several letters in one, `-sSd`; `next` takes the word after it. */
function* optionsIn(text, next) {
  if (!text.startsWith("-") || text === "-") {
    yield ["--url", text];
  } else if (text.startsWith("--")) {
    yield [text, needsValue(text) ? next(text) : undefined];
  } else {
    for (let at = 1; at < text.length; at++) {
      const option = LONG[text[at]] ?? `-${text[at]}`;
      if (needsValue(option)) return yield [option, at + 1 < text.length ? text.slice(at + 1) : next(option)];
      yield [option, undefined];
    }
  }
}

function needsValue(option) {
  return option in TAKERS || IGNORED.has(option) || (UNSUPPORTED.has(option) && !/^(?:-G|--get)$/.test(option));
}

const TAKERS = {
  "--url": (asked, value, line) => {
    if (asked.url !== undefined) return;
    grow(asked.head, value.length, { line });
    asked.url = { text: value, line };
  },
  "--request": (asked, value) => (asked.head.method = value),
  "--header": addHeader,
  "--user-agent": (asked, value, line) => addField(asked.head, "user-agent", value, { line }),
  "--referer": (asked, value, line) => addField(asked.head, "referer", value, { line }),
  "--cookie": (asked, value, line) => addField(asked.head, "cookie", value, { line }),
  "--user": (asked, value, line) => addField(asked.head, "authorization", `Basic ${btoa(value)}`, { line }),
  "--data": (asked, value, line) => addData(asked, value, line, (bytes) => bytes.filter((byte) => byte !== 13 && byte !== 10 && byte !== 0)),
  "--data-ascii": (asked, value, line) => TAKERS["--data"](asked, value, line),
  "--data-binary": (asked, value, line) => addData(asked, value, line),
  "--data-raw": (asked, value) => asked.data.push(bytesOf(value)),
  "--data-urlencode": addEncoded,
  "--json": (asked, value, line) => {
    asked.json = true;
    addData(asked, value, line);
  },
};

function apply(asked, option, value, line) {
  if (option in TAKERS) TAKERS[option](asked, value, line);
  else if (option === "--head") asked.head.method ??= "HEAD";
  else if (UNSUPPORTED.has(option)) throw new RequestError("unsupported-option", { option, line });
  else if (!SILENT.has(option) && !IGNORED.has(option)) throw new RequestError("unknown-option", { option, line });
}

/** `Name: value`; `Name:` keeps curl from sending it; `Name;` sends it empty. */
function addHeader(asked, text, line) {
  const [, name, separator, value] = /^([^:;]*)([:;]?)([\s\S]*)$/.exec(text);
  if (separator === "") throw new RequestError("invalid-header", { text, line });
  if (separator === ":" && value.trim() === "") asked.removed.push(name.toLowerCase());
  else addField(asked.head, name, value, { line, text: name });
}

function bytesOf(text) {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function addData(asked, value, line, clean = (bytes) => bytes) {
  asked.data.push(value.startsWith("@") ? clean(fileBytes(asked, value.slice(1), line)) : bytesOf(value));
}

function fileBytes({ readFile }, file, line) {
  const bytes = readFile?.(new TextDecoder().decode(bytesOf(file)));
  if (bytes === undefined || bytes === null) throw new RequestError("file-needed", { file, line });
  return toBytes(bytes, { line });
}

/** `content`, `=content`, `name=content`, `@file` or `name@file`, percent-encoded as curl does. */
function addEncoded(asked, value, line) {
  const [, name, separator, content] = /^([^=@]*)([=@]?)([\s\S]*)$/.exec(value);
  const plain = separator === "" ? bytesOf(name) : separator === "@" ? fileBytes(asked, content, line) : bytesOf(content);
  const encoded = Array.from(plain, (byte) => {
    const character = String.fromCharCode(byte);
    return /[A-Za-z0-9._~-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }).join("");
  asked.data.push(bytesOf(separator !== "" && name !== "" ? `${name}=${encoded}` : encoded));
}

/** The request, with the header fields that curl adds by itself. */
function requestOf({ head, data, json, url, removed }) {
  if (url === undefined) throw new RequestError("missing-url");
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(url.text) ? url.text : `http://${url.text}`;
  const match = /^https?:\/\/(?:[^/?#@]*@)?([^/?#]+)/i.exec(address);
  if (!match) throw new RequestError("invalid-url", { text: url.text, line: url.line });
  const notes = [];
  const add = (name, value) => {
    if (field(head.headers, name) !== undefined || removed.includes(name)) return;
    head.headers.push([name, value]);
    notes.push({ code: "added-header", name });
  };
  const body = concat(data.flatMap((piece, index) => (index > 0 && !json ? [bytesOf("&"), piece] : [piece])));
  add("host", match[1]);
  if (data.length > 0) add("content-type", json ? "application/json" : "application/x-www-form-urlencoded");
  return {
    method: head.method ?? (data.length > 0 ? "POST" : "GET"),
    url: address.replace(/#.*$/s, "").replace(/^(https?:\/\/)[^/?#@]*@/i, "$1"),
    headers: head.headers,
    body,
    form: "curl",
    notes,
  };
}
