// Loads the dashboard's other parts: WebAssembly modules of their own, beside the first one.
const parts = new Map();

async function load(name) {
  const module = await import(`/${name}.js`);
  await module.default();
  return module;
}

/**
 * Draws a part into an element; it is loaded the first time.
 * @param {string} name
 * @param {Element} root
 * @param {string | undefined} session JSON
 * @returns {Promise<() => void>} takes it away again
 */
export async function mount(name, root, session) {
  if (!parts.has(name)) parts.set(name, load(name));
  try {
    return (await parts.get(name)).mount(root, session);
  } catch (error) {
    // The next call tries again.
    parts.delete(name);
    throw error;
  }
}
