// What happens in the panel: the crowd's wish, week after week, and what follows from it. The views listen.
import { modelAddress } from '../model_address';
import type { Product } from '../product';
import type { Shopper } from '../shopper';
import { Aggregation, type Progress, type TwoViews } from './aggregation';
import type { Publication } from './collector_worker';
import { drawChoices, randomNumber } from './crowd';
import type { NewDeviceCalls, Offer } from './new_device_worker';
import { SlotTable } from './slots';
import { type Wish, wishesOf } from './wishes';
import { WorkerCalls } from './worker_calls';

/** Reports in a batch, and the deviation of each side's noise: so few and so little that a demo shows something. */
export const batchSize = 300;
export const deviation = 2;
/** Of the lists that are compared. */
const listLength = 8;

/** A week that was published. */
export interface Week {
  readonly wish: Wish;
  readonly publication: Publication;
  readonly seconds: number;
  /** Both sides together, for each report: between the leader's request and its end. */
  readonly verifyMilliseconds: number;
  /** Between the sides, for each report. */
  readonly bytes: number;
}

/** A week whose reports come in. */
export interface Collecting {
  readonly accepted: number;
  readonly week: number;
}

export interface Lists {
  readonly before: readonly Offer[];
  readonly after: readonly Offer[];
}

/** What the views show. */
export interface Shown {
  readonly wish: Wish;
  readonly joins: boolean;
  readonly weeks: readonly Week[];
  readonly collecting: Collecting | undefined;
  /** Of one report: the visitor's own, where it joins. */
  readonly views: TwoViews | undefined;
  readonly viewsOwn: boolean;
  readonly lists: Lists | undefined;
  /** The reports that were refused, when the visitor has tried to cheat; and whether that is going on. */
  readonly refusals: readonly number[] | undefined;
  readonly cheating: boolean;
  readonly failure: string | undefined;
}

const noTrend = { items: [], prior: 0 };

export class EverybodySession {
  readonly slots: SlotTable;
  readonly wishes: readonly Wish[];
  readonly #shopper: Shopper;
  readonly #byId: ReadonlyMap<string, Product>;
  readonly #listeners: ((shown: Shown) => void)[] = [];
  #aggregation: Promise<Aggregation> | undefined;
  #newDevice: Promise<WorkerCalls<NewDeviceCalls>> | undefined;
  #stopping: AbortController | undefined;
  shown: Shown;

  constructor(shopper: Shopper) {
    const { recommender } = shopper;
    this.#shopper = shopper;
    this.#byId = new Map(shopper.products.map((product) => [product.id, product]));
    this.slots = new SlotTable(recommender.popular(recommender.items));
    this.wishes = wishesOf(shopper.products);
    this.shown = {
      wish: this.wishes[0] as Wish,
      joins: true,
      weeks: [],
      collecting: undefined,
      views: undefined,
      viewsOwn: false,
      lists: undefined,
      refusals: undefined,
      cheating: false,
      failure: undefined,
    };
  }

  onChange(listener: (shown: Shown) => void): void {
    this.#listeners.push(listener);
    listener(this.shown);
  }

  product(id: string | undefined): Product | undefined {
    return id === undefined ? undefined : this.#byId.get(id);
  }

  /** What the visitor's device would report: its latest look. */
  get ownChoice(): Product | undefined {
    return this.#shopper.visit.trail[0];
  }

  wishFor(wish: Wish): void {
    this.#show({ wish });
  }

  join(joins: boolean): void {
    this.#show({ joins });
  }

  /** Collects, publishes and applies a week. */
  async collect(): Promise<void> {
    const { wish, joins, weeks } = this.shown;
    const stopping = new AbortController();
    this.#stopping = stopping;
    const start = performance.now();
    let accepted = 0;
    let verifyMilliseconds = 0;
    let bytes = 0;
    this.#show({ collecting: { accepted, week: weeks.length + 1 }, views: undefined, failure: undefined });
    try {
      const aggregation = await this.#openAggregation();
      const progress: Progress = {
        onViews: (views) => this.#show({ views, viewsOwn: joins }),
        onJob: (job) => {
          accepted += job.outcome.accepted;
          verifyMilliseconds += job.milliseconds;
          bytes += job.bytes;
          this.#show({ collecting: { accepted, week: weeks.length + 1 } });
        },
      };
      const publication = await aggregation.collect(this.#choices(wish, joins), deviation, progress, stopping.signal);
      const week: Week = {
        wish,
        publication,
        seconds: (performance.now() - start) / 1000,
        verifyMilliseconds: verifyMilliseconds / accepted,
        bytes: bytes / accepted,
      };
      const lists = await this.#apply(publication);
      this.#show({ collecting: undefined, weeks: [...weeks, week], lists });
    } catch (error) {
      if (!stopping.signal.aborted) this.#fail(error);
    }
  }

  /** Throws the batch away that is collected: too few reports are never opened. What was published before stays. */
  stop(): void {
    this.#stopping?.abort();
    this.#show({ collecting: undefined, views: undefined });
  }

  /** Forgets all weeks. */
  startAgain(): void {
    this.#stopping?.abort();
    this.#endAggregation();
    this.#shopper.recommender.setTrend(noTrend);
    this.#shopper.refresh();
    this.#show({ weeks: [], collecting: undefined, views: undefined, lists: undefined, refusals: undefined });
  }

  /** Votes twice in one report. */
  async cheat(): Promise<void> {
    this.#show({ cheating: true, refusals: undefined, failure: undefined });
    try {
      const aggregation = await this.#openAggregation();
      const { refusals } = await aggregation.cheat(1, 2);
      this.#show({ cheating: false, refusals });
    } catch (error) {
      this.#fail(error);
    }
  }

  #choices({ products }: Wish, joins: boolean): number[] {
    const wanted = products.map(({ id }) => this.slots.slotOf(id));
    const crowd = drawChoices(batchSize - (joins ? 1 : 0), this.slots.expected, wanted, randomNumber);
    if (!joins) return crowd;
    const own = this.ownChoice;
    return [own === undefined ? 0 : this.slots.slotOf(own.id), ...crowd];
  }

  /** Lets this page and a new device follow the trend. */
  async #apply({ logRatios, prior }: Publication): Promise<Lists> {
    const trend = this.slots.trendOf(logRatios, prior);
    this.#newDevice ??= openNewDevice();
    const device = await this.#newDevice;
    const before = await device.call('list', { trend: noTrend, length: listLength });
    const after = await device.call('list', { trend, length: listLength });
    this.#shopper.recommender.setTrend(trend);
    this.#shopper.refresh();
    return { before, after };
  }

  #openAggregation(): Promise<Aggregation> {
    this.#aggregation ??= Aggregation.open(this.slots.expected);
    return this.#aggregation;
  }

  #endAggregation(): void {
    this.#aggregation?.then(
      (aggregation) => aggregation.end(),
      () => undefined,
    );
    this.#aggregation = undefined;
  }

  #fail(error: unknown): void {
    this.#endAggregation();
    const failure = error instanceof Error ? error.message : String(error);
    this.#show({ collecting: undefined, cheating: false, failure });
  }

  #show(change: Partial<Shown>): void {
    this.shown = { ...this.shown, ...change };
    for (const listener of this.#listeners) listener(this.shown);
  }
}

async function openNewDevice(): Promise<WorkerCalls<NewDeviceCalls>> {
  const worker = new WorkerCalls<NewDeviceCalls>(
    new Worker(new URL('./new_device_worker.ts', import.meta.url), { type: 'module', name: 'new device' }),
  );
  await worker.call('open', { model: new URL(modelAddress, document.baseURI).href });
  return worker;
}
