import { Recommender } from 'sotto';

// The state of an earlier visit is read from IndexedDB.
const recommender = await Recommender.open(new URL('./model.safetensors', document.baseURI));

const show = (list, items) =>
  document.querySelector(list).replaceChildren(
    ...items.map(({ id, title }) => {
      const button = document.createElement('button');
      button.textContent = title;
      button.addEventListener('click', () => {
        recommender.observe(id); // learns from the click, and stores the new state
        showRecommendations();
      });
      const entry = document.createElement('li');
      entry.append(button);
      return entry;
    }),
  );

const showRecommendations = () => show('#recommendations', recommender.recommend(5, { exclude: recommender.history }));

document.querySelector('#forget').addEventListener('click', async () => {
  await recommender.forget();
  showRecommendations();
});

show('#products', recommender.popular(10));
showRecommendations();
