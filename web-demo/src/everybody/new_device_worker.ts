// A device that nobody has used yet: what it is recommended, with and without the trend.
import { Recommender, memoryStore, type Trend } from 'sotto';
import { serveCalls } from './worker_calls';

export interface Offer {
  readonly id: string;
  /** Whether the trend is a reason for it. */
  readonly isWanted: boolean;
}

/** A smaller part of the score is not worth a mark: a factor of 1.1 in the odds. */
const worthNaming = 0.1;

let recommender: Recommender | undefined;

const calls = {
  async open({ model }: { model: string }): Promise<void> {
    recommender = await Recommender.open(model, { store: memoryStore() });
  },
  list({ trend, length }: { trend: Trend; length: number }): Offer[] {
    const device = recommender;
    if (device === undefined) throw new Error('The device was not opened.');
    device.setTrend(trend);
    return device.recommend(length).map(({ id }) => ({
      id,
      isWanted: (device.why(id).trend?.contribution ?? 0) >= worthNaming,
    }));
  },
};

export type NewDeviceCalls = typeof calls;

serveCalls(calls);
