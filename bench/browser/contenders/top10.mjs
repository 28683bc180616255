// The best ten of a row of logits, for runtimes that do not rank by themselves.
const top = 10;

/** Indices, best first. A candidate is compared with the worst of the ten first: nearly all stop there. */
export function top10(logits) {
  const items = new Int32Array(top).fill(-1);
  const scores = new Float32Array(top).fill(-Infinity);
  let worst = -Infinity;
  for (let item = 0; item < logits.length; ++item) {
    const score = logits[item];
    if (score <= worst) continue;
    let place = top - 1;
    for (; place > 0 && scores[place - 1] < score; --place) {
      scores[place] = scores[place - 1];
      items[place] = items[place - 1];
    }
    scores[place] = score;
    items[place] = item;
    worst = scores[top - 1];
  }
  return items;
}
