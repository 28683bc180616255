// Does a contender say what the reference says? Asked before it is measured.
import { classic } from './classic.mjs';
import { top10 } from './contenders/top10.mjs';
import { historyOfItems, random } from './inputs.mjs';
import { loadReference } from './reference.mjs';

export const checkedHistories = 3;

/** Errors of logits are shares of the logits' standard deviation. */
export const tolerances = {
  float: { largestError: 1e-4, sameOf10: 10 },
  eightBit: { rmsError: 0.06, sameOf10: 7 },
};

const rootMeanSquare = (values) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

function standardDeviation(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return rootMeanSquare(values.map((value) => value - mean));
}

export function makeChecker() {
  const reference = loadReference();
  const next = random(classic.seed);
  const expected = Array.from({ length: checkedHistories }, () => reference(historyOfItems(next)));
  const expectedTop10 = new Set(top10(expected[0]));

  /** `answers` are those of a fresh stage to the seed of the classic model. */
  return ({ top10: items, logits }, isFloat) => {
    const errors = logits.flatMap((row, i) => {
      const scale = standardDeviation(expected[i]);
      return row.map((logit, item) => (logit - expected[i][item]) / scale);
    });
    const same = items.filter((item) => expectedTop10.has(item)).length;
    const tolerance = isFloat ? tolerances.float : tolerances.eightBit;
    const result = { same, tolerance };
    if (errors.length > 0) {
      result.largestError = errors.reduce((largest, error) => Math.max(largest, Math.abs(error)), 0);
      result.rmsError = rootMeanSquare(errors);
    }
    // Written so that NaN does not pass.
    const isWithin = (name) => !(name in result && name in tolerance) || result[name] <= tolerance[name];
    result.passes = same >= tolerance.sameOf10 && isWithin('largestError') && isWithin('rmsError');
    return result;
  };
}

export const verdict = ({ passes }) => (passes ? 'agrees' : 'DIFFERS');

const percent = (share) => `${(100 * share).toPrecision(2)} %`;

/** What was found and what is allowed, or undefined where the contender shows no logits. */
export function describeErrors({ largestError, rmsError, tolerance }) {
  if (largestError === undefined) return undefined;
  const allowed =
    'rmsError' in tolerance ? `rms ${percent(tolerance.rmsError)}` : `largest ${percent(tolerance.largestError)}`;
  return { rms: percent(rmsError), largest: percent(largestError), allowed };
}

export function describeCheck(check) {
  const items = `${check.same} of the top 10 (at least ${check.tolerance.sameOf10})`;
  const errors = describeErrors(check);
  if (errors === undefined) return `${verdict(check)}: ${items}`;
  const { rms, largest, allowed } = errors;
  return `${verdict(check)}: ${items}, logits' errors: rms ${rms}, largest ${largest} (allowed: ${allowed})`;
}
