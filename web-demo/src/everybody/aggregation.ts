// Where devices report, and where both sides verify and add up: workers of this page, or two servers.
import type { Trend } from 'sotto';
import type { Outcome } from './outcome';
import type { SlotTable } from './slots';

/** What each side sees of one report, as numbers of 16 bytes for each slot. */
export interface TwoViews {
  readonly leader: Uint8Array;
  readonly helper: Uint8Array;
  /** The report as it left, where it went over a network. */
  readonly sealed?: Uint8Array;
}

/** What is published after a batch. */
export interface Publication {
  readonly reports: number;
  /** By slot, with noise: a number may be negative. */
  readonly histogram: readonly number[];
  readonly trend: Trend;
  /** How far the trend is believed at first, 0 to 0.9. */
  readonly prior: number;
  /** How much better the earlier trends predicted the batches after them: nats for each report. */
  readonly gain: number;
  /** Both sides together, for each report, where it was measured. */
  readonly verifyMilliseconds?: number;
}

export interface AggregationEvents {
  /** Reports of the open batch that both sides have verified, and those that wait for it, sealed. */
  readonly onVerified: (verified: number, waiting: number) => void;
  readonly onViews: (views: TwoViews) => void;
  /** A batch was published that other devices have filled. */
  readonly onPublished: (publication: Publication) => void;
  /** What does not work at present; undefined when it works again. */
  readonly onTrouble: (trouble: string | undefined) => void;
}

export interface Aggregation {
  readonly slots: SlotTable;
  /** Reports in a batch, and the deviation of each side's noise. */
  readonly batchSize: number;
  readonly deviation: number;
  /** Where the sides are, if they are servers. */
  readonly servers?: Servers;

  /** From now on says what happens. To be called once, first. */
  listen(events: AggregationEvents): void;
  /** Lets made-up devices fill the batch until it is published. `choose` draws their slots. */
  collect(choose: (devices: number) => readonly number[], signal: AbortSignal): Promise<Publication>;
  /** Sends an honest report, and one that votes for both slots. Not while a batch is collected. */
  cheat(slot: number, otherSlot: number): Promise<Outcome>;
  /** Forgets every batch, where that is possible. */
  startAgain(): void;
}

/** Two servers, as `./sotto demo --sync` starts them. */
export interface Servers {
  readonly leader: Server;
  readonly helper: Server;
}

export interface Server {
  readonly url: string;
  /** The key that signs its documents. */
  readonly key: string;
  /** Its database, for people. */
  readonly database: string;
}
