// Sotto as a page uses it: the package's own calls, with item ids, history and a store that keeps nothing.
import { Recommender, memoryStore } from '../../../wasm/package/dist/index.js';
import { sottoModelFile } from '../model_files.mjs';

export async function open(files) {
  const recommender = await Recommender.open(files.model(sottoModelFile), { store: memoryStore() });
  const indexOf = ({ id }) => Number(id);
  const top10 = () => recommender.recommend(10).map(indexOf);
  const observe = (item) => recommender.observe(String(item));
  const learnsNothing = 'the package has no call for it yet';

  return {
    modelFiles: [sottoModelFile],
    logits: undefined,
    rows: {
      eventTop10: () => (item) => {
        observe(item);
        return top10();
      },
      event: () => observe,
      replay: 'the package replays only when a model is replaced',
      headStep1: learnsNothing,
      headStep16: learnsNothing,
    },
  };
}
