// Random histories on an IndexedDB in memory; tests/browser/histories.test.mjs plays others in browsers.
import { test } from 'node:test';
import 'fake-indexeddb/auto';
import { Recommender, encryptedStore, indexedDbStore } from 'sotto';
import { playHistory } from './random_histories.mjs';
import { modelBytes, modelWith, otherIds, otherVersion } from './support.mjs';

const models = {
  model: modelBytes,
  v2: modelWith(otherVersion),
  other: modelWith(otherIds),
};

/** A store of a page that can be killed: from then on it does nothing and never answers. */
function mortalStore(inner) {
  let isDead = false;
  const never = new Promise(() => {});
  const answer = async (call) => {
    if (isDead) return never;
    const value = await call();
    return isDead ? never : value;
  };
  const store = {
    description: inner.description,
    load: (key) => answer(() => inner.load(key)),
    save: (key, record) => answer(() => inner.save(key, record)),
    erase: (keys) => answer(() => inner.erase(keys)),
    keys: (prefix) => answer(() => inner.keys(prefix)),
    update: (key, change, options) =>
      answer(() => inner.update(key, (found) => (isDead ? found : change(found)), options)),
    onChanged: (key, listener) => inner.onChanged(key, () => isDead || listener()),
  };
  return {
    store,
    kill: () => {
      isDead = true;
    },
    isDead: () => isDead,
  };
}

function driverOf(name, makeStore) {
  const tabs = new Map();
  const seen = ({ recommender }) => {
    const places = new Map(recommender.catalogue.map(({ id }, place) => [id, place]));
    return recommender.history.map(({ id }) => places.get(id));
  };
  const observe = (tab, place) => {
    const { recommender } = tabs.get(tab);
    recommender.observe(recommender.catalogue[place].id);
    return recommender.saved();
  };
  const kill = (tab) => tabs.get(tab).kill();
  return {
    open: async (tab, model) => {
      const { store, ...life } = mortalStore(makeStore(name));
      const warnings = [];
      const onWarning = ({ message }) => warnings.push(message);
      const recommender = await Recommender.open(models[model], { store, onWarning });
      tabs.set(tab, { recommender, warnings, ...life });
      return seen(tabs.get(tab));
    },
    seen: async (tab) => seen(tabs.get(tab)),
    warnings: async (tab) => tabs.get(tab).warnings,
    observe,
    observeAndKill: async (tab, place) => {
      void observe(tab, place);
      kill(tab);
    },
    kill: async (tab) => kill(tab),
    forget: (tab) => tabs.get(tab).recommender.forget(),
    close: (tab) => tabs.get(tab).recommender.close(),
    clear: async () => {
      // Here, unlike in browsers, a transaction goes on in a database that was erased under it.
      // So nothing may be under way, nor any message that begins something.
      await new Promise((resolve) => setTimeout(resolve, 20));
      const living = [...tabs.values()].filter(({ isDead }) => !isDead());
      await Promise.all(living.map(({ recommender }) => recommender.saved()));
      for (const database of [name, `${name} keys`]) {
        await new Promise((resolve, reject) => {
          const erasing = indexedDB.deleteDatabase(database);
          erasing.onsuccess = resolve;
          erasing.onerror = reject;
        });
      }
    },
  };
}

const first = Number(process.env.SOTTO_FIRST_HISTORY ?? 1);
const count = Number(process.env.SOTTO_HISTORIES ?? 100);

for (const [makeStore, histories] of [
  [indexedDbStore, count],
  [encryptedStore, Math.ceil(count / 4)],
]) {
  test(`${makeStore.name}: ${histories} random histories lose nothing, and nothing comes back`, {
    timeout: 3_600_000,
  }, async () => {
    for (let seed = first; seed < first + histories; ++seed) {
      await playHistory(seed, driverOf(`${makeStore.name} ${seed}`, makeStore));
    }
  });
}
