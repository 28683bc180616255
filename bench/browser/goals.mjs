// Sotto's goals against the best peer of the run, or against a peer that the goal names. Who differs from the
// reference is no peer, and neither is who has another model.
import { median } from './statistics.mjs';

const MB = 1e6;

const speedGoals = [
  { row: 'eventTop10', title: 'one event + top-10', limit: 1 / 3 },
  { row: 'event', title: 'one event, no head', limit: 1 / 4 },
  { row: 'replay', title: 'replay 50 → top-10', limit: 1 / 2 },
  { row: 'headStep1', title: 'head step, 1 example', limit: 1 / 12, peer: 'ort-f32' },
  { row: 'headStep1', title: 'head step, 1 example', limit: 1 / 30, peer: 'tfjs' },
];

/** The median over the rounds of the ratio within each: noise that lasted for a round meets both sides of it. */
function ratio(ours, theirs) {
  const rounds = [...ours.byRound.keys()].filter((round) => theirs.byRound.has(round));
  return median(rounds.map((round) => ours.byRound.get(round).p50 / theirs.byRound.get(round).p50));
}

function speedGoal({ cells, stages }, environment, { row, title, limit, peer }) {
  const agreeing = stages.filter((stage) => stage.environment === environment && stage.check?.passes);
  const inRow = agreeing.flatMap(({ contender }) =>
    cells.filter((cell) => cell.environment === environment && cell.row === row && cell.contender === contender),
  );
  // The first of Sotto's builds is the fastest.
  const ours = inRow.find(({ contender }) => contender.isSotto);
  const peers = inRow.filter(({ contender }) => !contender.isSotto);
  const candidates = peer === undefined ? peers : peers.filter(({ contender }) => contender.name === peer);
  const best = candidates.toSorted((a, b) => a.p50 - b.p50)[0];
  const against = best?.contender.title ?? peer ?? 'no peer';
  const value = ours && best ? ratio(ours, best) : undefined;
  return { environment, title, value, limit, unit: '×', against };
}

const plainGoal = (title, value, limit, unit, against = '') => {
  return { environment: 'Chromium', title, value, limit, unit, against };
};

function otherGoals({ cells, sizes, models, navigation, memory }) {
  const learned = cells.find(
    ({ environment, contender, row }) => environment === 'Chromium' && contender.isSotto && row === 'learnEvent',
  );
  const own = memory.find(({ environment, contender }) => environment === 'Chromium' && contender.isSotto);
  const publicName = 'sotto-package';
  const blank = navigation.get('blank');
  const model = models.get(publicName);
  const floatModel = models.get('plain-js');
  const coldPage = navigation.get(publicName)?.p50 / blank?.p50;
  const growths = memory
    .filter(({ environment, contender }) => environment === 'Chromium' && contender.isSotto)
    .map(({ bench, manyEvents }) => manyEvents - bench);
  return [
    plainGoal('one event, learned from', learned?.p50, 0.5, 'ms'),
    plainGoal('runtime download, brotli', sizes.get(publicName)?.brotli / 1e3, 60, 'kB'),
    plainGoal('model', model / floatModel, 1 / 3, '×', 'the float model'),
    plainGoal('navigation → first top-10', coldPage, 1.6, '×', 'a blank page'),
    plainGoal('wasm memory after open', own?.open / MB, model / MB + 2, 'MB', 'model + 2 MB'),
    plainGoal('wasm memory, growth over 100,000 events learned from', Math.max(...growths) / MB, 0, 'MB'),
  ];
}

/** `value` is undefined or NaN where a side is missing. */
export function judge(results) {
  const environments = [...new Set(results.cells.map(({ environment }) => environment))];
  const speed = environments.flatMap((environment) => speedGoals.map((goal) => speedGoal(results, environment, goal)));
  return [...speed, ...otherGoals(results)].map((goal) => ({
    ...goal,
    isMet: Number.isFinite(goal.value) && Number.isFinite(goal.limit) ? goal.value <= goal.limit : undefined,
  }));
}
