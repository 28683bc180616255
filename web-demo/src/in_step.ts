// Pages of one catalogue that are open side by side show the same: when one has stored something, the others take it up,
// as they do when they are seen again.
import type { Shopper } from './shopper';

export function stayInStep(shopper: Shopper): void {
  if (typeof BroadcastChannel === 'undefined') return;
  const channel = new BroadcastChannel(`sotto demo ${shopper.catalogue.name}`);
  channel.onmessage = () => document.dispatchEvent(new Event('visibilitychange'));
  shopper.onChange(async ({ byVisitor }) => {
    if (!byVisitor) return;
    await shopper.recommender.saved();
    channel.postMessage('stored');
  });
}
