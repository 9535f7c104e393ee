// Loads the dashboard. A file of its own, since the content security policy allows no inline script.
// Trunk writes the names of the two files into the attributes of the script element.
const element = document.querySelector("script[data-wasm]");
const bar = document.getElementById("boot-progress");

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
  const [{ default: init }, response] = await Promise.all([
    import(element.dataset.js),
    fetch(element.dataset.wasm, { credentials: "same-origin" }),
  ]);
  if (!response.ok) throw new Error(`${element.dataset.wasm} was answered with ${response.status}`);
  await init({ module_or_path: watched(response) });
} catch (error) {
  console.error(error);
  say("boot-failed");
}
