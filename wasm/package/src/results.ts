// What a recommender is asked for, and what it answers.
import type { ItemFilter } from './item_filter.js';
import type { Item } from './model_file.js';
import type { Moment } from './moment.js';

/** What `recommend` and `popular` leave out, and how much their items are to differ. Every option may be left out. */
export interface RecommendOptions extends ItemFilter {
  /**
   * 0, the default, ranks by score alone. Above it, up to 1, each next item is also unlike those before it; they are chosen
   * from the best 4 · k.
   */
  readonly diversity?: number;
  /**
   * Whether the list is the model's own, without what was learned from this user. By default false: what was learned
   * counts as far as it is trusted.
   */
  readonly base?: boolean;
}

/** An item with its score. The score is a logit, and comparable within one call only. */
export interface Recommendation extends Item {
  readonly score: number;
}

/** One of the user's events, and what it did for the score of the item that `why` was asked about. Values are signed logits. */
export interface Reason extends Item {
  /** How many events came after it; 0 for the latest. */
  readonly eventsSince: number;
  /** The item's score, less the score that it would have without this event. */
  readonly contribution: number;
  /** The parts of the model through which the event acts; they add up to the contribution. */
  readonly through: {
    /** The recurrent network. */
    readonly network: number;
    /** When and how often the user met the item before. */
    readonly history: number;
    /** What other users chose next. */
    readonly counts: number;
  };
}

/** What the trend does for the score of the item that `why` was asked about. */
export interface TrendReason {
  /** The item's score, less the score that it would have if the trend did not name it: a signed logit. */
  readonly contribution: number;
  /** For people: "wanted by many this week". */
  readonly text: string;
}

/** The reasons for an item's score: one for each event, and the trend's. */
export interface Reasons extends Array<Reason> {
  /** Absent where there is no trend, or where it says nothing about the item. */
  readonly trend?: TrendReason;
}

/** An event of the user, as `recall` takes it; every event of `history` is one. */
export interface TimedEvent {
  readonly id: string | number;
  readonly at: Moment;
}

/** An event that the state remembers: its item, and when it happened. */
export interface PastEvent extends Item {
  readonly at: Date;
}

/** An item that the user asked not to see. */
export interface HiddenItem extends Item {
  /** When it may be recommended again. Absent where that is only after the user has chosen it. */
  readonly until?: Date;
}

/** What `restore` took in. */
export interface RestoredBackup {
  /** When the backup was made, by the clock of the device that made it. */
  readonly savedAt: Date;
  /** Whether it was of another version of the model. */
  readonly carriedOver: boolean;
}
