// The command line of run.mjs.
import { parseArgs } from 'node:util';

export const usage = `usage: node run.mjs [--rounds N] [--only NAME,…] [--quick] [--json FILE] [--html FILE]

  --rounds N     rounds in which all contenders are measured in turn (default 5)
  --only NAME,…  these contenders alone; the names are those of contenders.mjs
  --quick        one round of a tenth of the samples: does everything run?
  --json FILE    every round's figures
  --html FILE    one page with tables and bars

PYTHON, SOTTO and SOTTO_CHROMIUM are explained in README.md.`;

const options = {
  rounds: { type: 'string' },
  only: { type: 'string' },
  quick: { type: 'boolean', default: false },
  json: { type: 'string' },
  html: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
};

/** Throws an Error whose message is for the caller to print. */
export function parseOptions(args, knownNames) {
  const { values } = parseArgs({ args, options });
  const rounds = Number(values.rounds ?? (values.quick ? 1 : 5));
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new Error(`--rounds takes a whole number of at least 1, not ${values.rounds}`);
  }
  const only = values.only?.split(',');
  const unknown = only?.find((name) => !knownNames.includes(name));
  if (unknown !== undefined) throw new Error(`--only: there is no ${unknown}; known are ${knownNames.join(', ')}`);
  return { ...values, rounds, only, share: values.quick ? 0.1 : 1 };
}
