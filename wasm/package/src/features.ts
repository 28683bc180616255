// What this browser has, before anything is downloaded: WebAssembly at all, and which of its instructions.
import { SottoError } from './errors.js';

/** The instructions a module needs, slowest first. All give the same results. */
export const wasmTiers = ['scalar', 'simd128', 'relaxed-simd'] as const;
export type WasmTier = (typeof wasmTiers)[number];

const moduleWith = (...sections: number[]) => new Uint8Array([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, ...sections]);

// (module (func (result v128) i32.const 0 i8x16.splat))
const simd128Module = moduleWith(
  0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b, 0x03, 0x02, 0x01, 0x00, 0x0a, 0x08, 0x01, 0x06, 0x00, 0x41, 0x00, 0xfd, 0x0f,
  0x0b,
);

// (module (func (param v128 v128 v128) (result v128)
//   local.get 0 local.get 1 local.get 2 i32x4.relaxed_dot_i8x16_i7x16_add_s))
const relaxedSimdModule = moduleWith(
  0x01, 0x08, 0x01, 0x60, 0x03, 0x7b, 0x7b, 0x7b, 0x01, 0x7b, 0x03, 0x02, 0x01, 0x00, 0x0a, 0x0d, 0x01, 0x0b, 0x00, 0x20,
  0x00, 0x20, 0x01, 0x20, 0x02, 0xfd, 0x93, 0x02, 0x0b,
);

/** The fastest tier that this browser runs. Throws `no_webassembly` where Sotto cannot run. */
export function bestWasmTier(): WasmTier {
  if (typeof WebAssembly !== 'object') {
    throw new SottoError(
      'no_webassembly',
      'This browser has no WebAssembly, which Sotto needs: use a current browser, and switch off any mode that disables it.',
    );
  }
  if (WebAssembly.validate(relaxedSimdModule)) return 'relaxed-simd';
  return WebAssembly.validate(simd128Module) ? 'simd128' : 'scalar';
}
