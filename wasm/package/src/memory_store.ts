import type { StateStore } from './state_store.js';

/** A store that lasts as long as the page: for tests, for servers, and for users who want nothing kept. */
export function memoryStore(): StateStore {
  const records = new Map<string, unknown>();
  return {
    description: 'memory of this page only',
    load: async (key) => structuredClone(records.get(key)),
    save: async (key, record) => void records.set(key, structuredClone(record)),
    erase: async (keys) => {
      for (const key of keys) records.delete(key);
    },
  };
}
