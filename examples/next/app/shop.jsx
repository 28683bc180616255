'use client';

import { useMemo } from 'react';
import { useRecommendations, useRecommender } from 'sotto/react';

export function Shop() {
  const { recommender, error, status } = useRecommender('/model.safetensors');
  const products = useMemo(() => recommender?.popular(10) ?? [], [recommender]);
  const forYou = useRecommendations(recommender, 5, { exclude: recommender?.history ?? [] });

  if (error) return <p>{error.message}</p>;
  const observe = (id) => recommender.observe(id); // learns from the click, and shows the new list
  return (
    <div data-status={status}>
      <h2>Products</h2>
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
    </div>
  );
}
