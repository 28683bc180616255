/** Reports what a function of the page has thrown, as the browser reports what an event listener throws. */
export function reportMistake(error: unknown): void {
  if (typeof reportError === 'function') reportError(error);
  else console.error(error); // Node before it has reportError
}
