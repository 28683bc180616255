// The user's state as plain data, for people to read and for other programs to use.
import type { Catalogue } from './catalogue.js';
import type { Engine } from './engine.js';
import { type LearningRecord, recordOf } from './learned.js';
import type { ModelInfo } from './model_file.js';
import type { Refusal } from './results.js';

/** Times are ISO 8601. Everything is what `JSON.stringify` writes. */
export interface ReadableState {
  /** The model's fingerprint. */
  readonly model: string;
  readonly events: number;
  /** The latest events, oldest first, at most 1,024. */
  readonly remembered: readonly { readonly id: string; readonly title: string; readonly at: string }[];
  /** What the user asked not to see; without `until` for good. */
  readonly refused: readonly { readonly id: string; readonly title: string; readonly until?: string }[];
  readonly learning: { readonly on: boolean; readonly record: LearningRecord };
  /** What was learned, in numbers: see docs/personal.md. */
  readonly learned: { readonly memoryWeights: readonly number[]; readonly taste: readonly number[] };
}

export function readableState(engine: Engine, catalogue: Catalogue, model: ModelInfo): ReadableState {
  const { items, times } = engine.history();
  return {
    model: model.fingerprint,
    events: engine.events,
    remembered: Array.from(items, (index, event) => {
      const { id, title } = catalogue.at(index);
      return { id, title, at: isoTime(times[event] as number) };
    }),
    refused: refusalsOf(engine, catalogue).map(({ id, title, until }) => ({
      id,
      title,
      ...(until === undefined ? {} : { until: until.toISOString() }),
    })),
    learning: { on: engine.learning, record: recordOf(engine.gate()) },
    learned: { memoryWeights: [...engine.memoryWeights()], taste: [...engine.taste()] },
  };
}

export function refusalsOf(engine: Engine, catalogue: Catalogue): Refusal[] {
  const { items, times } = engine.hidden();
  return Array.from(items, (index, place) => {
    const until = new Date(1000 * (times[place] as number));
    return { ...catalogue.at(index), ...(isTime(until) ? { until } : {}) };
  });
}

/** Of a time beyond what dates can be, its seconds. */
function isoTime(seconds: number): string {
  const date = new Date(1000 * seconds);
  return isTime(date) ? date.toISOString() : `${seconds} s`;
}

function isTime(date: Date): boolean {
  return !Number.isNaN(date.getTime());
}
