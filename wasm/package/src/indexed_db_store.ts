import { refused } from './arguments.js';
import { indexedDbTable } from './indexed_db_table.js';
import type { StateStore } from './state_store.js';

// A save may wait in the operating system's memory: a power failure then costs the latest events, never the whole
// record, and no save waits for the disk. What has been erased must not come back.
const saving: IDBTransactionOptions = { durability: 'relaxed' };
const erasing: IDBTransactionOptions = { durability: 'strict' };

/** A store in the browser's IndexedDB, shared by all pages of the origin. Each save is one transaction. */
export function indexedDbStore(name = 'sotto'): StateStore {
  if (typeof name !== 'string') throw refused('indexedDbStore(name)', 'a name', name);
  const transact = indexedDbTable(name, 'states');
  // Earlier builds tell each other through it of what was erased. They ignore the keys that this one writes.
  const channelName = `sotto erased ${name}`;
  const channels = new Map<() => void, BroadcastChannel>();

  /** Pages of one origin tell each other what has changed, where the browser lets them. */
  function announce(keys: readonly string[], except?: (() => void) | undefined): void {
    if (typeof BroadcastChannel === 'undefined') return;
    const own = except && channels.get(except); // Hears everything but itself.
    const channel = own ?? new BroadcastChannel(channelName);
    channel.postMessage(keys);
    if (own === undefined) channel.close();
  }

  return {
    description: `IndexedDB “${name}” in this browser`,
    savesAtOnce: true,
    load: (key) =>
      transact('readonly', (states, answer) => {
        const reading = states.get(key);
        reading.onsuccess = () => answer(reading.result);
      }),
    keys: async (prefix) => {
      const found = await transact<string[]>('readonly', (states, answer) => {
        const reading = states.getAllKeys(IDBKeyRange.bound(prefix, `${prefix}\uffff`));
        reading.onsuccess = () => answer(reading.result.filter((key) => typeof key === 'string'));
      });
      return found ?? [];
    },
    save: async (key, record) => {
      const save = (states: IDBObjectStore) => {
        states.put(record, key);
        states.transaction.commit?.(); // The page may be about to go.
      };
      await transact('readwrite', save, saving);
    },
    update: async (key, change, { isErasing = false, except } = {}) => {
      const update = (states: IDBObjectStore, answer: (hasChanged: () => boolean) => void) => {
        const reading = states.get(key);
        reading.onsuccess = () => {
          try {
            const found: unknown = reading.result;
            const next = change(found);
            if (next === undefined) states.delete(key);
            else if (next !== found) states.put(next, key);
            answer(() => next !== found);
            states.transaction.commit?.();
          } catch (error) {
            // Nothing was written. An aborted transaction would be taken for a lost connection, and tried again.
            answer(() => {
              throw error;
            });
          }
        };
      };
      const hasChanged = await transact('readwrite', update, isErasing ? erasing : saving);
      if (hasChanged?.()) announce([key], except);
    },
    erase: async (keys) => {
      const eraseAll = (states: IDBObjectStore) => {
        for (const key of keys) states.delete(key);
        states.transaction.commit?.();
      };
      await transact('readwrite', eraseAll, erasing);
      announce(keys);
    },
    onChanged: (key, listener) => {
      // What is followed will be written. Chromium asks for the space that is left at the first write, which takes as long
      // as the write itself, and remembers the answer for half a minute. Names are texts, so that 0 is nobody's. It is
      // asked after this task, in which a page that opens makes its first list: the browser's work needs a core.
      const askForSpace = (states: IDBObjectStore) => {
        states.put(0, 0);
        states.delete(0);
      };
      // What is wrong is met by the first write.
      setTimeout(() => void transact('readwrite', askForSpace, saving).catch(() => {}));
      if (typeof BroadcastChannel === 'undefined') return () => {};
      const channel = new BroadcastChannel(channelName);
      (channel as { unref?: () => void }).unref?.(); // In Node it would keep the process alive.
      channels.set(listener, channel);
      channel.onmessage = (event: MessageEvent<readonly string[]>) => {
        if (event.data.includes(key)) listener();
      };
      return () => {
        channels.delete(listener);
        channel.close();
      };
    },
  };
}
