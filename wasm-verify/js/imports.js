// What the module imports: wasm-bindgen's few functions, of which this module, which exchanges numbers alone, needs the
// one that throws. (pack.mjs fails the build if it came to need more.)
const functions = {
  __wbindgen_init_externref_table() {},
  __wbindgen_throw() {
    throw new Error("the WebAssembly failed");
  },
};

export const imports = {};
for (const name of ["", "_explain", "_node", "_pure", "_standard"]) imports[`./seinpost_verify${name}_bg.js`] = functions;
