/** A `Request` as a runtime makes it of a call. */
export function toRequest({ method, url, headers, body, chunked }) {
  const stream = new ReadableStream({
    start(controller) {
      controller.enqueue(body);
      controller.close();
    },
  });
  const fields = chunked ? headers.filter(([name]) => name !== "content-length") : headers;
  return new Request(url, { method, headers: fields, body: chunked ? stream : body, duplex: "half" });
}

/** What came back, as the stories want it. */
export async function toAnswer(response) {
  return { status: response.status, headers: response.headers, text: await response.text() };
}
