// What the device has learned about the visitor, beside what the model expects of everybody.
import type { LearningRecord, PastEvent, Recommendation, Recommender } from 'sotto';
import { chancesOf } from './chances';
import { kindsOf } from './kinds';
import type { Product } from './product';
import { type Shift, learnedInWords } from './wording/learned';

export interface Learning {
  readonly on: boolean;
  /** What each expects the visitor to choose next, best first. */
  readonly everybodys: readonly Expected[];
  readonly yours: readonly Expected[];
  /** What sets them apart; empty when too little does. */
  readonly words: string;
  readonly record: LearningRecord;
  /** The record look by look, since the page was opened. */
  readonly looks: readonly JudgedLook[];
  /** The trust before these looks, 0 to 1. */
  readonly firstTrust: number;
}

export interface Expected {
  readonly product: Product;
  /** How often the visitor has looked at it. */
  readonly looks: number;
}

/** One look, as both had expected it before it was learned from. */
export interface JudgedLook {
  /** The chance that the visitor's list gave it, over the chance that everybody's list gave it. */
  readonly factor: number;
  /** How far the visitor's list was trusted afterwards, 0 to 1. */
  readonly trust: number;
}

const compared = 8;

export class LearningDiary {
  readonly #recommender: Recommender;
  readonly #byId: ReadonlyMap<string, Product>;
  readonly #kinds: ReadonlyMap<string, string>;
  #latest: LearningRecord;
  #firstTrust: number;
  #looks: JudgedLook[] = [];

  constructor(recommender: Recommender, byId: ReadonlyMap<string, Product>) {
    this.#recommender = recommender;
    this.#byId = byId;
    this.#kinds = kindsOf([...byId.values()]);
    this.#latest = recommender.learningRecord;
    this.#firstTrust = this.#latest.trust;
  }

  /** To be called after every event: the recommender keeps the sum of the record only. */
  note(): void {
    const before = this.#latest;
    const now = this.#recommender.learningRecord;
    this.#latest = now;
    if (now.events > before.events) {
      this.#looks.push({ factor: Math.exp(logFactor(now) - logFactor(before)), trust: now.trust });
    } else if (now.events < before.events) {
      this.#looks = [];
      this.#firstTrust = now.trust;
    }
  }

  /** What is known now; neither list has what `exclude` names. */
  now(history: readonly PastEvent[], exclude: readonly PastEvent[]): Learning {
    const base = this.#recommender.recommend(this.#recommender.items, { exclude, base: true });
    const personal = this.#recommender.recommend(this.#recommender.items, { exclude });
    return {
      on: this.#recommender.learning,
      everybodys: this.#best(base, history),
      yours: this.#best(personal, history),
      words: learnedInWords(this.#shifts(base, personal)),
      record: this.#latest,
      looks: [...this.#looks],
      firstTrust: this.#firstTrust,
    };
  }

  #best(ranking: readonly Recommendation[], history: readonly PastEvent[]): Expected[] {
    return ranking.slice(0, compared).flatMap(({ id }) => {
      const product = this.#byId.get(id);
      return product === undefined ? [] : [{ product, looks: history.filter((looked) => looked.id === id).length }];
    });
  }

  /** `Recommender.learned` tells each item's factor, also of items that nobody expects; what sets lists apart are shares. */
  #shifts(base: readonly Recommendation[], personal: readonly Recommendation[]): Shift[] {
    const everybodys = this.#shares(base);
    const yours = this.#shares(personal);
    return [...everybodys].map(([kind, share]) => ({ kind, everybodys: share, yours: yours.get(kind) ?? 0 }));
  }

  /** Of what is expected next, by kind. */
  #shares(ranking: readonly Recommendation[]): Map<string, number> {
    const chances = chancesOf(ranking, this.#recommender.temperature);
    const shares = new Map<string, number>();
    ranking.forEach(({ id }, rank) => {
      const kind = this.#kinds.get(id);
      if (kind !== undefined) shares.set(kind, (shares.get(kind) ?? 0) + (chances[rank] as number));
    });
    return shares;
  }
}

/** The logarithm of how many times likelier learning made the whole record. */
function logFactor({ events, base, personal }: LearningRecord): number {
  return events === 0 ? 0 : events * Math.log(personal / base);
}
