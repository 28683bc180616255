// What this browser has, before anything is downloaded: WebAssembly at all, and which of its instructions.

/** The instructions a module needs, slowest first. All give the same results. */
export const wasmTiers = ['scalar', 'simd128', 'relaxed-simd'] as const;
export type WasmTier = (typeof wasmTiers)[number];

const moduleWith = (sections: readonly number[]) =>
  new Uint8Array([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, ...sections]);

// (module (func (result v128) i32.const 0 i8x16.splat))
const simd128Module = moduleWith([
  0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b, 0x03, 0x02, 0x01, 0x00, 0x0a, 0x08, 0x01, 0x06, 0x00, 0x41, 0x00, 0xfd,
  0x0f, 0x0b,
]);

// (module (func (export "f") (param i32 i32) (result i32)
//   local.get 0 i8x16.splat local.get 1 i8x16.splat i32.const 0 i32x4.splat
//   i32x4.relaxed_dot_i8x16_i7x16_add_s i32x4.extract_lane 0))
const relaxedSimdModule = moduleWith([
  0x01, 0x07, 0x01, 0x60, 0x02, 0x7f, 0x7f, 0x01, 0x7f, 0x03, 0x02, 0x01, 0x00, 0x07, 0x05, 0x01, 0x01, 0x66, 0x00,
  0x00, 0x0a, 0x16, 0x01, 0x14, 0x00, 0x20, 0x00, 0xfd, 0x0f, 0x20, 0x01, 0xfd, 0x0f, 0x41, 0x00, 0xfd, 0x11, 0xfd,
  0x93, 0x02, 0xfd, 0x1b, 0x00, 0x0b,
]);

// Known is not enough: V8 of Node 20, where the instruction is behind a flag, adds the products twice.
function multipliesRelaxed(): boolean {
  try {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(relaxedSimdModule));
    const dot = exports.f as (a: number, b: number) => number;
    return dot(-128, 127) === 4 * -128 * 127;
  } catch {
    return false;
  }
}

/** Whether code may be compiled here. Engines word a refusal differently, so the smallest module is tried instead. */
export function mayCompile(): boolean {
  try {
    new WebAssembly.Instance(new WebAssembly.Module(moduleWith([])));
    return true;
  } catch {
    return false;
  }
}

/** Whether Sotto runs here. A module that is already compiled runs where none may be compiled. */
export function canRun(isCompiled: boolean): boolean {
  return typeof WebAssembly === 'object' && typeof TextDecoder === 'function' && (isCompiled || mayCompile());
}

/** The fastest tier that this browser runs. It takes a millisecond to find out. */
export function bestWasmTier(): WasmTier {
  if (multipliesRelaxed()) return 'relaxed-simd';
  return WebAssembly.validate(simd128Module) ? 'simd128' : 'scalar';
}
