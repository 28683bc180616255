// A tab that is one device: what is chosen on it, what it reports, and what it recommends.
import type { Recommender } from 'sotto';
import { type Ledger, type SyncReason, follow, ledger, sync } from 'sotto/sync';
import type { Catalogue } from '../catalogue/catalogue';
import type { Product } from '../product';
import type { Servers } from './aggregation';
import { type Offer, offersOf } from './offer';
import { type Wish, nothingSpecial, wishesOf } from './wishes';

const listLength = 8;
const noTrend = { items: [], prior: 0 };
const followMilliseconds = 2500;

/** What the view shows. */
export interface DeviceShown {
  /** What was chosen on this device last. */
  readonly choice: Product | undefined;
  readonly reporting: boolean;
  /** The size of what this tab has sent, or why it sent nothing. */
  readonly outcome: number | SyncReason | undefined;
  readonly ledger: Ledger | undefined;
  /** Of the trend that is followed; 0 before the first. */
  readonly trendVersion: number;
  readonly trendApplies: boolean;
  /** What is recommended without the trend, and with it. */
  readonly before: readonly Offer[];
  readonly after: readonly Offer[];
  readonly failure: string | undefined;
  /** Why no trend can be followed at present. */
  readonly trouble: string | undefined;
}

export class DeviceSession {
  readonly servers: Servers;
  readonly wishes: readonly Wish[];
  readonly #recommender: Recommender;
  readonly #byId: ReadonlyMap<string, Product>;
  readonly #listeners: ((shown: DeviceShown) => void)[] = [];
  shown: DeviceShown;

  constructor(recommender: Recommender, catalogue: Catalogue, servers: Servers) {
    this.#recommender = recommender;
    this.servers = servers;
    const products = recommender
      .popular(recommender.items)
      .map((item) => catalogue.productOf(item, recommender.modelInfo.currency));
    this.#byId = new Map(products.map((product) => [product.id, product]));
    this.wishes = wishesOf(products).filter((wish) => wish !== nothingSpecial);
    const before = offersOf(recommender, listLength);
    this.shown = {
      choice: this.product(recommender.history.at(-1)?.id),
      reporting: false,
      outcome: undefined,
      ledger: undefined,
      trendVersion: 0,
      trendApplies: false,
      before,
      after: before,
      failure: undefined,
      trouble: undefined,
    };
  }

  onChange(listener: (shown: DeviceShown) => void): void {
    this.#listeners.push(listener);
    listener(this.shown);
  }

  product(id: string | undefined): Product | undefined {
    return id === undefined ? undefined : this.#byId.get(id);
  }

  choose(product: Product): void {
    this.#recommender.observe(product.id);
    const after = offersOf(this.#recommender, listLength);
    this.#recommender.setTrend(noTrend);
    this.#show({ choice: product, before: offersOf(this.#recommender, listLength), after });
    // The next look at the leader sets the trend again.
  }

  /** What a site's page does at a visit, but at once: here nobody waits an hour. */
  async report(): Promise<void> {
    this.#show({ reporting: true, failure: undefined });
    try {
      const { helper } = this.servers;
      const result = await sync(this.#recommender, { ...this.#site(), helper, consent: true, maxDelay: 0 });
      this.#show({ reporting: false, outcome: result.reason ?? result.bytes, ledger: await ledger() });
    } catch (error) {
      this.#show({ reporting: false, failure: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Follows each trend as it is published; for as long as the page is open. */
  async followTrend(): Promise<void> {
    this.#show({ ledger: await ledger() });
    for (;;) {
      try {
        const { version, applied } = await follow(this.#recommender, this.#site());
        const after = offersOf(this.#recommender, listLength);
        const isNew =
          version !== this.shown.trendVersion || after.some(({ id }, place) => id !== this.shown.after[place]?.id);
        if (isNew) this.#show({ trendVersion: version, trendApplies: applied, after });
        if (this.shown.trouble !== undefined) this.#show({ trouble: undefined });
      } catch (error) {
        this.#show({ trouble: error instanceof Error ? error.message : String(error) });
      }
      await new Promise((resolve) => setTimeout(resolve, followMilliseconds));
    }
  }

  #site() {
    const { url, key } = this.servers.leader;
    return { manifest: `${url}/v1/sync/manifest`, key };
  }

  #show(change: Partial<DeviceShown>): void {
    this.shown = { ...this.shown, ...change };
    for (const listener of this.#listeners) listener(this.shown);
  }
}
