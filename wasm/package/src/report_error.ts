// A page's own mistakes, in functions that it passed in. They are reported like any other mistake of the page, and stop
// nothing here.

/** Calls a function of the page's, and reports what it throws or rejects with. */
export function callSafely(call: () => unknown): void {
  try {
    Promise.resolve(call()).catch(report);
  } catch (error) {
    report(error);
  }
}

/** Reports a mistake of the page's that was caught here. */
export function report(error: unknown): void {
  if (typeof reportError === 'function') reportError(error);
  else console.error(error);
}
