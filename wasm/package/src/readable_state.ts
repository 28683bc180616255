// The user's state as plain data, for people to read and for other programs to use.
import type { Catalogue } from './catalogue.js';
import type { Engine } from './engine.js';
import { type LearningRecord, recordOf } from './learned.js';
import type { ModelInfo } from './model_file.js';
import { dateOf } from './moment.js';
import type { HiddenItem, PastEvent } from './results.js';

/** Times are ISO 8601. Everything is what `JSON.stringify` writes. */
export interface ReadableState {
  /** The model's fingerprint. */
  readonly model: string;
  readonly events: number;
  /** The latest events, oldest first, at most 1,024. */
  readonly history: readonly { readonly id: string; readonly title: string; readonly at: string }[];
  /** What the user asked not to see; without `until` for good. */
  readonly hidden: readonly { readonly id: string; readonly title: string; readonly until?: string }[];
  readonly learning: { readonly on: boolean; readonly record: LearningRecord };
  /** What was learned, in numbers: docs/personal.md explains them. */
  readonly learned: { readonly memoryWeights: readonly number[]; readonly taste: readonly number[] };
}

export function readableState(engine: Engine, catalogue: Catalogue, model: ModelInfo): ReadableState {
  return {
    model: model.fingerprint,
    events: engine.events,
    history: historyOf(engine, catalogue).map(({ id, title, at }) => ({ id, title, at: at.toISOString() })),
    hidden: hiddenOf(engine, catalogue).map(({ id, title, until }) => ({
      id,
      title,
      ...(until === undefined ? {} : { until: until.toISOString() }),
    })),
    learning: { on: engine.learning, record: recordOf(engine.gate()) },
    learned: { memoryWeights: [...engine.memoryWeights()], taste: [...engine.taste()] },
  };
}

/** The remembered events, oldest first. */
export function historyOf(engine: Engine, catalogue: Catalogue): PastEvent[] {
  const { items, times } = engine.history();
  return Array.from(items, (index, event) => ({ ...catalogue.at(index), at: dateOf(times[event] as number) }));
}

/** What the user asked not to see. */
export function hiddenOf(engine: Engine, catalogue: Catalogue): HiddenItem[] {
  const { items, times } = engine.hidden();
  return Array.from(items, (index, place) => {
    const until = times[place] as number;
    return { ...catalogue.at(index), ...(until === Infinity ? {} : { until: dateOf(until) }) };
  });
}
