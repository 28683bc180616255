// How many requests this page has made since it was ready, as the browser itself counts them.

export function countRequests(onChange: (requests: number) => void): void {
  let requests = 0;
  onChange(requests);
  const ready = performance.now();
  new PerformanceObserver((list) => {
    requests += list.getEntries().filter(({ startTime }) => startTime > ready).length;
    onChange(requests);
  }).observe({ type: 'resource', buffered: true });
}
