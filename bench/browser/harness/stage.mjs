// Where one contender stands, in a page or in a Node process: opened once, then asked by name for this and that.
import { classic } from '../classic.mjs';
import { historyOfItems, inputOfRow, random } from '../inputs.mjs';
import { fewestSamples, longestMeasurement, shortestSample } from '../rows.mjs';
import { wasmMemoryBytes } from './memory_probe.mjs';

const differentInputs = 32;

export async function createStage(open, files, settings) {
  const contender = await open(files, settings);
  const prepared = new Map();
  const callOf = async (row) => {
    if (!prepared.has(row)) prepared.set(row, await contender.rows[row]());
    return prepared.get(row);
  };

  return {
    modelFiles: () => contender.modelFiles,
    memoryBytes: wasmMemoryBytes,

    /** By row: undefined where it can be measured, or the reason why not. */
    absent(row) {
      const has = contender.rows[row];
      return typeof has === 'function' ? undefined : (has ?? 'not a part of it');
    },

    /** What the contender says after each history, to be compared with the reference. The state must be fresh. */
    async answers(seed, count) {
      const next = random(seed);
      const histories = Array.from({ length: count }, () => historyOfItems(next));
      const step = await callOf('eventTop10');
      let top10;
      for (const item of histories[0]) top10 = await step(item);
      const logits = [];
      if (contender.logits) for (const history of histories) logits.push(Array.from(await contender.logits(history)));
      return { top10: Array.from(top10, Number), logits };
    },

    /** Milliseconds of one call, in samples. */
    async measure(row, seed, share) {
      const call = await callOf(row.name);
      const next = random(seed);
      const inputs = Array.from({ length: differentInputs }, () => inputOfRow[row.name](next));
      const wanted = Math.max(fewestSamples, Math.ceil(row.samples * share));
      let calls = 0;
      const sample = async (callsInSample) => {
        const begin = performance.now();
        for (let i = 0; i < callsInSample; ++i) {
          const result = call(inputs[calls++ % differentInputs]);
          if (result instanceof Promise) await result;
        }
        return (performance.now() - begin) / callsInSample;
      };

      const end = performance.now() + longestMeasurement;
      for (let i = 0; i < wanted / 10; ++i) await sample(1);
      const callsInSample = Math.ceil(shortestSample / Math.max(await sample(20), shortestSample / 100));
      const samples = [];
      while (samples.length < fewestSamples || (samples.length < wanted && performance.now() < end)) {
        samples.push(await sample(callsInSample));
      }
      return { samples, callsInSample };
    },

    /**
     * Takes in many events, learning from them where the contender does, with a recommendation after each hundred; the
     * memory should not notice.
     */
    async feed(count) {
      const learns = typeof contender.rows.learnEvent === 'function';
      const observe = await callOf(learns ? 'learnEvent' : 'event');
      const recommend = await callOf(learns ? 'learnEventTop10' : 'eventTop10');
      const next = random(classic.seed);
      for (let i = 0; i < count; ++i) await (i % 100 === 0 ? recommend : observe)(Math.floor(next() * classic.items));
    },
  };
}
