export { type FollowOptions, type FollowedTrend, follow } from './follow.js';
export { type SyncOptions, forget, ledger, nothingProbability, sync } from './sync.js';
export type { Epsilon, Ledger, SyncReason, SyncResult } from './sync_result.js';
