// A Cloudflare Worker. Its bundler leaves the import of a .wasm file to the platform, which has compiled it ahead.
import { Recommender } from 'sotto';
import wasm from 'sotto/sotto-simd128.wasm';
import model from './model.safetensors';

const unhandled = [];
addEventListener('unhandledrejection', ({ reason }) => unhandled.push(String(reason)));

async function answer(options) {
  try {
    const recommender = await Recommender.open(model, options);
    recommender.observe(recommender.catalogue[0]);
    await recommender.saved();
    const { length } = recommender.recommend(5);
    await recommender.close();
    return `${length} recommendations`;
  } catch ({ name, code, message }) {
    return `${name} ${code}: ${message}`;
  }
}

export default {
  async fetch() {
    const answers = { given: await answer({ wasm }), none: await answer() };
    await new Promise((resolve) => setTimeout(resolve, 20));
    return Response.json({ ...answers, unhandled });
  },
};
