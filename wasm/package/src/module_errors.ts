// Why Sotto cannot run here, or a WebAssembly module cannot be used.
import { SottoError, reasonOf } from './errors.js';

/** For a place where Sotto cannot run. */
export function cannotRun(): SottoError {
  if (typeof TextDecoder !== 'function') {
    return new SottoError('unsupported', 'There is no TextDecoder here. Under Jest, use jest-fixed-jsdom.');
  }
  if (typeof WebAssembly === 'object') return forbidden();
  return new SottoError(
    'no_webassembly',
    'This browser has no WebAssembly, which Sotto needs: use a current browser, and switch off any mode that disables it.',
  );
}

function forbidden(cause?: unknown): SottoError {
  return new SottoError(
    'no_webassembly',
    `WebAssembly must not be compiled here. In a page, add 'wasm-unsafe-eval' to the script-src of its ` +
      'Content-Security-Policy. On a platform that only runs modules compiled ahead, import sotto/sotto-simd128.wasm ' +
      'and pass it in the option wasm.',
    cause,
  );
}

/** For bytes that the browser does not compile. */
export function notCompiled(origin: string, error: unknown, mayCompile: boolean): SottoError {
  if (!mayCompile) return forbidden(error);
  return new SottoError('wrong_module', `The WebAssembly module from ${origin} is damaged: ${reasonOf(error)}.`, error);
}

/** For a module that cannot be instantiated. */
export function notInstantiated(error: unknown, abiVersion: number, mayCompile: boolean): SottoError {
  // By its name: a test's environment may have classes of its own.
  if (/^(Link|Type)Error$/.test(String((error as { readonly name?: unknown } | null)?.name))) {
    return otherModule('other imports', abiVersion, error);
  }
  if (!mayCompile) return forbidden(error);
  return new SottoError('out_of_memory', 'There is not enough memory for another recommender: close one.', error);
}

/** For a module of another ABI. */
export function otherModule(found: string, abiVersion: number, cause?: unknown): SottoError {
  return new SottoError(
    'wrong_module',
    `The WebAssembly module has ${found}, not ABI version ${abiVersion}: deploy the module and the JavaScript of the same release.`,
    cause,
  );
}

/** For a module of the package that is not beside its JavaScript. */
export function notBeside(name: string, alternative: string, error: unknown): SottoError {
  if (error instanceof SottoError && error.code === 'no_webassembly') return error;
  const [code, reason] =
    error instanceof SottoError
      ? [error.code, error.message]
      : (['wrong_module', 'This JavaScript has no address of its own here.'] as const);
  const ofVite = reason.includes('/.vite/')
    ? ` Vite's development server before version 8 needs optimizeDeps: { exclude: ['sotto'] }.`
    : '';
  return new SottoError(
    code,
    `${name} could not be loaded from beside the package's JavaScript. ${reason}${ofVite} Serve a copy of sotto/${name}, and ` +
      `pass its address or its bytes in the option wasm${alternative}.`,
    error,
  );
}
