// The rows that are timed. A sample is the mean of as many calls as take at least `shortestSample`.
export const timedRows = [
  { name: 'eventTop10', title: 'one event + top-10, state carried', samples: 1000 },
  { name: 'event', title: 'one event, no head', samples: 1000 },
  { name: 'replay', title: 'replay 50 events → top-10', samples: 200 },
  { name: 'headStep1', title: 'head step, full softmax, 1 example', samples: 100 },
  { name: 'headStep16', title: 'head step, full softmax, 16 examples', samples: 40 },
  { name: 'learnEvent', title: 'one event, learned from', samples: 1000 },
  { name: 'learnEventTop10', title: 'one event, learned from, + top-10', samples: 1000 },
  { name: 'predictLearn', title: 'another model: predict + learn, 50 candidates', samples: 1000 },
];

/** Milliseconds: twenty ticks of the clock that a cross-origin isolated page has. */
export const shortestSample = 0.1;
/** Milliseconds that one row of one contender may take in a round, once it has its fewest samples. */
export const longestMeasurement = 2000;
export const fewestSamples = 10;
