// What this page has asked for since it was ready, as the browser itself counts it.

export interface Requests {
  /** Those that could carry something: to other addresses than the page's own files, or with a query. */
  readonly sent: number;
  /** The page's own files, and their bytes as they are stored. */
  readonly files: number;
  readonly bytes: number;
}

export function countRequests(onChange: (requests: Requests) => void): void {
  let requests: Requests = { sent: 0, files: 0, bytes: 0 };
  onChange(requests);
  const ready = performance.now();
  const folder = new URL('.', document.baseURI).href;
  new PerformanceObserver((list) => {
    const entries = list.getEntries().filter(({ startTime }) => startTime > ready) as PerformanceResourceTiming[];
    for (const { name, initiatorType, encodedBodySize } of entries) {
      const isFile = name.startsWith(folder) && !name.includes('?') && initiatorType !== 'beacon';
      requests = isFile
        ? { ...requests, files: requests.files + 1, bytes: requests.bytes + encodedBodySize }
        : { ...requests, sent: requests.sent + 1 };
    }
    onChange(requests);
  }).observe({ type: 'resource', buffered: true });
}
