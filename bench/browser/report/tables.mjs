// What a run has to say, as tables of text: for the terminal, for README.md and for the page alike.
import { describeErrors, verdict } from '../check.mjs';
import { timedRows } from '../rows.mjs';

const dash = '–';

/** Milliseconds with as many digits as a clock of 5 µs and a shared machine support. */
export function milliseconds(value) {
  if (!Number.isFinite(value)) return dash;
  return value < 0.1 ? value.toFixed(3) : value < 10 ? value.toFixed(2) : value.toFixed(value < 100 ? 1 : 0);
}

const pair = (cell) => (cell ? `${milliseconds(cell.p50)} / ${milliseconds(cell.p99)}` : dash);
/** Nothing at all is a dash: a contender without a model file, or without a WebAssembly memory. */
const megabytes = (bytes) => (bytes > 0 ? (bytes / 1e6).toFixed(bytes < 1e6 ? 3 : 2) : dash);

function timesTable(environment, { cells, stages }) {
  const inEnvironment = cells.filter((cell) => cell.environment === environment);
  const rows = timedRows.filter(({ name }) => inEnvironment.some(({ row }) => row === name));
  const contenders = stages.filter((stage) => stage.environment === environment).map(({ contender }) => contender);
  return {
    title: `Times in ${environment}, ms: p50 / p99`,
    head: ['', ...rows.map(({ title }) => title)],
    lines: contenders.map((contender) => [
      contender.title,
      ...rows.map(({ name }) => pair(inEnvironment.find((cell) => cell.contender === contender && cell.row === name))),
    ]),
  };
}

function footprintTable({ stages, sizes, models, navigation, memory }) {
  const inChromium = stages.filter(({ environment }) => environment === 'Chromium').map(({ contender }) => contender);
  const line = ({ name, title }) => {
    const inPage = memory.find(({ environment, contender }) => environment === 'Chromium' && contender.name === name);
    return [
      title,
      ...[sizes.get(name)?.raw, sizes.get(name)?.brotli, models.get(name)].map(megabytes),
      milliseconds(navigation.get(name)?.p50),
      ...[inPage?.open, inPage?.bench, inPage?.manyEvents].map(megabytes),
    ];
  };
  return {
    title: 'Download, first top-10 and WebAssembly memory in Chromium',
    head: [
      '',
      ...['runtime, MB', '… brotli, MB', 'model, MB', 'navigation → first top-10, ms'],
      ...['memory after open, MB', '… the benchmark', '… 100,000 events more'],
    ],
    lines: [
      ...inChromium.map(line),
      ...[
        ['a blank page', 'blank'],
        ['Sotto’s files alone', 'files'],
      ].map(([title, name]) => [title, dash, dash, dash, milliseconds(navigation.get(name)?.p50), dash, dash, dash]),
    ],
  };
}

function goalsTable(goals) {
  const number = (value) => (Number.isFinite(value) ? String(Number(value.toPrecision(3))) : dash);
  const quantity = (value, unit) => (Number.isFinite(value) ? `${number(value)} ${unit}` : dash);
  const fraction = ({ limit, unit }) =>
    unit === '×' && limit < 1 ? `1/${Math.round(1 / limit)}` : quantity(limit, unit);
  return {
    title: 'Goals: Sotto beside its peers',
    head: ['', 'where', 'Sotto', 'of', 'goal: at most', ''],
    lines: goals.map((goal) => [
      goal.title,
      goal.environment,
      quantity(goal.value, goal.unit),
      goal.against || dash,
      fraction(goal),
      goal.isMet === undefined ? 'not measured' : goal.isMet ? 'met' : 'missed',
    ]),
  };
}

function checksTable({ stages }) {
  return {
    title: 'Agreement with the reference, errors as shares of the logits’ standard deviation',
    head: ['', 'where', 'of its top 10', 'rms error', 'largest error', 'allowed', ''],
    lines: stages
      .filter(({ check }) => check)
      .map(({ contender, environment, check }) => {
        const { rms = dash, largest = dash, allowed = dash } = describeErrors(check) ?? {};
        const same = `${check.same} (at least ${check.tolerance.sameOf10})`;
        return [contender.title, environment, same, rms, largest, allowed, verdict(check)];
      }),
  };
}

function notesOf({ absent, failures }) {
  const failed = ({ contender, environment, what, why }) =>
    `${contender?.title ?? 'a blank page'} in ${environment}, ${what}: ${why}`;
  const lines = [
    ...failures.map(failed),
    ...absent.filter(({ why }) => why !== 'not a part of it').map(({ contender, why }) => `${contender.title}: ${why}`),
  ];
  return [...new Set(lines)];
}

export function tablesOf(results, goals) {
  const environments = [...new Set(results.stages.map(({ environment }) => environment))];
  return {
    tables: [
      goalsTable(goals),
      ...environments.map((environment) => timesTable(environment, results)),
      ...(environments.includes('Chromium') ? [footprintTable(results)] : []),
      checksTable(results),
    ],
    notes: notesOf(results),
  };
}
