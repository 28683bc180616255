// Types of the platform, under the names by which scripts/finish_types.mjs puts them into this package's declarations. A
// project without TypeScript's DOM library does not have all of them. The declarations hold there as well, without what
// cannot be passed there anyway.
type Global = typeof globalThis;

export type WebAbortSignal = Global extends { AbortSignal: { prototype: infer T } } ? T : never;
export type WebBlob = Global extends { Blob: { prototype: infer T } } ? T : never;
export type WebCryptoKey = Global extends { CryptoKey: { prototype: infer T } } ? T : never;
// biome-ignore lint/suspicious/noExplicitAny: whatever fetch there is, what it takes is asked for.
export type WebRequestInit = Global extends { fetch: (address: any, init?: infer T) => unknown } ? T : never;
export type WebResponse = Global extends { Response: { prototype: infer T } } ? T : never;
export type WebURL = Global extends { URL: { prototype: infer T } } ? T : never;
export type WebWasmMemory = Global extends { WebAssembly: { Memory: { prototype: infer T } } } ? T : never;
export type WebWorker = Global extends { Worker: { prototype: infer T } } ? T : never;
export type WebWasmModule = Global extends { WebAssembly: { Module: { prototype: infer T } } } ? T : never;
