/** sotto-simd128.wasm in base64; scripts/copy_wasm.mjs writes the file. */
declare const base64: string;
export default base64;
