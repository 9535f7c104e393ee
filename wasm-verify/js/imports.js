// What the module imports: wasm-bindgen's few functions, of which this module, which exchanges numbers alone, needs the
// one that throws. (pack.mjs fails the build if it came to need more.)
const functions = {
  __wbindgen_init_externref_table() {},
  __wbindgen_throw() {
    throw new Error("the WebAssembly failed");
  },
};

/** The same for each module, whatever it calls the place that it imports from. */
export const imports = new Proxy({}, { get: () => functions });
