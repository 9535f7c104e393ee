// The inspector's way to the npm package, by the package's own public face. It is loaded when the page opens.
let loading;

/** Loads the package, once; after a failure the next call tries again. */
export async function load() {
  loading ??= import("/verify/browser.js");
  try {
    return await loading;
  } catch (error) {
    loading = undefined;
    throw error;
  }
}

/** The event in the form that a page shows: its variables in order, each value as text. */
function shown({ event, notes }) {
  const variables = Object.entries(event).map(([name, value]) => [
    name,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return { variables, notes: notes.map(String) };
}

/**
 * Verifies a call and decodes its body.
 * @param {string} question JSON: `{method, url, headers, options, key, now}`
 * @param {Uint8Array} body
 * @returns {Promise<string>} JSON: `{report, event, mistake, decodeError, ms}`
 */
export async function inspect(question, body) {
  const { Verifier, decodeWithNotes } = await load();
  const { method, url, headers, options, key, now } = JSON.parse(question);
  const answer = { report: null, event: null, mistake: null, decodeError: null, ms: 0 };
  const started = performance.now();
  try {
    const verifier = new Verifier({ ...options, now, resolveKey: () => key });
    const report = await verifier.verify({ method, url, headers, body });
    answer.report = report.toJSON();
  } catch (error) {
    answer.mistake = { code: error.code ?? null, message: error.message };
  }
  answer.ms = performance.now() - started;
  try {
    const type = headers.find(([name]) => name.toLowerCase() === "content-type");
    answer.event = shown(decodeWithNotes(body, type?.[1] ?? ""));
  } catch (error) {
    const { code = null, message, variable = null, offset = null } = error;
    answer.decodeError = { code, message, variable, offset };
  }
  return JSON.stringify(answer);
}
