// Parts of the package that not every visit loads.
import type { Engine } from './engine.js';
import { SottoError, reasonOf } from './errors.js';

export type RareCases = typeof import('./rare_cases.js');

/** The part that few visits need. */
export const rareCases = (): Promise<RareCases> => loaded(import('./rare_cases.js'));

/** A part of the package, which an `import()` is loading. */
export async function loaded<Part>(part: Promise<Part>): Promise<Part> {
  try {
    return await part;
  } catch (error) {
    throw new SottoError(
      'network',
      `A part of the package could not be loaded (${reasonOf(error)}): check the connection.`,
      error,
    );
  }
}

/** Milliseconds. A wait that goes on so long leaves the thread idle. */
const longWait = 100;

/** Rehearses an engine during a long wait for the model. Nothing depends on it. */
export function rehearseDuring(wait: Promise<unknown>, open: (model: Uint8Array) => Promise<Engine>): void {
  let isOver = false;
  const timer = setTimeout(
    () => void import('./rehearsal.js').then(({ rehearse }) => rehearse(open, () => isOver)).catch(() => {}),
    longWait,
  );
  const end = () => {
    isOver = true;
    clearTimeout(timer);
  };
  wait.then(end, end);
}
