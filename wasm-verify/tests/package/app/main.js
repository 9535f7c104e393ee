import { story } from "./story.js";

story().then(
  (told) => (globalThis.told = told),
  (error) => (globalThis.told = [String(error?.stack ?? error)]),
);
