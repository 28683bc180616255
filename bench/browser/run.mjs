#!/usr/bin/env node
// The benchmark: Sotto and its peers on one model, in Chromium and in Node, in turn. README.md says what is measured.
import { writeFileSync } from 'node:fs';
import { makeChecker } from './check.mjs';
import { contenders, missingPart } from './contenders.mjs';
import { judge } from './goals.mjs';
import { bundleContender, emptyBundleFolder } from './harness/bundle.mjs';
import { launchChromium, openInChromium } from './harness/chromium.mjs';
import { openInNode } from './harness/node.mjs';
import { startServer } from './harness/server.mjs';
import { describeMachine, loadNow } from './machine.mjs';
import { absences, measureMemory, measureRound, navigateRound, openStages } from './measure.mjs';
import { parseOptions, usage } from './options.mjs';
import { missingPrerequisites } from './prerequisites.mjs';
import { htmlPage } from './report/html.mjs';
import { jsonOf } from './report/json.mjs';
import { markdownTable } from './report/markdown.mjs';
import { tablesOf } from './report/tables.mjs';
import { summarise } from './summary.mjs';

const coldPagesEachRound = 3;

const say = (text) => console.error(text);
/** One line that is written over, where somebody is watching. */
const progress = (text) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
};

function fail(message) {
  console.error(message);
  process.exit(2);
}

function readOptions() {
  try {
    const names = contenders.map(({ name }) => name);
    return parseOptions(process.argv.slice(2), names);
  } catch (error) {
    return fail(`${error.message}\n\n${usage}`);
  }
}

/** Those who can be tried; the others are failures already. */
async function bundled(wanted, failures) {
  await emptyBundleFolder();
  const ready = [];
  for (const contender of wanted) {
    const because = missingPart(contender);
    try {
      if (because !== undefined) throw new Error(because);
      await bundleContender(contender);
      ready.push(contender);
    } catch (error) {
      const why = error.message.split('\n')[0];
      failures.push({ environment: 'Chromium and Node', contender, what: 'bundling', why });
      say(`${contender.title}: cannot run (${why})`);
    }
  }
  return ready;
}

async function measureAll(options, browser, server) {
  const failures = [];
  const wanted = contenders.filter(({ name }) => options.only?.includes(name) ?? true);
  const ready = await bundled(wanted, failures);
  const environments = [
    { name: 'Chromium', open: (contender) => openInChromium(browser, server, contender) },
    { name: 'Node', open: openInNode },
  ];
  const stages = await openStages(environments, ready, makeChecker(), failures, say);
  try {
    const absent = await absences(stages);
    const pages = stages.filter(({ environment, contender }) => environment === 'Chromium' && !contender.isApart);
    const measured = [];
    const navigated = [];
    const loads = [];
    for (let round = 0; round < options.rounds; ++round) {
      loads.push(loadNow());
      progress('');
      say(`round ${round + 1} of ${options.rounds}, load ${loadNow().toFixed(1)}`);
      measured.push(...(await measureRound(round, stages, absent, failures, options.share, progress)));
      for (let i = 0; i < coldPagesEachRound; ++i) {
        const cold = pages.map(({ contender }) => contender);
        navigated.push(...(await navigateRound(round, browser, server, cold, failures, progress)));
      }
    }
    const memory = await measureMemory(stages, failures, progress);
    progress('');
    say('compressing what the pages downloaded');
    return await summarise({ measured, navigated, stages, memory, absent, failures, loads });
  } finally {
    await Promise.all(stages.map((stage) => stage.close()));
  }
}

async function main() {
  const options = readOptions();
  if (options.help) {
    console.log(usage);
    return;
  }
  const missing = missingPrerequisites();
  if (missing.length > 0) fail(missing.join('\n'));
  const browser = await launchChromium().catch((error) => fail(error.message));
  const server = await startServer();
  try {
    const results = await measureAll(options, browser, server);
    const goals = judge(results);
    const machine = { ...describeMachine(browser), loads: results.loads, rounds: options.rounds };
    const report = tablesOf(results, goals);
    for (const table of report.tables) console.log(`${markdownTable(table)}\n`);
    for (const note of report.notes) console.log(`- ${note}`);
    if (options.json) writeFileSync(options.json, jsonOf(results, goals, machine));
    if (options.html) writeFileSync(options.html, htmlPage(results, report, machine));
    if (results.stages.some(({ check }) => check?.passes === false)) process.exitCode = 1;
  } finally {
    await browser.close();
    server.close();
  }
}

await main();
