// The visitor: what they look at, what the model makes of it, and what the device keeps. The views listen.
import type { Recommender } from 'sotto';
import { type Product, productOf } from './product';
import { because } from './wording/because';

/** What the views show; a new one after every change. */
export interface Visit {
  /** Best first; empty before the first look. */
  readonly forYou: readonly Product[];
  /** Products looked at, latest first. */
  readonly trail: readonly Product[];
  /** How long the model took for the latest look: taking it in, and recommending. */
  readonly milliseconds: number | undefined;
  /** How much the recommended products are to differ, 0 to 1. */
  readonly variety: number;
  readonly events: number;
  readonly stateSize: number;
}

const shown = 8;
const trailLength = 12;

export class Shopper {
  /** The whole catalogue, most popular first. */
  readonly products: readonly Product[];
  readonly #recommender: Recommender;
  readonly #byId: ReadonlyMap<string, Product>;
  readonly #listeners: ((visit: Visit) => void)[] = [];
  #variety = 0;
  visit: Visit;

  constructor(recommender: Recommender) {
    this.#recommender = recommender;
    const byPopularity = recommender.popular(recommender.items);
    this.products = byPopularity.map((item) => productOf(item, recommender.modelInfo.currency));
    this.#byId = new Map(this.products.map((product) => [product.id, product]));
    this.visit = this.#visitNow(() => {});
  }

  get recommender(): Recommender {
    return this.#recommender;
  }

  onChange(listener: (visit: Visit) => void): void {
    this.#listeners.push(listener);
    listener(this.visit);
  }

  look(product: Product): void {
    this.#show(this.#visitNow(() => this.#recommender.observe(product.id)));
  }

  vary(variety: number): void {
    this.#variety = variety;
    this.refresh();
  }

  /** Why this product is recommended, in words. */
  why(product: Product): string {
    return because(this.#recommender.why(product.id));
  }

  async forget(): Promise<void> {
    const erased = this.#recommender.forget();
    this.refresh();
    await erased;
  }

  /** Shows the state as it is, after something else has changed it. */
  refresh(): void {
    this.#show(this.#visitNow(() => {}));
  }

  #show(visit: Visit): void {
    this.visit = visit;
    for (const listener of this.#listeners) listener(visit);
  }

  #visitNow(event: () => void): Visit {
    const start = performance.now();
    event();
    const { history, events, stateSize } = this.#recommender;
    const recommended = events === 0 ? [] : this.#recommender.recommend(shown, { exclude: history, diversity: this.#variety });
    const milliseconds = events === 0 ? undefined : performance.now() - start;
    return {
      forYou: this.#known(recommended.map(({ id }) => id)),
      trail: this.#known(history.slice(-trailLength).reverse()),
      milliseconds,
      variety: this.#variety,
      events,
      stateSize,
    };
  }

  #known(ids: readonly string[]): Product[] {
    return ids.map((id) => this.#byId.get(id)).filter((product) => product !== undefined);
  }
}
