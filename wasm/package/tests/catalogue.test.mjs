import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Catalogue } from '../dist/catalogue.js';

test('ids are found the same by search, as at first, and by the map that is made then', () => {
  const ids = ['a', '', 'b', 'twice', 'c', 'twice'];
  const catalogue = new Catalogue({ item_id: ids });
  const wanted = [...ids, 'unknown'];
  const expected = [0, 1, 2, 5, 4, 5, undefined];
  for (let round = 0; round < 4; round++) {
    assert.deepEqual(
      wanted.map((id) => catalogue.indexOf(id)),
      expected,
    );
  }
});
