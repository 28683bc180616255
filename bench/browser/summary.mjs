// From samples to figures: p50 and p99 of each round, and their medians over the rounds.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { downloadSize } from './download_size.mjs';
import { modelFolder } from './places.mjs';
import { median, quantile } from './statistics.mjs';

const figures = (samples) => ({ p50: quantile(samples, 0.5), p99: quantile(samples, 0.99) });

const medianOf = (rounds) => ({ p50: median(rounds.map(({ p50 }) => p50)), p99: median(rounds.map(({ p99 }) => p99)) });

function cellsOf(measured) {
  const groups = new Map();
  for (const one of measured) {
    const key = `${one.environment} ${one.contender.name} ${one.row}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].map((group) => {
    const byRound = new Map(group.map(({ round, samples }) => [round, figures(samples)]));
    const { environment, contender, row } = group[0];
    return { environment, contender, row, byRound, ...medianOf([...byRound.values()]) };
  });
}

export async function summarise({ measured, navigated, stages, memory, ...rest }) {
  const navigation = new Map();
  const sizes = new Map();
  for (const name of new Set(navigated.map((one) => one.name))) {
    const own = navigated.filter((one) => one.name === name);
    navigation.set(name, figures(own.map(({ milliseconds }) => milliseconds)));
    sizes.set(name, await downloadSize(own[0].requests));
  }
  const models = new Map(
    stages.map(({ contender, modelFiles }) => [
      contender.name,
      modelFiles.reduce((sum, file) => sum + statSync(join(modelFolder, file)).size, 0),
    ]),
  );
  return { ...rest, cells: cellsOf(measured), navigation, sizes, models, memory, stages };
}
