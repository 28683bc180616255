// What the demo says of what was learned is true of the lists that it shows, whoever the visitor is.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openDemoSource } from './demo_source.mjs';

let demo;
let people;
before(async () => {
  demo = await openDemoSource();
  people = await demo.load('/src/people.ts');
});
after(() => demo?.close());

const now = Date.now();
const week = 7 * 24 * 60 * 60 * 1000;

/** Numbers from 0 to 1, the same from the same seed. */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Reads "More hearts (3, not 1) and cards (2, not 0), fewer bags (0, not 2)." */
function claimsOf(sentence) {
  assert.match(sentence, /^(More|Fewer) .*\.$/);
  const [more = '', fewer = ''] = sentence.startsWith('More ')
    ? sentence.slice(5, -1).split(', fewer ')
    : ['', sentence.slice(6, -1)];
  const read = (part) =>
    [...part.matchAll(/(?:^| and )(.+?) \((\d), not (\d)\)/g)].map(([, kind, is, was]) => ({
      kind,
      is: +is,
      was: +was,
    }));
  const claims = { more: read(more), fewer: read(fewer) };
  const said = (list) => list.map(({ kind, is, was }) => `${kind} (${is}, not ${was})`).join(' and ');
  assert.equal(said(claims.more), more, 'the whole sentence is read');
  assert.equal(said(claims.fewer), fewer);
  return claims;
}

function checkSentence({ words, everybodys, yours }, seed) {
  const kindsIn = (list, kind) => list.filter(({ product }) => product.kind === kind);
  const context = `seed ${seed}: ${words}`;
  if (words === '') {
    // Nothing to say: no kind has grown.
    for (const { product } of yours) {
      if (product.kind === undefined) continue;
      assert.ok(kindsIn(yours, product.kind).length <= kindsIn(everybodys, product.kind).length, context);
    }
    return 0;
  }
  const { more, fewer } = claimsOf(words);
  assert.ok(more.length <= 2 && fewer.length <= 2, context);
  for (const { kind, is, was } of [...more, ...fewer]) {
    assert.equal(kindsIn(yours, kind).length, is, context);
    assert.equal(kindsIn(everybodys, kind).length, was, context);
  }
  for (const { is, was } of more) assert.ok(is > was, context);
  for (const { kind, is, was } of fewer) {
    assert.ok(is < was, context);
    const isNew = ({ product }) => !everybodys.some((other) => other.product === product);
    assert.ok(!kindsIn(yours, kind).some(isNew), `nothing new of what there is less of: ${context}`);
  }
  return 1;
}

for (const name of ['gifts', 'films']) {
  test(`the sentence is borne out by both lists, for 150 made-up visitors (${name})`, async () => {
    const shopper = await demo.openShopper(demo.catalogues.find((catalogue) => catalogue.name === name));
    const { recommender, products } = shopper;
    const empty = recommender.exportState();
    let spoken = 0;
    for (let seed = 1; seed <= 150; seed++) {
      const random = randomNumbers(seed);
      recommender.importState(empty);
      // They choose among popular products, come back to some of them, and have a kind that they like.
      const pick = (list) => list[Math.floor(random() ** 2 * list.length)];
      const { kind } = pick(products.slice(0, 500));
      const liked = products.filter((product) => product.kind === kind).slice(0, 20);
      const visits = 1 + Math.floor(random() * 6);
      for (let visit = 0; visit < visits; visit++) {
        const looks = 1 + Math.floor(random() * 6);
        for (let look = 0; look < looks; look++) {
          const product = random() < 0.7 ? pick(liked) : pick(products.slice(0, 500));
          recommender.observe(product.id, now - (visits - visit) * week + look * 60_000);
        }
      }
      shopper.refresh();
      spoken += checkSentence(shopper.visit.learning, seed);
    }
    assert.ok(spoken > 30, `it says something in ${spoken} of 150 cases`);
    await recommender.close();
  });

  test(`each made-up person has a list of their own, and a sentence (${name})`, async () => {
    const shopper = await demo.openShopper(demo.catalogues.find((catalogue) => catalogue.name === name));
    assert.ok(shopper.regulars.length >= 5);
    const lists = [];
    for (const regular of [...shopper.regulars]) {
      await shopper.play(people.madeUpVisits(regular, now), async () => {});
      const { learning, madeUp, onlyMadeUp, events } = shopper.visit;
      assert.equal(madeUp, regular);
      assert.ok(onlyMadeUp, 'who came before has left nothing');
      assert.equal(events, regular.looks.flat().length);
      assert.equal(checkSentence(learning, regular.interest), 1);
      assert.match(learning.words, /^More /);
      const ids = ({ product }) => product.id;
      const yours = learning.yours.map(ids);
      const everybodys = learning.everybodys.map(ids);
      assert.ok(yours.filter((id) => !everybodys.includes(id)).length >= 3, `${regular.interest}: ${learning.words}`);
      lists.push(yours);
    }
    for (const [place, one] of lists.entries()) {
      for (const other of lists.slice(place + 1)) {
        assert.ok(one.filter((id) => other.includes(id)).length <= 5, 'the lists differ visibly');
      }
    }
    await shopper.recommender.close();
  });
}

test('the time is the median of the looks of the visit', async () => {
  const { Timings } = await demo.load('/src/timings.ts');
  const timings = new Timings();
  assert.equal(timings.summary, undefined);
  const clock = performance.now;
  try {
    for (const milliseconds of [3, 95, 2, 4]) {
      const readings = [0, milliseconds];
      performance.now = () => readings.shift();
      timings.time(() => {});
    }
  } finally {
    performance.now = clock;
  }
  assert.deepEqual(timings.summary, { median: 3.5, looks: 4 });
});
