// How long a store may take to answer. IndexedDB has been seen to never answer, in every browser.

/** Milliseconds. */
export const answerTime = 5000;

/** The promise, or a rejection when it has not settled in time; `late` is then called. */
export function inTime<T>(promise: Promise<T>, late: () => void = () => {}): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      late();
      reject(new Error(`it did not answer within ${answerTime / 1000} seconds`));
    }, answerTime);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
