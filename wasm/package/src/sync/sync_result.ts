// What `sync` and `ledger` say.
import type { FollowedTrend } from './follow.js';

/** Why nothing was sent at this visit. */
export type SyncReason =
  /** The visitor has not agreed. */
  | 'no_consent'
  /** The visitor saves data or pays for it. */
  | 'metered'
  /** Another page of this origin is at it. */
  | 'another_page'
  /** The time for the next report has not come. */
  | 'not_due'
  /** The batch of the latest report may still be open: a device is in a batch once. */
  | 'batch_open'
  /** The manifest's number of reports lies within 28 days. */
  | 'limit_reached'
  /** The device's clock is not set. */
  | 'clock_not_set'
  /** The device's ledger was damaged: nothing is sent for 28 days. */
  | 'history_lost'
  /** `forget` erased the report while it waited. */
  | 'forgotten'
  /** The leader was not reached: the report is kept and sent again, the same bytes, at the next call. */
  | 'unreachable'
  /** The leader refused the report for good. It stays in the ledger. */
  | 'refused';

/** Sums of epsilon at a delta of 10^-6. */
export interface Epsilon {
  /** Of the 28 days up to now. */
  readonly window: number;
  /** Of everything that this device ever reported. */
  readonly total: number;
}

/** What `sync` did. */
export interface SyncResult {
  readonly sent: boolean;
  /** The size of what was sent; 0 where nothing was. */
  readonly bytes: number;
  readonly epsilon: Epsilon;
  readonly trend: FollowedTrend;
  /** Present where nothing was sent. */
  readonly reason?: SyncReason;
}

/** What this device has reported, for its user to see. */
export interface Ledger {
  readonly reports: { readonly window: number; readonly total: number };
  readonly epsilon: Epsilon;
  /** Whether a report is sealed and waits to be sent. */
  readonly pending: boolean;
  /** When the next report is due; absent before the first. */
  readonly due?: Date;
}
