// One writer at a time, for stores that cannot read and write at once.
const queues = new Map<string, Promise<unknown>>();

/** Does some work while no other page of the origin does work of this name: without Web Locks, no other recommender here. */
export async function exclusively(name: string, work: () => Promise<void>): Promise<void> {
  const turn = (queues.get(name) ?? Promise.resolve()).then(() => lockedInBrowser(name, work));
  const end = turn.catch(() => undefined);
  queues.set(name, end);
  await turn.finally(() => {
    if (queues.get(name) === end) queues.delete(name);
  });
}

async function lockedInBrowser(name: string, work: () => Promise<void>): Promise<void> {
  const locks = (globalThis as { navigator?: Partial<Navigator> }).navigator?.locks;
  if (locks === undefined) return work();
  let hasBegun = false;
  try {
    await locks.request(name, () => {
      hasBegun = true;
      return work();
    });
  } catch (error) {
    if (hasBegun) throw error;
    await work(); // Locks are refused in sandboxed pages, whose stores nobody shares.
  }
}
