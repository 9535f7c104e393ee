// What the module imports: wasm-bindgen's few functions, of which this module, which exchanges numbers alone, needs the
// one that throws. (pack.mjs fails the build if it came to need more.)
export const imports = {
  "./seinpost_verify_bg.js": {
    __wbindgen_init_externref_table() {},
    __wbindgen_throw() {
      throw new Error("seinpost-verify: the WebAssembly failed");
    },
  },
};
