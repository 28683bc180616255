import type { StateStore } from './state_store.js';

/** A store that lasts as long as the page: for tests, for servers, and for users who want nothing kept. */
export function memoryStore(): StateStore {
  const records = new Map<string, unknown>();
  const listeners = new Map<() => void, string>();
  const announce = (keys: readonly string[], except?: () => void) => {
    for (const [listener, key] of listeners) {
      if (listener !== except && keys.includes(key)) queueMicrotask(listener);
    }
  };
  return {
    description: 'memory of this page only',
    load: async (key) => structuredClone(records.get(key)),
    save: async (key, record) => void records.set(key, structuredClone(record)),
    update: async (key, change, { except } = {}) => {
      const found = structuredClone(records.get(key));
      const next = change(found);
      if (next === found) return;
      if (next === undefined) records.delete(key);
      else records.set(key, structuredClone(next));
      announce([key], except);
    },
    erase: async (keys) => {
      for (const key of keys) records.delete(key);
      announce(keys);
    },
    keys: async (prefix) => [...records.keys()].filter((key) => key.startsWith(prefix)),
    onChanged: (key, listener) => {
      listeners.set(listener, key);
      return () => void listeners.delete(listener);
    },
  };
}
