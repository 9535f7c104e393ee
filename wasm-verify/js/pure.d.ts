/** As the main entry, with all arithmetic in WebAssembly: at once everywhere, and without the host's crypto. */
export * from "./index.js";
