import { Recommender } from 'sotto';

/** What a shop's page does: it fills a list with what the visitor may like, after a first choice. */
export async function fill(list, model, options) {
  const recommender = await Recommender.open(model, options);
  recommender.observe(recommender.catalogue[0]);
  await recommender.saved();
  for (const { title } of recommender.recommend(5)) {
    const item = list.ownerDocument.createElement('li');
    item.textContent = title;
    list.append(item);
  }
  await recommender.close();
}
