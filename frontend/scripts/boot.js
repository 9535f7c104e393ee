// Loads the dashboard, once the page has been read. Trunk writes the hashed names of its two files into the links that
// have the browser fetch them beforehand.
document.addEventListener("DOMContentLoaded", async function () {
  const bar = document.getElementById("boot-progress");

  /** The address of a file that is on its way. */
  function named(selector) {
    const link = document.querySelector(selector);
    if (link === null) throw new Error(`the page has no ${selector}`);
    return link.href;
  }

  /** A response whose reading moves the progress bar, where its length is known: it is not when it comes compressed. */
  function watched(response) {
    const total = response.headers.has("content-encoding") ? 0 : Number(response.headers.get("content-length"));
    if (!bar || !response.body || !total) return response;
    let loaded = 0;
    const counted = response.body.pipeThrough(
      new TransformStream({
        transform(chunk, controller) {
          loaded += chunk.byteLength;
          bar.value = Math.min(loaded / total, 1);
          controller.enqueue(chunk);
        },
      }),
    );
    return new Response(counted, { headers: { "content-type": "application/wasm" } });
  }

  /** Shows one of the sentences that stand hidden in index.html. */
  function say(id) {
    document.getElementById("boot-wait")?.setAttribute("hidden", "");
    document.getElementById(id)?.removeAttribute("hidden");
  }

  try {
    const wasm = named('link[rel="preload"][type="application/wasm"]');
    const [{ default: init }, response] = await Promise.all([
      import(named('link[rel="modulepreload"]')),
      fetch(wasm, { credentials: "same-origin" }),
    ]);
    if (!response.ok) throw new Error(`${wasm} was answered with ${response.status}`);
    await init({ module_or_path: watched(response) });
  } catch (error) {
    console.error(error);
    say("boot-failed");
  }
});
