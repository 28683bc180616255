// Parts of the package that not every visit loads.
import { SottoError, reasonOf } from './errors.js';

export type RareCases = typeof import('./rare_cases.js');

/** The part that few visits need. */
export const rareCases = (): Promise<RareCases> => loaded(import('./rare_cases.js'));

/** A part of the package, which an `import()` is loading. Firefox does not load it again in a page where that failed. */
export async function loaded<Part>(part: Promise<Part>): Promise<Part> {
  try {
    return await part;
  } catch (error) {
    if ('ServiceWorkerGlobalScope' in globalThis) {
      const message = 'A service worker cannot load a part of the package: import from sotto/inline.';
      throw new SottoError('unsupported', message, error);
    }
    throw new SottoError(
      'network',
      `A part of the package could not be loaded (${reasonOf(error)}): check the connection and reload the page.`,
      error,
    );
  }
}
