// Sotto as a page uses it: the package's own calls, with item ids, history and a store that keeps nothing.
import { Recommender, memoryStore } from '../../../wasm/package/dist/index.js';
import { sottoModelFile } from '../model_files.mjs';

export async function open(files) {
  // No peer learns from an event: the rows but for the last two are the model's alone.
  const openOne = async (learning) => {
    const recommender = await Recommender.open(files.model(sottoModelFile), { store: memoryStore() });
    recommender.learning = learning;
    const observe = (item) => recommender.observe(String(item));
    const top10 = () => recommender.recommend(10).map(({ id }) => Number(id));
    const eventTop10 = (item) => {
      observe(item);
      return top10();
    };
    return { observe, eventTop10 };
  };
  const { observe, eventTop10 } = await openOne(false);
  const byItself = 'the package learns by itself';

  return {
    modelFiles: [sottoModelFile],
    logits: undefined,
    rows: {
      eventTop10: () => eventTop10,
      event: () => observe,
      replay: 'the package replays only when a model is replaced',
      headStep1: byItself,
      headStep16: byItself,
      learnEvent: async () => (await openOne(true)).observe,
      learnEventTop10: async () => (await openOne(true)).eventTop10,
    },
  };
}
