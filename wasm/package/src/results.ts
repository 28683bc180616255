// What a recommender is asked for, and what it answers.
import type { ItemFilter } from './item_filter.js';
import type { Item } from './model_file.js';
import type { Moment } from './moment.js';

/** What `recommend` and `popular` leave out, and how much their items are to differ. All of it is optional. */
export interface RecommendOptions extends ItemFilter {
  /**
   * 0, by default: by score alone. Up to 1: each next item also unlike those before it, chosen from the best 4 · k.
   */
  readonly diversity?: number;
  /** Whether what was learned from this user counts; by default it does, as far as it has proved itself. */
  readonly personal?: boolean;
}

/** An item with the model's score for it, a logit: comparable within one call only. */
export interface Recommendation extends Item {
  readonly score: number;
}

/** One of the user's events, and what it did for the score of the item that `why` was asked about. All in logits, signed. */
export interface Reason extends Item {
  /** How many events came after it; 0 for the latest. */
  readonly eventsSince: number;
  /** The item's score less what it would be without this event. */
  readonly contribution: number;
  /** Where it comes from: together they are the contribution. */
  readonly through: {
    /** The recurrent network. */
    readonly network: number;
    /** When and how often the user met the item before. */
    readonly history: number;
    /** What others went on to. */
    readonly counts: number;
  };
}

/** An event of the user. */
export interface TimedEvent {
  readonly id: string;
  readonly at: Moment;
}

/** An item that the user asked not to see. */
export interface Refusal extends Item {
  /** When it may be recommended again; absent when only after the user has chosen it. */
  readonly until?: Date;
}
