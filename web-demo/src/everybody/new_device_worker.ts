// A device that nobody has used yet: what it is recommended, with and without the trend.
import { Recommender, memoryStore, type Trend } from 'sotto';
import { type Offer, offersOf } from './offer';
import { serveCalls } from './worker_calls';

let recommender: Recommender | undefined;

const calls = {
  async open({ model }: { model: string }): Promise<void> {
    recommender = await Recommender.open(model, { store: memoryStore() });
  },
  list({ trend, length }: { trend: Trend; length: number }): Offer[] {
    const device = recommender;
    if (device === undefined) throw new Error('The device was not opened.');
    device.setTrend(trend);
    return offersOf(device, length);
  },
};

export type NewDeviceCalls = typeof calls;

serveCalls(calls);
