// What happens in the panel: the crowd's wish, week after week, and what follows from it. The views listen.
import { modelAddress } from '../model_address';
import type { Product } from '../product';
import type { Shopper } from '../shopper';
import type { Aggregation, Publication, TwoViews } from './aggregation';
import { drawChoices, randomNumber } from './crowd';
import type { NewDeviceCalls } from './new_device_worker';
import type { Offer } from './offer';
import { type Wish, wishesOf } from './wishes';
import { WorkerCalls } from './worker_calls';

/** Of the lists that are compared. */
const listLength = 8;

/** A week that was published. */
export interface Week {
  readonly wish: Wish;
  readonly publication: Publication;
  /** Absent where nobody waited for it here. */
  readonly seconds?: number;
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
  /** The week whose reports come in, at the visitor's wish. */
  readonly collecting: number | undefined;
  /** Reports of the open batch that both sides have verified. */
  readonly verified: number;
  /** Reports that wait to be verified, sealed. */
  readonly waiting: number;
  /** Of one report: the visitor's own, where it joins. */
  readonly views: TwoViews | undefined;
  readonly viewsOwn: boolean;
  readonly lists: Lists | undefined;
  /** The reports that were refused, when the visitor has tried to cheat; and whether that is going on. */
  readonly refusals: readonly string[] | undefined;
  readonly cheating: boolean;
  readonly failure: string | undefined;
  /** What does not work at present. */
  readonly trouble: string | undefined;
}

const noTrend = { items: [], prior: 0 };

export class EverybodySession {
  readonly aggregation: Aggregation;
  readonly wishes: readonly Wish[];
  readonly #shopper: Shopper;
  readonly #byId: ReadonlyMap<string, Product>;
  readonly #listeners: ((shown: Shown) => void)[] = [];
  #newDevice: Promise<WorkerCalls<NewDeviceCalls>> | undefined;
  #stopping: AbortController | undefined;
  /** Whether a publication is being taken in. */
  #isTaking = false;
  shown: Shown;

  constructor(shopper: Shopper, aggregation: Aggregation) {
    this.#shopper = shopper;
    this.aggregation = aggregation;
    this.#byId = new Map(shopper.products.map((product) => [product.id, product]));
    this.wishes = wishesOf(shopper.products);
    this.shown = {
      wish: this.wishes[0] as Wish,
      // To servers devices come in tabs of their own.
      joins: aggregation.servers === undefined,
      weeks: [],
      collecting: undefined,
      verified: 0,
      waiting: 0,
      views: undefined,
      viewsOwn: false,
      lists: undefined,
      refusals: undefined,
      cheating: false,
      failure: undefined,
      trouble: undefined,
    };
    aggregation.listen({
      onVerified: (verified, waiting) => {
        const isNew = verified !== this.shown.verified || waiting !== this.shown.waiting;
        if (!this.#isTaking && isNew) this.#show({ verified, waiting });
      },
      onViews: (views) => this.#show({ views, viewsOwn: this.shown.joins }),
      onPublished: (publication) => void this.#take({ wish: this.shown.wish, publication }),
      onTrouble: (trouble) => {
        if (trouble !== this.shown.trouble) this.#show({ trouble });
      },
    });
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
    this.#show({ collecting: weeks.length + 1, verified: 0, views: undefined, failure: undefined });
    try {
      const choose = (devices: number) => this.#choices(wish, joins, devices);
      const publication = await this.aggregation.collect(choose, stopping.signal);
      await this.#take({ wish, publication, seconds: (performance.now() - start) / 1000 });
    } catch (error) {
      if (!stopping.signal.aborted) this.#fail(error);
    }
  }

  /** Ends the made-up devices. Too few reports are never opened; what was published before stays. */
  stop(): void {
    this.#stopping?.abort();
    this.#show({ collecting: undefined, verified: 0, views: undefined });
  }

  /** Forgets all weeks. */
  startAgain(): void {
    this.#stopping?.abort();
    this.aggregation.startAgain();
    this.#shopper.recommender.setTrend(noTrend);
    this.#shopper.refresh();
    this.#show({
      weeks: [],
      collecting: undefined,
      verified: 0,
      views: undefined,
      lists: undefined,
      refusals: undefined,
    });
  }

  /** Votes twice in one report. */
  async cheat(): Promise<void> {
    this.#show({ cheating: true, refusals: undefined, failure: undefined });
    try {
      const { refusals } = await this.aggregation.cheat(1, 2);
      this.#show({ cheating: false, refusals });
    } catch (error) {
      this.#fail(error);
    }
  }

  #choices({ products }: Wish, joins: boolean, devices: number): number[] {
    const { slots } = this.aggregation;
    const wanted = products.map(({ id }) => slots.slotOf(id));
    const crowd = drawChoices(devices - (joins ? 1 : 0), slots.expected, wanted, randomNumber);
    if (!joins) return crowd;
    const own = this.ownChoice;
    return [own === undefined ? 0 : slots.slotOf(own.id), ...crowd];
  }

  async #take(week: Week): Promise<void> {
    this.#isTaking = true;
    this.#show({ verified: week.publication.reports });
    try {
      const lists = await this.#apply(week.publication);
      this.#show({ collecting: undefined, verified: 0, weeks: [...this.shown.weeks, week], lists });
    } finally {
      this.#isTaking = false;
    }
  }

  /** Lets this page and a new device follow the trend. */
  async #apply({ trend }: Publication): Promise<Lists> {
    this.#newDevice ??= openNewDevice();
    const device = await this.#newDevice;
    const before = await device.call('list', { trend: noTrend, length: listLength });
    const after = await device.call('list', { trend, length: listLength });
    this.#shopper.recommender.setTrend(trend);
    this.#shopper.refresh();
    return { before, after };
  }

  #fail(error: unknown): void {
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
