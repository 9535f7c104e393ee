/** The words for what {@link RequestError}s and notes say: for each code a function of the details, a language each. */

const count = (number, one, more) => `${number} ${number === 1 ? one : more}`;
const shown = (text) => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);

const en = {
  empty: () => "there is no request in it: it is empty",
  "too-large": ({ limit }) => `it is larger than ${limit} bytes, more than is read`,
  "too-many": ({ what, limit }) => `it holds more than ${limit} ${what}, more than is read`,
  "lone-surrogate": ({ at }) => `character ${at} is half of a surrogate pair, which stands for no bytes`,
  "invalid-request-line": ({ text }) =>
    `${shown(text)} is no request line; one looks like "POST /hook HTTP/1.1"`,
  "invalid-header": ({ text }) => `${shown(text)} is no header field; one looks like "Name: value"`,
  "invalid-header-value": ({ name }) => `the value of ${name} holds a line end or a control character`,
  "invalid-chunk": ({ at }) => `the body is said to be chunked, but no chunk begins at its byte ${at}`,
  "unterminated-quote": ({ quote }) => `the quotation mark ${quote} is opened, but not closed`,
  "not-curl": () => 'the command does not begin with "curl"',
  "unknown-option": ({ option }) => `${option} is an option of curl that is not understood here`,
  "unsupported-option": ({ option }) => `${option} sends a body that cannot be rebuilt from the command`,
  "missing-argument": ({ option }) => `${option} needs something after it`,
  "missing-url": () => "no URL is named",
  "invalid-url": ({ text }) => `${shown(text)} is no http or https URL`,
  "file-needed": ({ file }) => `the body is in the file ${shown(file)}, which is not at hand here`,
  "invalid-json": ({ detail }) => `it is not JSON: ${detail}`,
  "invalid-har": ({ expected }) => `${expected} is expected here`,
  "invalid-base64": () => "this is said to be base64, but is not",
  "no-request": () => "no request is in it",
  "byte-order-mark": () => "A byte order mark stood before the request; it was passed over.",
  "folded-header": ({ name }) => `${name} was folded over several lines; they were joined with a space.`,
  chunked: ({ bytes }) => `The body was chunked; put together it has ${count(bytes, "byte", "bytes")}.`,
  "after-body": ({ bytes }) =>
    `${count(bytes, "byte", "bytes")} after the end that Content-Length gives ${bytes === 1 ? "was" : "were"} left out.`,
  "short-body": ({ declared, actual }) =>
    `Content-Length says ${declared}, but the body has ${count(actual, "byte", "bytes")}: some of it was lost, or line ends were changed.`,
  "rebuilt-form": () => "The body was rebuilt from its parameters; its bytes may have been others.",
  "added-header": ({ name }) => `${name} is as curl would have added it.`,
};

const nl = {
  empty: () => "er staat geen aanroep in: het is leeg",
  "too-large": ({ limit }) => `het is groter dan ${limit} bytes, meer dan er gelezen wordt`,
  "too-many": ({ what, limit }) =>
    `er staan meer dan ${limit} ${what === "requests" ? "aanroepen" : "headers"} in, meer dan er gelezen wordt`,
  "lone-surrogate": ({ at }) => `teken ${at} is een half surrogaatpaar, dat voor geen bytes staat`,
  "invalid-request-line": ({ text }) =>
    `${shown(text)} is geen eerste regel van een aanroep; die ziet eruit als "POST /hook HTTP/1.1"`,
  "invalid-header": ({ text }) => `${shown(text)} is geen header; die ziet eruit als "Naam: waarde"`,
  "invalid-header-value": ({ name }) => `de waarde van ${name} bevat een regeleinde of een stuurteken`,
  "invalid-chunk": ({ at }) => `de body zou in brokken (chunked) zijn, maar bij byte ${at} begint er geen`,
  "unterminated-quote": ({ quote }) => `het aanhalingsteken ${quote} wordt geopend, maar niet gesloten`,
  "not-curl": () => 'de opdracht begint niet met "curl"',
  "unknown-option": ({ option }) => `${option} is een optie van curl die hier niet wordt begrepen`,
  "unsupported-option": ({ option }) => `${option} verstuurt een body die niet uit de opdracht is af te leiden`,
  "missing-argument": ({ option }) => `na ${option} hoort nog iets te staan`,
  "missing-url": () => "er wordt geen URL genoemd",
  "invalid-url": ({ text }) => `${shown(text)} is geen URL met http of https`,
  "file-needed": ({ file }) => `de body staat in het bestand ${shown(file)}, dat hier niet bij de hand is`,
  "invalid-json": ({ detail }) => `het is geen JSON: ${detail}`,
  "invalid-har": ({ expected }) => `hier wordt ${dutchKinds[expected] ?? expected} verwacht`,
  "invalid-base64": () => "dit zou base64 zijn, maar is het niet",
  "no-request": () => "er staat geen aanroep in",
  "byte-order-mark": () => "Voor de aanroep stond een byte order mark; die is overgeslagen.",
  "folded-header": ({ name }) => `${name} liep over meerdere regels; ze zijn met een spatie aan elkaar gezet.`,
  chunked: ({ bytes }) => `De body kwam in brokken (chunked); samen zijn dat ${count(bytes, "byte", "bytes")}.`,
  "after-body": ({ bytes }) =>
    `${count(bytes, "byte", "bytes")} na het einde dat Content-Length aangeeft ${bytes === 1 ? "is" : "zijn"} weggelaten.`,
  "short-body": ({ declared, actual }) =>
    `Content-Length zegt ${declared}, maar de body heeft ${count(actual, "byte", "bytes")}: er ging iets verloren, of de regeleinden zijn veranderd.`,
  "rebuilt-form": () => "De body is opgebouwd uit zijn parameters; de bytes kunnen anders zijn geweest.",
  "added-header": ({ name }) => `${name} is zoals curl die zou hebben toegevoegd.`,
};

const dutchKinds = {
  "an object": "een object",
  "a list": "een lijst",
  "a string": "een tekst",
  "a list of names and values": "een lijst van namen en waarden",
};

const places = {
  en: { line: (line) => `line ${line}: `, path: (path) => `${path}: ` },
  nl: { line: (line) => `regel ${line}: `, path: (path) => `${path}: ` },
};

/** A sentence for an error or a note, with its place before it where it has one. */
export function describe(what, lang) {
  const words = lang === "nl" ? nl : en;
  const place = places[lang === "nl" ? "nl" : "en"];
  const where =
    what.line !== undefined ? place.line(what.line) : what.path !== undefined ? place.path(what.path) : "";
  return where + words[what.code](what);
}
