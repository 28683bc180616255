import assert from 'node:assert/strict';
import { test } from 'node:test';
import 'fake-indexeddb/auto';
import { runInNewContext } from 'node:vm';
import { Recommender, encryptedStore, indexedDbStore, memoryStore } from 'sotto';
import { Engine } from '../dist/engine.js';
import { ids, modelBytes, modelWith, recordKey, setAsideKey, storedPart, warnings } from './support.mjs';

const picked = (recommender) => recommender.catalogue.slice(2, 8).map(({ id }) => id);
const observeSome = (recommender) => {
  for (const id of picked(recommender)) recommender.observe(id);
};
const otherVersion = modelWith(({ spec }) => (spec.attribution += ' Another version.'));

let databases = 0;
const stores = [
  ['memory', () => memoryStore()],
  ['IndexedDB', () => indexedDbStore(`test ${databases++}`)],
];

test('a state goes out and in again, and into another recommender', async () => {
  const clock = () => 1_700_000_000_000;
  const one = await Recommender.open(modelBytes, { store: memoryStore(), clock });
  const other = await Recommender.open(modelBytes, { store: memoryStore(), clock });
  observeSome(one);
  const state = one.exportState();
  assert.equal(state.byteLength, one.stateSize);
  other.importState(state);
  assert.deepEqual(other.exportState(), state);
  assert.deepEqual(other.history, one.history);
  assert.deepEqual(other.recommend(20), one.recommend(20));
  await Promise.all([one.close(), other.close()]);
});

test('a foreign, a shortened and a damaged state are refused, and nothing changes', async () => {
  const recommender = await Recommender.open(modelBytes, { store: memoryStore() });
  const foreign = await Recommender.open(otherVersion, { store: memoryStore() });
  observeSome(recommender);
  observeSome(foreign);
  const before = recommender.exportState();
  assert.throws(() => recommender.importState(foreign.exportState()), { name: 'SottoError', code: 'mismatch' });
  assert.throws(() => recommender.importState(before.subarray(1)), { name: 'SottoError' });
  assert.throws(() => recommender.importState(before.subarray(0, -1)), { name: 'SottoError' });
  assert.throws(() => recommender.importState(new Uint8Array()), { name: 'SottoError' });
  assert.deepEqual(recommender.exportState(), before);
  assert.deepEqual(ids(recommender.history), picked(recommender));
  await Promise.all([recommender.close(), foreign.close()]);
});

for (const [kind, makeStore] of stores) {
  test(`${kind}: a user is known again, and told from another user`, async () => {
    const store = makeStore();
    const clock = () => 1_700_000_000_000;
    const first = await Recommender.open(modelBytes, { store, user: 'ada', clock });
    observeSome(first);
    const expected = first.recommend(10);
    await first.close();

    const again = await Recommender.open(modelBytes, { store, user: 'ada', clock });
    assert.deepEqual(again.recommend(10), expected);
    assert.deepEqual(ids(again.history), picked(again));
    assert.equal(again.events, 6);
    const stranger = await Recommender.open(modelBytes, { store, user: 'grace' });
    assert.deepEqual(ids(stranger.history), []);
    await Promise.all([again.close(), stranger.close()]);
  });

  test(`${kind}: forgetting erases the record, what was set aside, and any write under way`, async () => {
    const store = makeStore();
    await store.save(setAsideKey, 'an old record');
    const recommender = await Recommender.open(modelBytes, { store });
    observeSome(recommender);
    await recommender.saved();
    observeSome(recommender);
    const forgotten = recommender.forget();
    assert.equal(recommender.events, 0);
    assert.deepEqual(ids(recommender.history), []);
    await forgotten;
    await recommender.close();
    assert.equal(await store.load(recordKey), undefined);
    assert.equal(await store.load(setAsideKey), undefined);
  });

  test(`${kind}: the state of another version of the model is carried over`, async () => {
    const store = makeStore();
    const old = await Recommender.open(otherVersion, { store });
    observeSome(old);
    await old.close();

    const { codes, onWarning } = warnings();
    const renewed = await Recommender.open(modelBytes, { store, onWarning });
    assert.deepEqual(codes, ['state_carried_over']);
    assert.deepEqual(ids(renewed.history), picked(renewed));
    assert.equal(renewed.learningRecord.events, 6);
    await renewed.close();
    const reopened = await Recommender.open(modelBytes, { store, onWarning });
    assert.deepEqual(codes, ['state_carried_over']);
    assert.deepEqual(ids(reopened.history), picked(reopened));
    await reopened.close();
  });

  test(`${kind}: the page has its turns while a state is carried over, and can stop it`, async () => {
    const store = makeStore();
    const old = await Recommender.open(otherVersion, { store });
    for (let i = 0; i < 20; ++i) observeSome(old);
    const { events } = old;
    const history = ids(old.history);
    assert.ok(events >= 100);
    await old.close();
    const record = await store.load(recordKey);

    const stopping = new AbortController();
    const onWarning = () => setTimeout(() => stopping.abort());
    const stopped = Recommender.open(modelBytes, { store, onWarning, signal: stopping.signal });
    await assert.rejects(stopped, { code: 'interrupted' });
    assert.deepEqual(await store.load(recordKey), record);

    let turns = 0;
    const everyTurn = setInterval(() => ++turns, 0);
    const renewed = await Recommender.open(modelBytes, { store, onWarning: () => (turns = 0) });
    clearInterval(everyTurn);
    assert.ok(turns >= 2);
    assert.deepEqual(ids(renewed.history), history);
    assert.equal(renewed.events, events);
    await renewed.close();
  });

  test(`${kind}: items that the new version no longer has are left out`, async () => {
    const store = makeStore();
    const old = await Recommender.open(modelBytes, { store });
    observeSome(old);
    const [gone, ...kept] = picked(old);
    await old.close();
    const withoutIt = modelWith(({ catalogue }) => {
      catalogue.item_id[2] = 'a new item';
    });
    const renewed = await Recommender.open(withoutIt, { store, onWarning: () => {} });
    assert.equal(renewed.item(gone), undefined);
    assert.deepEqual(ids(renewed.history), kept);
    await renewed.close();
  });

  test(`${kind}: two models keep a history each`, async () => {
    const store = makeStore();
    const foreign = modelWith(({ catalogue }) => {
      catalogue.item_id = catalogue.item_id.map((id) => `other ${id}`);
    });
    const { codes, onWarning } = warnings();
    for (let round = 1; round <= 3; ++round) {
      for (const model of [modelBytes, foreign]) {
        const recommender = await Recommender.open(model, { store, onWarning });
        observeSome(recommender);
        assert.equal(recommender.events, 6 * round);
        await recommender.close();
      }
    }
    const forgetful = await Recommender.open(foreign, { store, onWarning });
    await forgetful.forget();
    await forgetful.close();
    const kept = await Recommender.open(modelBytes, { store, onWarning });
    assert.equal(kept.events, 18);
    await kept.close();
    const forgotten = await Recommender.open(foreign, { store, onWarning });
    assert.equal(forgotten.events, 0);
    await forgotten.close();
    assert.deepEqual(codes, []);
  });

  for (const [what, damage] of [
    ['an unknown layout', (record) => ({ ...record, version: 99 })],
    ['something else', () => 'not a record'],
    [
      'a shortened state',
      ({ version, parts: [part] }) => ({ version, parts: [{ ...part, state: part.state.subarray(0, 5) }] }),
    ],
  ]) {
    test(`${kind}: ${what} in the store is set aside with a warning, and the user starts afresh`, async () => {
      const store = makeStore();
      const old = await Recommender.open(modelBytes, { store });
      observeSome(old);
      await old.close();
      const damaged = damage(await store.load(recordKey));
      await store.save(recordKey, damaged);

      const { codes, onWarning } = warnings();
      const recommender = await Recommender.open(modelBytes, { store, onWarning });
      assert.deepEqual(codes, ['state_damaged']);
      assert.equal(recommender.events, 0);
      assert.equal(await store.load(recordKey), undefined);
      assert.deepEqual(await store.load(setAsideKey), damaged);
      await recommender.close();
    });
  }
}

for (const [kind, makeStore] of stores) {
  test(`${kind}: two models that state lineages keep a history each, though their items have the same ids`, async () => {
    const store = makeStore();
    const [shop, outlet] = ['shop', 'outlet'].map((lineage) => modelWith(({ spec }) => (spec.lineage = lineage)));
    const newShop = modelWith(({ spec }) => Object.assign(spec, { lineage: 'shop', attribution: 'A new version.' }));
    const { codes, onWarning } = warnings();
    const visit = async (model, act) => {
      const recommender = await Recommender.open(model, { store, onWarning });
      await act?.(recommender);
      const seen = ids(recommender.history);
      await recommender.close();
      return seen;
    };
    const look =
      (...places) =>
      (recommender) => {
        for (const place of places) recommender.observe(recommender.catalogue[place].id);
      };
    const [first, second, third] = await visit(shop, look(1, 2, 3));
    assert.deepEqual(await visit(outlet), []);
    assert.deepEqual(await visit(outlet, look(3)), [third]);
    assert.deepEqual(await visit(newShop), [first, second, third], 'a version shares the lineage');
    assert.deepEqual(codes, ['state_carried_over']);
    await visit(outlet, (recommender) => recommender.forget());
    assert.deepEqual(await visit(outlet), []);
    assert.deepEqual(await visit(newShop), [first, second, third]);
  });
}

test("a store may give back another realm's bytes", async () => {
  const Foreign = runInNewContext('Uint8Array');
  const foreign = (value) => {
    if (value instanceof Uint8Array) return Foreign.from(value);
    if (Array.isArray(value)) return value.map(foreign);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, foreign(field)]));
  };
  const foreignStore = () => {
    const { load, save, erase, description } = memoryStore();
    return { description, load: async (key) => foreign(await load(key)), save, erase };
  };
  for (const store of [foreignStore(), encryptedStore(`realms ${databases++}`, foreignStore())]) {
    const { codes, onWarning } = warnings();
    for (const events of [0, 6, 12]) {
      const recommender = await Recommender.open(modelBytes, { store, onWarning });
      assert.equal(recommender.events, events);
      observeSome(recommender);
      await recommender.close();
    }
    assert.deepEqual(codes, []);
  }
});

for (const [what, clock] of [
  ['a Date', () => new Date(1_700_000_000_000)],
  ['an ISO 8601 date', () => '2026-06-01T12:00:00Z'],
]) {
  test(`a clock may give ${what}`, async () => {
    for (const store of [memoryStore(), encryptedStore(`clock ${databases++}`)]) {
      const { codes, onWarning } = warnings();
      for (const events of [0, 6, 12]) {
        const recommender = await Recommender.open(modelBytes, { store, clock, onWarning });
        assert.equal(recommender.events, events);
        observeSome(recommender);
        await recommender.close();
      }
      assert.deepEqual(codes, []);
    }
  });
}

for (const [kind, makeStore] of stores) {
  test(`${kind}: a clock that fails is reported, and what was dated without it is stored`, async (t) => {
    const reported = t.mock.method(console, 'error', () => {});
    const store = makeStore();
    let failures = 0;
    const clock = () => {
      ++failures;
      throw new Error('a mistake of the page');
    };
    const { codes, onWarning } = warnings();
    const recommender = await Recommender.open(modelBytes, { store, clock, onWarning });
    const [one, other] = picked(recommender);
    assert.throws(() => recommender.observe(one), /a mistake of the page/);
    for (const id of [one, other]) {
      recommender.observe(id, 1_700_000_000_000);
      await recommender.saved();
    }
    await recommender.close();
    assert.ok(failures > 1 && reported.mock.callCount() > 0);
    const again = await Recommender.open(modelBytes, { store, onWarning });
    assert.deepEqual(ids(again.history), [one, other]);
    await again.close();
    assert.deepEqual(codes, []);
  });
}

test('a state that cannot be written for once is written at the next change', async (t) => {
  const store = indexedDbStore(`once ${databases++}`);
  const recommender = await Recommender.open(modelBytes, { store, onWarning: () => {} });
  const [one, other] = picked(recommender);
  const failing = t.mock.method(Engine.prototype, 'exportState', () => {
    throw new Error('no memory for once');
  });
  recommender.observe(one);
  await recommender.saved();
  failing.mock.restore();
  recommender.observe(other);
  await recommender.close();
  const again = await Recommender.open(modelBytes, { store });
  assert.deepEqual(ids(again.history), [one, other]);
  await again.close();
});

test('many events in one task are one write', async () => {
  const store = memoryStore();
  let writes = 0;
  const update = (...parameters) => {
    writes++;
    return store.update(...parameters);
  };
  const counting = { ...store, update };
  const recommender = await Recommender.open(modelBytes, { store: counting });
  observeSome(recommender);
  await recommender.saved();
  assert.equal(writes, 1);
  assert.deepEqual(
    (await storedPart(store)).names.map(([, id]) => id),
    picked(recommender),
  );
  await recommender.close();
  assert.equal(writes, 1);
});

for (const places of [[0], [0, 1]]) {
  test(`a page that is killed at once has lost nothing: ${places.length} events`, async () => {
    const records = memoryStore();
    let isKilled = false;
    const pending = new Promise(() => {});
    // What it is asked for once the page is killed never happens; nor does what needs an answer first.
    const store = {
      ...records,
      savesAtOnce: true,
      save: (key, record) => (isKilled ? pending : records.save(key, record)),
      update: async (...parameters) => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        return isKilled ? pending : records.update(...parameters);
      },
    };
    const recommender = await Recommender.open(modelBytes, { store });
    for (const place of places) {
      await recommender.saved();
      recommender.observe(recommender.catalogue[place].id);
    }
    // The tasks that have begun come to their end, as in a page that answers the browser.
    for (let turn = 0; turn < 10; ++turn) await undefined;
    isKilled = true;
    const next = await Recommender.open(modelBytes, { store: records });
    assert.deepEqual(
      next.history.map(({ id }) => id),
      places.map((place) => next.catalogue[place].id),
    );
    await next.close();
    assert.deepEqual(await records.keys(`${recordKey} (left`), []);
  });
}

test('a store that cannot be read: in memory, with one warning', async () => {
  const refused = async () => {
    throw new Error('refused');
  };
  const { codes, messages, onWarning } = warnings();
  const store = { description: 'locked cupboard', load: refused, save: refused, erase: refused };
  const recommender = await Recommender.open(modelBytes, { store, onWarning });
  observeSome(recommender);
  await recommender.saved();
  await assert.rejects(recommender.forget(), { code: 'storage_unavailable' });
  assert.equal(recommender.events, 0);
  assert.deepEqual(codes, ['storage_unavailable']);
  assert.match(messages[0], /^locked cupboard cannot be used \(refused\).*tried again/);
  assert.equal(recommender.storedIn, 'memory of this page only');
  await recommender.close();
});

test('a store that refuses to write is warned of once, and tried again', async () => {
  const store = memoryStore();
  let full = true;
  const moody = {
    ...store,
    update: async (...parameters) => {
      if (full) throw new Error('full');
      return store.update(...parameters);
    },
  };
  const { codes, messages, onWarning } = warnings();
  const recommender = await Recommender.open(modelBytes, { store: moody, onWarning });
  for (let i = 0; i < 3; i++) {
    observeSome(recommender);
    await recommender.saved();
  }
  assert.deepEqual(codes, ['storage_unavailable']);
  assert.match(messages[0], /refused to keep the state \(full\).*allow storage for this site\. It is tried again/);
  full = false;
  observeSome(recommender);
  await recommender.close();
  const again = await Recommender.open(modelBytes, { store, onWarning });
  assert.equal(again.events, 24);
  await again.close();
});

test('what a store refused is stored when the recommender is closed, without another change', async () => {
  const store = memoryStore();
  let refusals = 1;
  const moody = {
    ...store,
    update: async (...parameters) => {
      if (refusals-- > 0) throw new Error('full');
      return store.update(...parameters);
    },
  };
  const { codes, onWarning } = warnings();
  const recommender = await Recommender.open(modelBytes, { store: moody, onWarning });
  observeSome(recommender);
  await recommender.saved();
  assert.deepEqual(codes, ['storage_unavailable']);
  const { events } = recommender;
  assert.ok(events > 0);
  await recommender.close();
  const again = await Recommender.open(modelBytes, { store, onWarning });
  assert.equal(again.events, events);
  await again.close();
});

for (const already of [0, 3]) {
  test(`a write whose answer is lost counts once, though others have gone on from it: ${already} events before`, async () => {
    const store = memoryStore();
    let afterwards;
    const forgetful = {
      ...store,
      update: async (...parameters) => {
        await store.update(...parameters);
        const lost = afterwards;
        afterwards = undefined;
        if (lost === undefined) return;
        await lost();
        throw new Error('no answer');
      },
    };
    const { codes, onWarning } = warnings();
    const one = await Recommender.open(modelBytes, { store: forgetful, onWarning });
    const other = await Recommender.open(modelBytes, { store, onWarning });
    const [first, second, third, ...more] = one.catalogue.map(({ id }) => id);
    for (const id of more.slice(0, already)) one.observe(id);
    await one.saved();
    await new Promise((resolve) => setTimeout(resolve)); // The other page takes it up.
    await other.saved();
    afterwards = async () => {
      for (const id of [second, third]) {
        other.observe(id);
        await other.saved();
      }
    };
    one.observe(first);
    await one.saved();
    assert.deepEqual(codes, ['storage_unavailable']);
    one.observe(third);
    await Promise.all([one.close(), other.close()]);
    const again = await Recommender.open(modelBytes, { store, onWarning });
    assert.deepEqual(ids(again.history), [...more.slice(0, already), first, second, third, third]);
    await again.close();
  });
}

test('a damaged record that the store refuses to set aside stays where it is', async () => {
  const store = memoryStore();
  await store.save(recordKey, 'not a record');
  const full = { ...store, update: async () => Promise.reject(new Error('full')) };
  const { codes, onWarning } = warnings();
  const recommender = await Recommender.open(modelBytes, { store: full, onWarning });
  assert.deepEqual(codes, ['storage_unavailable', 'state_damaged']);
  assert.equal(await store.load(recordKey), 'not a record');
  await recommender.close();
});

test('a store that refuses to erase makes forget() fail, but this page has forgotten', async () => {
  const memory = memoryStore();
  const update = (key, change, options) =>
    options.isErasing ? Promise.reject(new Error('refused')) : memory.update(key, change, options);
  const store = { ...memory, update };
  const recommender = await Recommender.open(modelBytes, { store });
  observeSome(recommender);
  await assert.rejects(recommender.forget(), { code: 'storage_unavailable' });
  assert.equal(recommender.events, 0);
  await recommender.close();
});

/** Pages of one user, as far as Node has pages: `hide` and `show` are what a browser tells them. */
function pages() {
  const page = new EventTarget();
  const turn = (visibilityState) => {
    page.visibilityState = visibilityState;
    page.dispatchEvent(new Event('visibilitychange'));
  };
  globalThis.document = page;
  return { hide: () => turn('hidden'), show: () => turn('visible'), end: () => delete globalThis.document };
}

test('two pages of one user: what one stored the other takes up before it writes', async () => {
  const name = `test ${databases++}`;
  let caughtUp = 0;
  const one = await Recommender.open(modelBytes, { store: indexedDbStore(name) });
  const other = await Recommender.open(modelBytes, { store: indexedDbStore(name), onCaughtUp: () => ++caughtUp });
  const [first, second, third] = picked(one);
  one.observe(first, new Date(1_700_000_000_000));
  await one.saved();
  other.observe(second, new Date(1_700_000_100_000));
  await other.saved();
  assert.deepEqual(ids(other.history), [first, second]);
  assert.equal(caughtUp, 1);
  one.observe(third, new Date(1_700_000_200_000));
  await one.saved();
  assert.deepEqual(ids(one.history), [first, second, third]);
  assert.deepEqual((await storedPart(indexedDbStore(name))).state, one.exportState());
  // What is stored at the same time is not lost either, once both have written again.
  one.observe(first, new Date(1_700_000_300_000));
  other.observe(second, new Date(1_700_000_400_000));
  await Promise.all([one.saved(), other.saved()]);
  other.observe(third, new Date(1_700_000_500_000));
  await other.saved();
  one.observe(third, new Date(1_700_000_600_000));
  await one.saved();
  assert.deepEqual(ids(one.history), [first, second, third, first, second, third, third]);
  await Promise.all([one.close(), other.close()]);
});

test('a page that is seen again goes on from what another stored meanwhile, byte for byte', async () => {
  const name = `test ${databases++}`;
  const browser = pages();
  try {
    const one = await Recommender.open(modelBytes, { store: indexedDbStore(name) });
    observeSome(one);
    await one.saved();
    const other = await Recommender.open(modelBytes, { store: indexedDbStore(name) });
    observeSome(other);
    await other.saved();
    browser.show();
    await one.saved();
    assert.deepEqual(one.exportState(), other.exportState());
    assert.equal(one.learningRecord.events, 12);
    const before = one.exportState();
    browser.show();
    await one.saved();
    assert.deepEqual(one.exportState(), before);
    // Nothing is written by looking.
    assert.deepEqual((await storedPart(indexedDbStore(name))).state, other.exportState());
    await Promise.all([one.close(), other.close()]);
  } finally {
    browser.end();
  }
});

test('a page that forgets while it catches up does not take the state up again', async () => {
  const inner = memoryStore();
  const one = await Recommender.open(modelBytes, { store: inner });
  let letLoad;
  const held = new Promise((resolve) => (letLoad = resolve));
  const load = async (key) => {
    if (slow.waits) await held;
    return inner.load(key);
  };
  const slow = { ...inner, load };
  const other = await Recommender.open(modelBytes, { store: slow });
  observeSome(one);
  await one.saved();
  slow.waits = true;
  other.observe(other.catalogue[0].id);
  const forgetting = other.forget();
  letLoad();
  await forgetting;
  await other.saved();
  assert.equal(other.events, 0);
  assert.equal(await inner.load(recordKey), undefined);
  await Promise.all([one.close(), other.close()]);
});

test('pages of two versions of the model: the union, whichever writes last', async () => {
  const store = memoryStore();
  const clock = () => 1_700_000_000_000;
  const old = await Recommender.open(modelBytes, { store, clock });
  const newer = await Recommender.open(otherVersion, { store, clock });
  const [first, second, third] = picked(old);
  for (const [recommender, id, minute] of [
    [old, first, 1],
    [newer, second, 2],
    [old, third, 3],
    [newer, first, 4],
  ]) {
    recommender.observe(id, 1_700_000_000_000 + 60_000 * minute);
    await recommender.saved();
  }
  for (let i = 0; i < 3; ++i) await Promise.all([old.saved(), newer.saved()]);
  assert.deepEqual(ids(old.history), [first, second, third, first]);
  assert.deepEqual(ids(newer.history), [first, second, third, first]);
  await Promise.all([old.close(), newer.close()]);
  for (const model of [modelBytes, otherVersion]) {
    const again = await Recommender.open(model, { store, clock });
    assert.deepEqual(ids(again.history), [first, second, third, first]);
    await again.close();
  }
});

test('a page without events takes up what a page of another version stores, and goes on from it', async () => {
  const store = memoryStore();
  const empty = await Recommender.open(modelBytes, { store });
  const newer = await Recommender.open(otherVersion, { store });
  observeSome(newer);
  await newer.close();
  await empty.saved();
  assert.deepEqual(ids(empty.history), picked(empty));
  await empty.close();
  const again = await Recommender.open(modelBytes, { store });
  assert.deepEqual(ids(again.history), picked(again));
  await again.close();
});

test('a part that is no state is set aside by the page that finds it, and what was there before stays there', async () => {
  const store = memoryStore();
  await store.save(setAsideKey, 'an older one');
  const { codes, onWarning } = warnings();
  const one = await Recommender.open(modelBytes, { store, onWarning });
  observeSome(one);
  await one.saved();
  const { version, parts } = await store.load(recordKey);
  const damaged = { version, parts: [{ ...parts[0], state: parts[0].state.map((byte) => byte ^ 1) }] };
  await store.save(recordKey, damaged);
  one.observe(one.catalogue[0].id);
  await one.saved();
  assert.deepEqual(codes, ['state_damaged']);
  assert.deepEqual((await storedPart(store)).state, one.exportState());
  assert.equal(one.events, 7);
  assert.equal(await store.load(setAsideKey), 'an older one');
  assert.deepEqual(await store.load(`${recordKey} (set aside 2)`), damaged);
  await one.close();
});

test('two pages of one user: forgetting in one is forgetting in both', async () => {
  const name = `test ${databases++}`;
  const one = await Recommender.open(modelBytes, { store: indexedDbStore(name) });
  let tellForgotten;
  const followed = new Promise((resolve) => (tellForgotten = resolve));
  const other = await Recommender.open(modelBytes, { store: indexedDbStore(name), onForgotten: tellForgotten });
  observeSome(one);
  other.observe(other.catalogue[0].id);
  await Promise.all([one.saved(), other.saved()]);

  await one.forget();
  await followed;
  assert.equal(other.events, 0);
  assert.deepEqual(ids(other.history), []);
  await Promise.all([one.close(), other.close()]);
  assert.equal(await indexedDbStore(name).load(recordKey), undefined);
});

test('what is stored beside the record and in it is exported once', async (t) => {
  const store = indexedDbStore('exported once');
  const exports = t.mock.method(Engine.prototype, 'exportState');
  const one = await Recommender.open(modelBytes, { store });
  for (const id of picked(one)) {
    const before = exports.mock.callCount();
    one.observe(id);
    await one.saved();
    assert.equal(exports.mock.callCount() - before, 1, 'nothing has changed between the two');
  }
  // What comes in between, from another page, is in what is stored.
  const other = await Recommender.open(modelBytes, { store });
  const [first, second] = one.catalogue;
  one.observe(first.id);
  other.observe(second.id);
  await Promise.all([one.saved(), other.saved()]);
  await Promise.all([one.close(), other.close()]);
  const again = await Recommender.open(modelBytes, { store });
  assert.deepEqual(ids(again.history).sort(), [...picked(again), first.id, second.id].sort());
  await again.close();
});
