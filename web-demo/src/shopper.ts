// The visitor: what they look at, what the model makes of it, and what the device keeps. The views listen.
import type { Item, PastEvent, Recommender } from 'sotto';
import { type Learning, LearningDiary } from './learning';
import { type MadeUpVisit, beganMadeUp, madeUpLooks } from './made_up_regular';
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
  /** What the visitor asked not to see. */
  readonly hidden: readonly Product[];
  /** The latest of them, until something else happens. */
  readonly justHidden: Product | undefined;
  readonly learning: Learning;
  /** Whether the state began with the looks of somebody made up. */
  readonly madeUp: boolean;
}

/** A product that was hidden, and what takes that back. */
interface Hiding {
  readonly product: Product;
  /** The state before it. */
  readonly before: Uint8Array;
}

const shown = 8;
const trailLength = 12;
const halfADay = 12 * 60 * 60 * 1000;

export class Shopper {
  /** The whole catalogue, most popular first. */
  readonly products: readonly Product[];
  readonly #recommender: Recommender;
  readonly #byId: ReadonlyMap<string, Product>;
  readonly #diary: LearningDiary;
  readonly #listeners: ((visit: Visit) => void)[] = [];
  #variety = 0;
  #latestHiding: Hiding | undefined;
  visit: Visit;

  constructor(recommender: Recommender) {
    this.#recommender = recommender;
    const byPopularity = recommender.popular(recommender.items);
    this.products = byPopularity.map((item) => productOf(item, recommender.modelInfo.currency));
    this.#byId = new Map(this.products.map((product) => [product.id, product]));
    this.#diary = new LearningDiary(recommender, this.#byId);
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
    this.#change(() => this.#recommender.observe(product.id));
  }

  /** Hides the product for good; what is like it is recommended less. */
  hide(product: Product): void {
    const before = this.#recommender.exportState();
    this.#change(() => this.#recommender.feedback(product.id, 'not_this'), { product, before });
  }

  /** Takes the latest hiding back as if it had not been, with what it taught. */
  undoHiding(): void {
    const hiding = this.#latestHiding;
    if (hiding !== undefined) this.#change(() => this.#recommender.importState(hiding.before));
  }

  /** Shows a hidden product again; what its hiding taught stays. */
  showAgain(product: Product): void {
    this.#change(() => this.#recommender.show(product.id));
  }

  learn(on: boolean): void {
    this.#change(() => {
      this.#recommender.learning = on;
    });
  }

  /** Whether somebody made up could come first: only to a device that knows nobody. */
  get welcomesMadeUp(): boolean {
    return this.visit.events === 0 && madeUpLooks.every((id) => this.#byId.has(id));
  }

  /** The looks of somebody made up, one visit after each pause; ends when the visitor does something meanwhile. */
  async play(visits: readonly MadeUpVisit[], pause: () => Promise<void>): Promise<void> {
    for (const looks of visits) {
      const { events } = this.#recommender;
      looks.forEach(({ id, at }, place) => {
        const isLast = place === looks.length - 1;
        if (isLast) this.#change(() => this.#recommender.observe(id, at));
        else this.#take(() => this.#recommender.observe(id, at));
      });
      await pause();
      if (this.#recommender.events !== events + looks.length) return;
    }
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
    this.#change(() => {});
  }

  /** Lets something happen; a hiding can be undone from then on, until the next change. */
  #change(event: () => void, hiding?: Hiding): void {
    this.#latestHiding = hiding;
    this.visit = this.#visitNow(event);
    for (const listener of this.#listeners) listener(this.visit);
  }

  #take(event: () => void): void {
    event();
    this.#diary.note();
  }

  #visitNow(event: () => void): Visit {
    const taking = timed(() => this.#take(event));
    const { history, events, stateSize, hidden } = this.#recommender;
    const exclude = lookedAtToday(history);
    const recommending = timed(() =>
      events === 0 ? [] : this.#recommender.recommend(shown, { exclude, diversity: this.#variety }),
    );
    const milliseconds = events === 0 ? undefined : taking.milliseconds + recommending.milliseconds;
    return {
      forYou: this.#known(recommending.result),
      trail: this.#known(history.slice(-trailLength).reverse()),
      milliseconds,
      variety: this.#variety,
      events,
      stateSize,
      hidden: this.#known(hidden),
      justHidden: this.#latestHiding?.product,
      learning: this.#diary.now(history, exclude),
      madeUp: beganMadeUp(history),
    };
  }

  #known(items: readonly Item[]): Product[] {
    return items.map(({ id }) => this.#byId.get(id)).filter((product) => product !== undefined);
  }
}

/** What to leave out of the lists: it has just been seen. What was looked at on other days may come back. */
function lookedAtToday(history: readonly PastEvent[]): PastEvent[] {
  const since = Date.now() - halfADay;
  return history.filter(({ at }) => at.getTime() >= since);
}

function timed<Result>(action: () => Result): { readonly result: Result; readonly milliseconds: number } {
  const start = performance.now();
  const result = action();
  return { result, milliseconds: performance.now() - start };
}
