// Vowpal Wabbit: another model altogether, a linear contextual bandit over 50 candidates of 20 features, shown apart.
import { vwPromise } from '@vowpalwabbit/vowpalwabbit';

const candidates = 50;
const features = 20;

export async function open() {
  const { CbWorkspace } = await vwPromise;
  const workspace = new CbWorkspace({ args_str: '--cb_explore_adf --quiet' });
  const example = (item) => {
    const lines = [`shared | user_${item % 100}`];
    for (let candidate = 0; candidate < candidates; ++candidate) {
      const names = Array.from({ length: features }, (_, feature) => `f${(item + candidate * (feature + 1)) % 1000}`);
      lines.push(`| ${names.join(' ')}`);
    }
    return lines.join('\n');
  };
  return {
    modelFiles: [],
    logits: undefined,
    rows: {
      predictLearn: () => (item) => {
        const decision = { text_context: example(item) };
        const { action, score } = workspace.predictAndSample(decision);
        workspace.learn({ ...decision, labels: [{ action, cost: -1, probability: score }] });
      },
    },
  };
}
