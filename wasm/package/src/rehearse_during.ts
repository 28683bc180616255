import type { Engine } from './engine.js';

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
