// When a report may leave: the page has nothing to do, and the connection costs the visitor nothing.

interface Connection {
  readonly saveData?: boolean;
  readonly type?: string;
}

/** Whether the visitor saves data or pays for it, where the browser tells. */
export function isMetered(): boolean {
  const { connection } = (globalThis.navigator ?? {}) as { connection?: Connection };
  return connection?.saveData === true || connection?.type === 'cellular';
}

/** Resolves when the page is idle, or at once where the browser cannot tell. */
export function idle(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof requestIdleCallback === 'undefined') resolve();
    else requestIdleCallback(() => resolve(), { timeout: 10_000 });
  });
}

/** Resolves after so many milliseconds; rejects when the signal ends it. */
export function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener('abort', stop);
    function done() {
      signal?.removeEventListener('abort', stop);
      resolve();
    }
    function stop() {
      clearTimeout(timer);
      reject(signal?.reason);
    }
  });
}
