// Makes every file the benchmark runs on: `npm run models`. One set of weights, in each contender's own format.
import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { classic } from '../classic.mjs';
import { historyOfItems, random } from '../inputs.mjs';
import { sottoModelFile } from '../model_files.mjs';
import { here, modelFolder } from '../places.mjs';

const python = process.env.PYTHON ?? 'python3';
const sotto = process.env.SOTTO ?? here('../../sotto');
const users = 200;
const quietTensorFlow = { TF_CPP_MIN_LOG_LEVEL: '3', ...process.env };

function run(program, args) {
  try {
    execFileSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'], env: quietTensorFlow });
  } catch (error) {
    console.error(error.code === 'ENOENT' ? `There is no program ${program}.` : `${program} ${args[0]} failed.`);
    console.error('PYTHON names the Python, SOTTO the command line; README.md says what each needs.');
    process.exit(1);
  }
}

/** Random events, only to calibrate the fixed point on: the measured items are drawn in the same way. */
async function writeLog(file) {
  const log = createWriteStream(file);
  log.write('user_id,item_id,timestamp\n');
  const next = random(classic.seed);
  for (let user = 0; user < users; ++user) {
    historyOfItems(next).forEach((item, time) => {
      log.write(`${user},${item},${1_600_000_000 + 60 * time}\n`);
    });
  }
  await finished(log.end());
}

mkdirSync(modelFolder, { recursive: true });
const file = (name) => join(modelFolder, name);
run(python, [here('models/make.py'), modelFolder, JSON.stringify(classic)]);
await writeLog(file('log.csv'));
run(sotto, ['import', file('state_dict.safetensors'), '--out', file('sotto.f32.safetensors')]);
run(sotto, [
  ...['quantize', '--model', file('sotto.f32.safetensors'), '--interactions', file('log.csv')],
  ...['--out', file(sottoModelFile)],
]);
