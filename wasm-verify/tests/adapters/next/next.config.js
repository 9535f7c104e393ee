// As the package's README has it: what a route imports is not bundled, so that the WebAssembly stands beside it.
export default {
  serverExternalPackages: ["seinpost-verify"],
  // Next.js itself is installed one folder up.
  turbopack: { root: new URL("..", import.meta.url).pathname },
  outputFileTracingRoot: new URL("..", import.meta.url).pathname,
};
