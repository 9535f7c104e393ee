// Fills a server with webhooks, by its API.

const TYPES = ["bounce", "failure", "click", "open", "delivery", "abuse", "profile"];
const AT_ONCE = 32;

/** Creates so many webhooks, with URLs as a platform's customers might have them. */
export async function fill(server, count) {
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const number = (next += 1);
      const type = TYPES[number % TYPES.length];
      await server.ok("POST", "/v1/webhook", { type, url: `https://customer-${number % 977}.example.com/hooks/${type}/${number}` });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
