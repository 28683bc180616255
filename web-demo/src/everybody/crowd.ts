// The made-up crowd: most devices choose as the model expects of everybody, the others what is wanted this week.

/** The share of devices that choose something wanted. */
export const wantedShare = 0.4;

/**
 * Draws a slot for each device. `expected`: the share of each slot; what is missing to 1 chooses nothing, slot 0. `wanted`:
 * slots, the most wanted first; `random`: numbers from 0 to 1, below 1.
 */
export function drawChoices(
  devices: number,
  expected: Float64Array,
  wanted: readonly number[],
  random: () => number,
): number[] {
  const ordinary = cumulative([...expected]);
  // The first is wanted most: each next one is left more often.
  const special = cumulative(wanted.map((_, place) => 1 / (place + 1)));
  return Array.from({ length: devices }, () => {
    if (wanted.length > 0 && random() < wantedShare) {
      return wanted[placeOf(special, random() * (special.at(-1) as number))] ?? 0;
    }
    const place = placeOf(ordinary, random());
    return place < ordinary.length ? place : 0;
  });
}

function cumulative(weights: readonly number[]): number[] {
  let sum = 0;
  return weights.map((weight) => (sum += weight));
}

/** The first place whose sum is above the number; the length where none is. */
function placeOf(sums: readonly number[], number: number): number {
  let low = 0;
  let high = sums.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sums[middle] as number) > number) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** A number from 0 to 1, below 1, from the browser's generator. */
export function randomNumber(): number {
  return (crypto.getRandomValues(new Uint32Array(1))[0] as number) / 2 ** 32;
}
