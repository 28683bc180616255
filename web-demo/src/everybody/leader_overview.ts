// What the leader tells its operator (docs/sync_operations.md).

interface Batch {
  readonly state: 'open' | 'closing' | 'released' | 'given_up';
  readonly reports: number;
  /** Why it was given up. */
  readonly reason: string;
}

export interface Release {
  readonly version: number;
  /** 0 for an earlier trend that was rolled back to. */
  readonly reports: number;
  readonly prior: number;
  readonly gain: number;
}

export interface LeaderOverview {
  readonly task: { readonly id: string; readonly min_batch: number; readonly noise: number };
  readonly waiting: number;
  /** The newest first. */
  readonly batches: readonly Batch[];
  /** Reports by the reason of their refusal. */
  readonly refused: Readonly<Record<string, number>>;
  /** The newest first. */
  readonly releases: readonly Release[];
  /** Of the newest release, by slot. */
  readonly histogram?: readonly number[];
}

export async function askLeader(leader: string, operatorKey: string): Promise<LeaderOverview> {
  const response = await fetch(`${leader}/v1/admin/sync/overview`, {
    headers: { Authorization: `Bearer ${operatorKey}` },
    cache: 'no-store',
  });
  if (!response.ok) throw new Error(`The leader answered ${response.status}.`);
  return response.json();
}

/** Reports of the batch that is open, or being closed, that both sides have verified. */
export function verifiedReports({ batches }: LeaderOverview): number {
  return batches
    .filter(({ state }) => state === 'open' || state === 'closing')
    .reduce((sum, { reports }) => sum + reports, 0);
}

/** Batches that have come to their end, the newest first. */
export function settledBatches({ batches }: LeaderOverview): readonly Batch[] {
  return batches.filter(({ state }) => state === 'released' || state === 'given_up');
}
