// What the dashboard asks of the server first, asked while the dashboard itself is on its way. Its client
// (src/api/early.rs) takes the answers from here instead of asking again.
(function () {
  /** How long an answer is as good as a new one once the page is there, in milliseconds. */
  var FRESH = 10000;
  var paths = ["/v1/session"];
  try {
    // Who was not signed in is not told anything else.
    var list = localStorage.getItem("seinpost.session") && ["/", "/webhooks"].includes(location.pathname);
    if (list) paths.push("/v1/webhooks?limit=100", "/v1/stats/webhooks?limit=100", "/v1/stats?range=24h");
  } catch (error) {
    // Storage is off: the list is asked for later.
  }
  /** By path: `coming`, a promise of the answer, and the `answer` once it is there. */
  var early = (globalThis.seinpostEarly = new Map());
  paths.forEach(function (path) {
    var asked = { answer: undefined };
    asked.coming = fetch(path, { credentials: "same-origin", headers: { Accept: "application/json" } }).then(async function (response) {
      // A refused list is asked for again by whoever has signed in meanwhile.
      if (!response.ok && path !== "/v1/session") early.delete(path);
      asked.answer = { status: response.status, tag: response.headers.get("ETag") || "", text: await response.text() };
      return asked.answer;
    });
    early.set(path, asked);
    // It is asked for again, and what is wrong is said then.
    asked.coming.catch(function () { early.delete(path); });
  });
  addEventListener("load", function () { setTimeout(function () { early.clear(); }, FRESH); });
})();
