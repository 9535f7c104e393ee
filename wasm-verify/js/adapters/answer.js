/**
 * What every adapter shares: from a call, by way of the report, to the answer that a webhook receiver gives.
 * The adapters differ in how they get at the raw body and write the answer.
 */

/** How many bytes a body has at most, unless `limit` says otherwise. */
export const DEFAULT_LIMIT = 10 * 1024 * 1024;

/** The body is larger than the limit. */
export class BodyTooLarge extends Error {}

/** The target is of a form that no webhook is called by. A verifier's error of this code is the caller's doing, too. */
export class BadTarget extends Error {
  code = "invalid-request";
}

/** Something parsed the body before it came here, and its bytes are lost. */
export class BodyConsumed extends Error {
  constructor(cure) {
    super(`The raw body is gone: something read it before the webhook did, and a signature covers bytes. ${cure}`);
    this.name = "BodyConsumed";
  }
}

/**
 * Makes the function that takes calls.
 *
 * It takes `read(limit)`, which resolves to `{method, url, headers, body}`, and what the handler gets beside the event. It
 * resolves to `{status, headers, body}` and never rejects.
 */
export function receiver(verifier, handler, { limit = DEFAULT_LIMIT, decode = true, onRefused, onError = console.error } = {}) {
  if (typeof handler !== "function") throw new TypeError("webhook(verifier, handler): the handler is a function");
  if (typeof verifier?.verify !== "function" && typeof verifier !== "function") {
    throw new TypeError("webhook(verifier, handler): the first argument is a Verifier");
  }
  if (typeof decode !== "boolean") throw new TypeError("decode is true or false");
  if (!(limit >= 0)) throw new RangeError("limit is a number of bytes");
  return async (read, context = {}, judge = verifier) => {
    let request;
    let report;
    try {
      request = await read(limit);
      report = await judge.verify(request);
    } catch (error) {
      return unread(error);
    }
    try {
      if (report.ok) return await handle(report, request, context, judge);
      await onRefused?.(report, request);
      return refusal(report, request);
    } catch (error) {
      return unhandled(error);
    }
  };

  async function handle(report, request, context, judge) {
    let event = null;
    try {
      if (decode) ({ event } = report);
    } catch (error) {
      if (error?.name !== "DecodeError") throw error;
      await forget(report, judge);
      await onRefused?.(report, request);
      return undecodable(error);
    }
    try {
      await handler(event, { report, request, ...context });
    } catch (error) {
      await forget(report, judge);
      throw error;
    }
    return { status: 204, headers: { "cache-control": "no-store" }, body: "" };
  }

  /** The sender tries again, perhaps under the same id, and is to be told the same as now. */
  async function forget(report, judge) {
    try {
      await judge.forget?.(report);
    } catch (error) {
      await tell(error);
    }
  }

  /** What kept a call from being judged may be the caller's doing. */
  async function unread(error) {
    if (error instanceof BodyTooLarge) {
      return problem(413, "too-large", "The body is too large", { limit }, { connection: "close" });
    }
    if (error?.code === "invalid-request") return problem(400, "bad-request", "The call cannot be read", { code: error.code });
    return unhandled(error);
  }

  async function unhandled(error) {
    await tell(error);
    return problem(500, "internal", "The call was not handled; try again later");
  }

  async function tell(error) {
    try {
      await onError(error);
    } catch {
      // The answer is the same: this call was not handled.
    }
  }
}

/**
 * Names the first check that failed, and for `date` how far the clocks differ, for `host` which one arrived (a proxy may
 * have put its own there), so that the sender's log explains itself.
 */
function refusal(report, request) {
  const failed = report.checks.find((check) => check.outcome === "fail");
  const skew = failed?.name === "date" && Number.isFinite(report.skew) ? { skew: report.skew } : {};
  const host = failed?.name === "host" ? { host: hostOf(request.headers) } : {};
  return problem(401, "unverified", "The call is not verified", { check: failed?.name, ...skew, ...host }, { "www-authenticate": "Signature" });
}

/** The Host that arrived, where there is one: at most as long as a name can be, with a port. */
function hostOf(headers) {
  const fields = Symbol.iterator in Object(headers) ? [...headers] : Object.entries(headers ?? {});
  const value = fields.find(([name]) => String(name).toLowerCase() === "host")?.[1];
  return typeof value === "string" ? value.slice(0, 260) : undefined;
}

/** The call is the sender's own, so it may know what is wrong with its body. */
function undecodable({ code, variable, offset, message }) {
  return problem(400, "undecodable", "The body cannot be read", { detail: message, code, variable, offset });
}

/** An answer as RFC 9457 shapes it. */
function problem(status, name, title, members = {}, headers = {}) {
  return {
    status,
    headers: { "content-type": "application/problem+json", "cache-control": "no-store", ...headers },
    body: JSON.stringify({ type: `urn:seinpost:problem:${name}`, title, status, ...members }),
  };
}

/**
 * A request's target as it came, in its parts. One in absolute form (`POST https://…`) names the host, whatever the field Host
 * says (RFC 9112 §3.2.2); its scheme is but the caller's word, and is dropped.
 */
export function partsOf(target) {
  if (target.startsWith("/")) return { target };
  const [, host, rest] = /^[a-z][a-z\d+.-]*:\/\/(?:[^/?#@]*@)?([\w.:[\]-]+)(?![^/?#])([^#]*)/i.exec(target) ?? [];
  if (host === undefined) throw new BadTarget("the target is neither a path nor a URL");
  return { host, target: rest.startsWith("/") ? rest : `/${rest}` };
}

/**
 * The URL for the verifier: absolute where it is known whether the call came in over HTTPS, else the target alone, and the
 * check `https` is skipped.
 */
export function urlOf(secure, host, target) {
  if (secure === undefined || !/^[\w.:[\]-]+$/.test(host ?? "")) return target;
  return `${secure ? "https" : "http"}://${host}${target}`;
}

/**
 * What a trusted proxy says of the call as the sender made it: scheme and host, which it puts in `X-Forwarded-Proto` and
 * `X-Forwarded-Host`. Where several proxies added to them, the first is the one that the sender spoke to.
 */
export function forwarded(get) {
  const first = (name) => get(name)?.split(",", 1)[0].trim() || undefined;
  const scheme = first("x-forwarded-proto")?.toLowerCase();
  return { secure: scheme === undefined ? undefined : scheme === "https", host: first("x-forwarded-host") };
}

/** The fields with `Host` as the sender sent it. */
export function withHost(pairs, host) {
  return host === undefined ? pairs : [["host", host], ...pairs.filter(([name]) => name.toLowerCase() !== "host")];
}
