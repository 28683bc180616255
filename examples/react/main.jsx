import { StrictMode, useMemo } from 'react';
import { createRoot } from 'react-dom/client';
import { useRecommendations, useRecommender } from 'sotto/react';

const model = new URL('./model.safetensors', document.baseURI).href;

function Shop() {
  const { recommender, error } = useRecommender(model);
  const products = useMemo(() => recommender?.popular(10) ?? [], [recommender]);
  const forYou = useRecommendations(recommender, 5, { exclude: recommender?.history ?? [] });

  if (error) return <p>{error.message}</p>;
  const observe = (id) => recommender.observe(id); // learns from the click, and shows the new list
  return (
    <>
      <h1>Products</h1>
      <ul id="products">
        {products.map(({ id, title }) => (
          <li key={id}>
            <button type="button" onClick={() => observe(id)}>
              {title}
            </button>
          </li>
        ))}
      </ul>
      <h2>For you</h2>
      <ol id="recommendations">
        {forYou.map(({ id, title }) => (
          <li key={id}>
            <button type="button" onClick={() => observe(id)}>
              {title}
            </button>
          </li>
        ))}
      </ol>
      <button type="button" id="forget" onClick={() => recommender?.forget()}>
        Forget me
      </button>
    </>
  );
}

createRoot(document.querySelector('#root')).render(
  <StrictMode>
    <Shop />
  </StrictMode>,
);
