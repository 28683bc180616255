// Types of the platform that this package's declarations name. A project without TypeScript's DOM library does not have
// all of them; the declarations hold there as well, without what cannot be passed there anyway.
export type WebUrl = typeof globalThis extends { URL: { prototype: infer T } } ? T : never;
export type WebBlob = typeof globalThis extends { Blob: { prototype: infer T } } ? T : never;
export type WebResponse = typeof globalThis extends { Response: { prototype: infer T } } ? T : never;
export type WebAbortSignal = typeof globalThis extends { AbortSignal: { prototype: infer T } } ? T : never;
export type WebHeaders = typeof globalThis extends { Headers: { prototype: infer T } } ? T : never;
/** A compiled `WebAssembly.Module`. */
export type WasmModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer T } } } ? T : never;
