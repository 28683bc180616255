import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Recommender } from 'sotto';
import { ids, modelBytes, modelWith } from './support.mjs';

const parity = (index) => (index % 2 === 0 ? 'even' : 'odd');
const isThird = (index) => index % 3 === 0;

/** The test model with categories: even, odd, and every third item in "third" as well; the last item in none. */
const openWithCategories = () =>
  Recommender.open(
    modelWith(({ catalogue }) => {
      catalogue.category = catalogue.item_id.map((_, i) => (isThird(i) ? `${parity(i)}|third` : parity(i)));
      catalogue.category[catalogue.item_id.length - 1] = '';
    }),
  );

async function everythingRanked() {
  const recommender = await openWithCategories();
  recommender.observe(recommender.catalogue[7].id);
  const all = ids(recommender.recommend(recommender.items));
  const index = new Map(recommender.catalogue.map(({ id }, i) => [id, i]));
  const rankedWhere = (keep) => all.filter((id) => keep(index.get(id)));
  return { recommender, rankedWhere, last: recommender.items - 1 };
}

test('categories and their exclusion keep the ranking of what is left', async () => {
  const { recommender, rankedWhere, last } = await everythingRanked();
  assert.deepEqual(recommender.categories, ['even', 'third', 'odd']);
  const recommend = (filter) => ids(recommender.recommend(recommender.items, filter));
  assert.deepEqual(
    recommend({ categories: ['even'] }),
    rankedWhere((i) => i !== last && i % 2 === 0),
  );
  assert.deepEqual(
    recommend({ categories: new Set(['odd', 'third']) }),
    rankedWhere((i) => i !== last && (i % 2 === 1 || isThird(i))),
  );
  assert.deepEqual(
    recommend({ notCategories: ['third'] }),
    rankedWhere((i) => i === last || !isThird(i)),
  );
  assert.deepEqual(
    recommend({ categories: ['odd'], notCategories: ['third'] }),
    rankedWhere((i) => i !== last && i % 2 === 1 && !isThird(i)),
  );
  assert.deepEqual(recommend({ categories: ['no such category'] }), []);
  assert.deepEqual(recommend({ categories: [] }), []);
  assert.deepEqual(
    recommend({ notCategories: [] }),
    rankedWhere(() => true),
  );
  await recommender.close();
});

test('among and exclude go with categories, and a filtered call leaves no trace', async () => {
  const { recommender, rankedWhere } = await everythingRanked();
  const { catalogue } = recommender;
  const among = [...ids(catalogue.slice(10, 40)), 'no such item'];
  const filter = { among, categories: ['even'], exclude: [catalogue[12].id] };
  assert.deepEqual(
    ids(recommender.recommend(100, filter)),
    rankedWhere((i) => i >= 10 && i < 40 && i % 2 === 0 && i !== 12),
  );
  const items = { ...filter, among: among.map((id) => ({ id })), exclude: [catalogue[12]] };
  assert.deepEqual(recommender.recommend(100, items), recommender.recommend(100, filter));
  assert.equal(recommender.recommend(3, filter).length, 3);
  assert.deepEqual(recommender.recommend(3, { among: [] }), []);
  assert.deepEqual(
    ids(recommender.recommend(recommender.items)),
    rankedWhere(() => true),
  );
  await recommender.close();
});

test('popular takes the same filters', async () => {
  const { recommender } = await everythingRanked();
  const odd = ids(recommender.popular(recommender.items)).filter((id) =>
    recommender.item(id).category?.startsWith('odd'),
  );
  assert.deepEqual(ids(recommender.popular(20, { categories: ['odd'] })), odd.slice(0, 20));
  await recommender.close();
});

test('a model without categories has none, and nothing is in them', async () => {
  const recommender = await Recommender.open(modelBytes);
  assert.deepEqual(recommender.categories, []);
  assert.deepEqual(recommender.recommend(5, { categories: ['Garden'] }), []);
  assert.equal(recommender.recommend(5, { notCategories: ['Garden'] }).length, 5);
  await recommender.close();
});

test('a single string is not taken for a list of characters', async () => {
  const { recommender } = await everythingRanked();
  for (const option of ['exclude', 'categories', 'notCategories', 'among']) {
    assert.throws(() => recommender.recommend(5, { [option]: 'even' }), { code: 'invalid_argument' });
  }
  await recommender.close();
});
