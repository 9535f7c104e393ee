/**
 * Readers of saved requests: raw HTTP, `curl` commands, HTTP archives, or header fields and body apart. Plain JavaScript
 * that runs anywhere; bodies keep every byte; nothing is sent, run or fetched.
 */

/** Something worth knowing about how a request was read. {@link describeNote} says it in words. */
export type Note =
  /** U+FEFF stood before the request. */
  | { code: "byte-order-mark" }
  /** A header field stood on several lines (RFC 9112 §5.2), joined here with a space. */
  | { code: "folded-header"; name: string }
  /** Chunks (RFC 9112 §7.1) were put together to a body of so many bytes. */
  | { code: "chunked"; bytes: number }
  /** So many bytes stood after the end that `Content-Length` gives, and are no part of the body. */
  | { code: "after-body"; bytes: number }
  /** `Content-Length` gives more bytes than there are. */
  | { code: "short-body"; declared: number; actual: number }
  /** Only the form's parameters were saved; the body was made from them anew. */
  | { code: "rebuilt-form" }
  /** `curl` adds this field by itself. */
  | { code: "added-header"; name: string };

/** A request that was read; `verifier.verify()` takes it as it is. */
export interface SavedRequest {
  /** The method as written. */
  method: string;
  /** An absolute URL or a path with query, byte for byte as written, without fragment. */
  url: string;
  /** Names as written and values without white space around them, in order; a byte of a raw request is a character. */
  headers: [name: string, value: string][];
  /** The body's bytes. */
  body: Uint8Array;
  /** What it was read from. */
  form: "raw" | "curl" | "har" | "parts";
  /** What is worth knowing about how it was read. */
  notes: Note[];
}

/** The kinds of fault in a saved request. They stay the same from version to version. */
export type RequestErrorCode =
  | "empty"
  | "too-large"
  | "too-many"
  | "lone-surrogate"
  | "invalid-request-line"
  | "invalid-header"
  | "invalid-header-value"
  | "invalid-chunk"
  | "unterminated-quote"
  | "not-curl"
  | "unknown-option"
  | "unsupported-option"
  | "missing-argument"
  | "missing-url"
  | "invalid-url"
  | "file-needed"
  | "invalid-json"
  | "invalid-har"
  | "invalid-base64"
  | "no-request";

/** Why a saved request could not be read. `message` is in English and begins with the place. */
export declare class RequestError extends Error {
  /** The kind of fault. */
  readonly code: RequestErrorCode;
  /** The line, from 1, in a raw request, a command or a list of header fields. */
  readonly line: number | undefined;
  /** The place in an HTTP archive, such as `log.entries[3].request.url`. */
  readonly path: string | undefined;
  /** What is wrong and where, in English or Dutch. */
  describe(lang?: "en" | "nl"): string;
}

/** How many bytes are read at most: 32 MiB; of them 256 KiB and 1000 header fields in the head of a request, whatever its form. */
export declare const MAX_BYTES: number;

/** Options of {@link readCurl} and {@link readRequests}. */
export interface ReadOptions {
  /**
   * Gives the content of a file that a command names (`--data-binary @body.json`), or undefined. Without it such a
   * command is refused with the code `file-needed`.
   */
  readFile?: (name: string) => Uint8Array | string | undefined;
}

/**
 * Reads every request in a text of any form: one, or as many as an HTTP archive holds.
 * @param input Bytes, or a string that is taken as UTF-8.
 * @param options.form What it is; {@link detectForm} says it otherwise.
 * @throws RequestError
 */
export declare function readRequests(
  input: Uint8Array | string,
  options?: ReadOptions & { form?: "raw" | "curl" | "har" },
): SavedRequest[];

/** What a text looks like by its first characters: `{` is an archive, `curl` a command, all else a raw request. */
export declare function detectForm(input: Uint8Array | string): "raw" | "curl" | "har";

/**
 * Reads an HTTP/1.1 request (RFC 9112) as it stood on the wire or as an editor saved it: lines may end in LF alone,
 * comments (`#`, `//`) may stand before it. What stands after `Content-Length` is left out, with a note.
 * @throws RequestError that names the line.
 */
export declare function readRaw(input: Uint8Array | string): SavedRequest;

/**
 * Reads the request that a `curl` command would send, in any shell's quoting that browsers copy it with. Nothing is expanded.
 * @throws RequestError that names the line.
 */
export declare function readCurl(input: Uint8Array | string, options?: ReadOptions): SavedRequest;

/**
 * Reads every request of an HTTP archive (HAR 1.2).
 * @throws RequestError that names the path.
 */
export declare function readHar(input: Uint8Array | string): SavedRequest[];

/**
 * Reads a request whose header fields and body are at hand apart from each other.
 * @param parts.headers Lines `Name: value`, perhaps after a request line; or JSON as programs log it; or an object; or pairs.
 * @param parts.method Where no request line says it; `POST` by default.
 * @param parts.url Where no request line says it; `/` by default.
 * @throws RequestError that names the line or the path.
 */
export declare function readParts(parts: {
  headers: string | Record<string, string | string[] | undefined> | [name: string, value: string][];
  body?: Uint8Array | string;
  method?: string;
  url?: string;
}): SavedRequest;

/**
 * Writes a request as HTTP/1.1 does, adding nothing; {@link readRaw} reads it back as it was. Of an absolute URL, path
 * and query are written.
 * @throws RequestError if a part would break its line.
 */
export declare function printRaw(request: {
  method: string;
  url: string;
  headers: Iterable<readonly [name: string, value: string]>;
  body?: Uint8Array | string;
}): Uint8Array;

/** A note in words, a sentence in English or Dutch. */
export declare function describeNote(note: Note, lang?: "en" | "nl"): string;
