// Opens a model, looks at a few items and prints what fits next.
// Usage: node recommend.mjs [MODEL [ITEM_ID...]]
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { Recommender } from 'sotto';

const shipped = fileURLToPath(new URL('../../models/online-retail/model.safetensors', import.meta.url));
const [model = shipped, ...ids] = argv.slice(2);

// In Node the state is kept in memory; options.store takes another place.
const recommender = await Recommender.open(model);
console.log(`${recommender.items} items`);

const events = ids.length > 0 ? ids : recommender.popular(3).map(({ id }) => id);
for (const id of events) {
  recommender.observe(id);
  console.log(`looked at ${recommender.item(id).title ?? id}`);
}

for (const { id, title, score } of recommender.recommend(5, { exclude: recommender.history })) {
  console.log(`${score.toFixed(2).padStart(6)}  ${title ?? id}`);
}

const [best] = recommender.recommend(1, { exclude: recommender.history });
const [reason] = recommender.why(best.id);
console.log(`The first one, above all because of ${reason.title ?? reason.id}.`);

await recommender.close();
