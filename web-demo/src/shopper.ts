// The visitor: what they look at, what the model makes of it, and what the device keeps. The views listen.
import type { Item, PastEvent, Recommender } from 'sotto';
import type { Catalogue } from './catalogue/catalogue';
import { type Learning, LearningDiary } from './learning';
import { type MadeUpVisit, type Regular, beganWith, regularsOf } from './people';
import type { Product } from './product';
import { type Timing, Timings } from './timings';
import { because } from './wording/because';

/** What the views show; a new one after every change. */
export interface Visit {
  /** Best first. Before the first look it is what everybody likes. */
  readonly forYou: readonly Product[];
  /** Products looked at, latest first. */
  readonly trail: readonly Product[];
  /** How long the model took for the looks of this visit. */
  readonly timing: Timing | undefined;
  /** How much the recommended products are to differ, 0 to 1. */
  readonly variety: number;
  readonly events: number;
  readonly stateSize: number;
  /** What the visitor asked not to see. */
  readonly hidden: readonly Product[];
  /** The latest of them, until something else happens. */
  readonly justHidden: Product | undefined;
  readonly learning: Learning;
  /** Whose looks the state began with, when they were made up. */
  readonly madeUp: Regular | undefined;
  /** Whether these are the only looks so far. */
  readonly onlyMadeUp: boolean;
  /** Whether something that was done in this page has led to it. */
  readonly byVisitor: boolean;
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
/** Before the first look: of what everybody likes, not eight of a kind. */
const varietyAtFirst = 0.7;

export class Shopper {
  readonly catalogue: Catalogue;
  /** The whole catalogue, most popular first. */
  readonly products: readonly Product[];
  readonly #recommender: Recommender;
  readonly #byId: ReadonlyMap<string, Product>;
  readonly #diary: LearningDiary;
  readonly #regulars: readonly Regular[];
  readonly #timings = new Timings();
  readonly #listeners: ((visit: Visit) => void)[] = [];
  #variety = 0;
  /** The state before somebody made up came. */
  #beforeMadeUp: Uint8Array | undefined;
  #latestHiding: Hiding | undefined;
  visit: Visit;

  constructor(recommender: Recommender, catalogue: Catalogue) {
    this.#recommender = recommender;
    this.catalogue = catalogue;
    const byPopularity = recommender.popular(recommender.items);
    this.products = byPopularity.map((item) => catalogue.productOf(item, recommender.modelInfo.currency));
    this.#byId = new Map(this.products.map((product) => [product.id, product]));
    this.#diary = new LearningDiary(recommender, this.#byId);
    this.#regulars = regularsOf(catalogue.regulars, this.products);
    this.visit = this.#visitNow(false);
  }

  get recommender(): Recommender {
    return this.#recommender;
  }

  product(id: string | undefined): Product | undefined {
    return id === undefined ? undefined : this.#byId.get(id);
  }

  onChange(listener: (visit: Visit) => void): void {
    this.#listeners.push(listener);
    listener(this.visit);
  }

  look(product: Product): void {
    this.#change(() => this.#observe(product.id));
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

  /** Who made up may come first: to a device that knows nobody, or instead of another of them. */
  get regulars(): readonly Regular[] {
    const { events, onlyMadeUp } = this.visit;
    return events === 0 || (onlyMadeUp && this.#beforeMadeUp !== undefined) ? this.#regulars : [];
  }

  /**
   * The looks of somebody made up, one visit after each pause; ends when the visitor does something meanwhile. Who made up
   * came before is taken back as if they had not come.
   */
  async play(visits: readonly MadeUpVisit[], pause: () => Promise<void>): Promise<void> {
    if (this.visit.events === 0) this.#beforeMadeUp = this.#recommender.exportState();
    else if (this.#beforeMadeUp !== undefined) this.#recommender.importState(this.#beforeMadeUp);
    for (const looks of visits) {
      const { events } = this.#recommender;
      this.#change(() => {
        for (const { id, at } of looks) this.#observe(id, at);
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
    return because(this.#recommender.why(product.id), this.#byId);
  }

  async forget(): Promise<void> {
    const erased = this.#recommender.forget();
    this.refresh();
    await erased;
  }

  /** Shows the state as it is, after something else has changed it. */
  refresh(): void {
    this.#latestHiding = undefined;
    this.#show(false);
  }

  /** Lets something happen; a hiding can be undone from then on, until the next change. */
  #change(event: () => void, hiding?: Hiding): void {
    this.#latestHiding = hiding;
    event();
    this.#show(true);
  }

  #show(byVisitor: boolean): void {
    this.visit = this.#visitNow(byVisitor);
    for (const listener of this.#listeners) listener(this.visit);
  }

  /** Takes a look in, and times that with choosing among all products, as a page does after every look. */
  #observe(id: string, at?: number): void {
    this.#timings.time(() => {
      this.#recommender.observe(id, at);
      this.#recommender.recommend(shown, { diversity: this.#variety });
    });
    this.#diary.note();
  }

  #visitNow(byVisitor: boolean): Visit {
    this.#diary.note();
    const { history, events, stateSize, hidden } = this.#recommender;
    const exclude = lookedAtToday(history);
    const forYou =
      events === 0
        ? this.#recommender.popular(shown, { exclude: hidden, diversity: Math.max(this.#variety, varietyAtFirst) })
        : this.#recommender.recommend(shown, { exclude, diversity: this.#variety });
    const madeUp = beganWith(this.#regulars, history);
    return {
      forYou: this.#known(forYou),
      trail: this.#known(history.slice(-trailLength).reverse()),
      timing: events === 0 ? undefined : this.#timings.summary,
      variety: this.#variety,
      events,
      stateSize,
      hidden: this.#known(hidden),
      justHidden: this.#latestHiding?.product,
      learning: this.#diary.now(history, exclude),
      madeUp,
      onlyMadeUp: madeUp !== undefined && events === madeUp.looks.flat().length,
      byVisitor,
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
