// What this browser must have before it is worth downloading anything.
import { SottoError } from './errors.js';

// (module (func (result v128) i32.const 0 i8x16.splat))
const smallestSimdModule = new Uint8Array([
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b, 0x03, 0x02, 0x01, 0x00,
  0x0a, 0x08, 0x01, 0x06, 0x00, 0x41, 0x00, 0xfd, 0x0f, 0x0b,
]);

/** Throws `no_webassembly` or `no_simd` where Sotto cannot run. */
export function requireFeatures(): void {
  if (typeof WebAssembly !== 'object') {
    throw new SottoError(
      'no_webassembly',
      'This browser has no WebAssembly, which Sotto needs: use a current browser, and switch off any mode that disables it.',
    );
  }
  if (!WebAssembly.validate(smallestSimdModule)) {
    throw new SottoError(
      'no_simd',
      'This browser has no WebAssembly SIMD, which Sotto needs: use Chrome or Edge 91, Firefox 89, Safari 16.4 or newer.',
    );
  }
}
