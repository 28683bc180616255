// The page works without a network after the first visit: a service worker keeps all its files on the device.

/** Registers the service worker, unless the visitor saves data. */
export async function keepForOffline(): Promise<void> {
  const { connection } = navigator as Navigator & { readonly connection?: { readonly saveData?: boolean } };
  if (!isPossible() || connection?.saveData === true) return;
  try {
    await navigator.serviceWorker.register('./offline.js');
  } catch (error) {
    console.info('This page will not work without a network:', error);
  }
}

/** Resolves when the page can be opened without a network, with whether it can. */
export async function isKeptForOffline(): Promise<boolean> {
  if (!isPossible()) return false;
  await navigator.serviceWorker.ready;
  return true;
}

/** The development server has no such worker. */
function isPossible(): boolean {
  return import.meta.env.PROD && 'serviceWorker' in navigator;
}
