// What the device has learned about the visitor, beside what the model expects of everybody.
import type { LearningRecord, PastEvent, Recommendation, Recommender } from 'sotto';
import type { Product } from './product';
import { learnedInWords } from './wording/learned';

export interface Learning {
  readonly on: boolean;
  /** What each expects the visitor to choose next, best first. */
  readonly everybodys: readonly Expected[];
  readonly yours: readonly Expected[];
  /** What sets them apart; empty when no kind does. */
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

export const compared = 8;

export class LearningDiary {
  readonly #recommender: Recommender;
  readonly #byId: ReadonlyMap<string, Product>;
  #latest: LearningRecord;
  #firstTrust: number;
  #looks: JudgedLook[] = [];

  constructor(recommender: Recommender, byId: ReadonlyMap<string, Product>) {
    this.#recommender = recommender;
    this.#byId = byId;
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
    const everybodys = this.#known(this.#recommender.recommend(compared, { exclude, base: true }), history);
    const yours = this.#known(this.#recommender.recommend(compared, { exclude }), history);
    return {
      on: this.#recommender.learning,
      everybodys,
      yours,
      words: learnedInWords(
        everybodys.map(({ product }) => product),
        yours.map(({ product }) => product),
      ),
      record: this.#latest,
      looks: [...this.#looks],
      firstTrust: this.#firstTrust,
    };
  }

  #known(ranking: readonly Recommendation[], history: readonly PastEvent[]): Expected[] {
    return ranking.flatMap(({ id }) => {
      const product = this.#byId.get(id);
      return product === undefined ? [] : [{ product, looks: history.filter((looked) => looked.id === id).length }];
    });
  }
}

/** The logarithm of how many times likelier learning made the whole record. */
function logFactor({ events, base, personal }: LearningRecord): number {
  return events === 0 ? 0 : events * Math.log(personal / base);
}
