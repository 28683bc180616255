// Random histories of two tabs and two models, one of them in two versions. What must be in the store is computed beside
// what is done. Events are told apart by their items: every event of a history is of another one.
import assert from 'node:assert/strict';

const tabs = ['left', 'right'];
/** The models, and whose history each knows. */
const groups = { model: 'shop', v2: 'shop', other: 'other' };
const models = Object.keys(groups);

/** A sequence of numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Plays a history with a driver, whose functions do to a tab what their names say:
 * `open(tab, model)` and `seen(tab)` resolve with the places of the events' items; `warnings(tab)` with those since it opened; `observe(tab, place)` resolves when it is
 * stored; `observeAndKill(tab, place)` kills the tab at once, `kill(tab)` later; `forget(tab)`, `close(tab)`; `clear()`
 * erases all that the origin stores. Rejects when anything is lost or comes back.
 */
export async function playHistory(seed, driver) {
  const random = randomNumbers(seed);
  const pick = (values) => values[Math.floor(random() * values.length)];
  const done = [];
  /**
   * What must be there, and what may be: events of a tab that was killed before they were said to be stored. Pages that are
   * open need not see those, because the next page that opens takes them up.
   */
  const certain = { shop: new Set(), other: new Set() };
  const possible = { shop: new Set(), other: new Set() };
  const isOpen = new Map(); // The model of each open tab.
  let next = 0;

  const check = (group, found, when) => {
    const story = `seed ${seed}, ${when}: ${done.join(', ')}`;
    assert.equal(new Set(found).size, found.length, `twice the same: ${found} (${story})`);
    for (const place of certain[group]) assert.ok(found.includes(place), `${place} is lost: ${found} (${story})`);
    for (const place of found) {
      assert.ok(certain[group].has(place) || possible[group].has(place), `${place} is back: ${found} (${story})`);
    }
    certain[group] = new Set(found);
  };
  const heard = new Map(); // How many warnings of each tab are in the story.
  const hear = async (tab) => {
    const warnings = await driver.warnings(tab);
    for (const warning of warnings.slice(heard.get(tab))) done.push(`${tab} is warned: ${warning}`);
    heard.set(tab, warnings.length);
  };
  const open = async (tab, model) => {
    done.push(`${tab} opens ${model}`);
    isOpen.set(tab, model);
    const found = await driver.open(tab, model);
    heard.set(tab, 0);
    await hear(tab);
    check(groups[model], found, 'opened');
    possible[groups[model]].clear();
  };
  const observe = async (tab) => {
    const group = groups[isOpen.get(tab)];
    const place = next++;
    done.push(`${tab} observes ${place}`);
    possible[group].add(place);
    await driver.observe(tab, place);
    await hear(tab);
    certain[group].add(place);
    return group;
  };
  const actions = {
    observe: async (tab) => {
      const group = await observe(tab);
      check(group, await driver.seen(tab), 'observed');
    },
    observeInBoth: async () => {
      await Promise.all([...isOpen.keys()].map(observe));
    },
    observeAndKill: async (tab) => {
      const place = next++;
      done.push(`${tab} observes ${place} and is killed`);
      possible[groups[isOpen.get(tab)]].add(place);
      isOpen.delete(tab);
      await driver.observeAndKill(tab, place);
    },
    kill: async (tab) => {
      done.push(`${tab} is killed`);
      isOpen.delete(tab);
      await driver.kill(tab);
    },
    close: async (tab) => {
      done.push(`${tab} closes`);
      isOpen.delete(tab);
      await driver.close(tab);
    },
    forget: async (tab) => {
      done.push(`${tab} forgets`);
      const group = groups[isOpen.get(tab)];
      await driver.forget(tab);
      certain[group].clear();
      possible[group].clear();
    },
    clear: async () => {
      done.push('the browser erases all');
      await driver.clear();
      for (const group of ['shop', 'other']) {
        certain[group].clear();
        possible[group].clear();
      }
    },
  };
  const chances = [
    ...Array(8).fill('observe'),
    ...Array(4).fill('observeInBoth'),
    ...Array(3).fill('close'),
    'observeAndKill',
    'kill',
    'forget',
    'clear',
  ];

  for (let steps = 6 + Math.floor(random() * 10); steps > 0; --steps) {
    const tab = pick(tabs);
    try {
      if (isOpen.has(tab)) await actions[pick(chances)](tab);
      else await open(tab, pick(models));
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      throw new Error(`seed ${seed}: ${done.join(', ')}: ${error.message}`, { cause: error });
    }
    // What the tabs tell each other arrives before the next step, or later.
    if (random() < 0.5) await new Promise((resolve) => setTimeout(resolve, 10));
  }
  for (const tab of [...isOpen.keys()]) await actions.close(tab);
  for (const model of models) {
    await open('left', model);
    await actions.close('left');
  }
}
