// Opening, checking and measuring. Whatever goes wrong becomes a failure that the tables show, and the rest goes on.
import { checkedHistories, describeCheck } from './check.mjs';
import { classic } from './classic.mjs';
import { navigateToFirstTop10 } from './harness/chromium.mjs';
import { timedRows } from './rows.mjs';

const manyEvents = 100_000;

const firstLine = (error) => error.message.split('\n')[0];

/** Opens every contender in every environment: { name, open }. `say` tells people what is going on. */
export async function openStages(environments, contenders, checker, failures, say) {
  const stages = [];
  for (const contender of contenders) {
    for (const environment of environments) {
      const who = `${contender.title} in ${environment.name}`;
      const at = { environment: environment.name, contender };
      let stage;
      try {
        stage = await environment.open(contender);
        const opened = { ...at, ...stage, memoryAfterOpen: await stage.call('memoryBytes') };
        opened.modelFiles = await stage.call('modelFiles');
        if (!contender.isApart) {
          opened.check = checker(await stage.call('answers', classic.seed, checkedHistories), contender.isFloat);
        }
        say(`${who}: ${opened.check ? describeCheck(opened.check) : 'opened'}`);
        stages.push(opened);
      } catch (error) {
        await stage?.close();
        failures.push({ ...at, what: 'opening', why: error.message });
        say(`${who}: cannot run (${error.message})`);
      }
    }
  }
  return stages;
}

/** What each stage cannot do, with the reason. */
export async function absences(stages) {
  const found = [];
  for (const { environment, contender, call } of stages) {
    for (const row of timedRows) {
      const why = await call('absent', row.name);
      if (why !== undefined) found.push({ environment, contender, row: row.name, why });
    }
  }
  return found;
}

/** Row by row all contenders in turn, so that a busy moment of the machine meets all of them. */
export async function measureRound(round, stages, absent, failures, share, progress) {
  const isAbsent = (stage, row) =>
    [...absent, ...failures].some(
      ({ environment, contender, row: missing }) =>
        environment === stage.environment && contender === stage.contender && missing === row.name,
    );
  const measured = [];
  for (const row of timedRows) {
    for (const stage of stages.filter((candidate) => !isAbsent(candidate, row))) {
      const { environment, contender } = stage;
      progress(`${row.title}: ${contender.title} in ${environment}`);
      try {
        const samples = await stage.call('measure', row, round + 1, share);
        measured.push({ environment, contender, row: row.name, round, ...samples });
      } catch (error) {
        failures.push({ environment, contender, row: row.name, what: row.title, why: firstLine(error) });
      }
    }
  }
  return measured;
}

/** Cold pages: those of the contenders that stand in Chromium, a blank one, and one that only loads Sotto's files. */
export async function navigateRound(round, browser, server, contenders, failures, progress) {
  const navigated = [];
  for (const name of ['blank', 'files', ...contenders.map((contender) => contender.name)]) {
    progress(`navigation → first top-10: ${name}`);
    try {
      navigated.push({ name, round, ...(await navigateToFirstTop10(browser, server, name)) });
    } catch (error) {
      const contender = contenders.find((candidate) => candidate.name === name);
      failures.push({ environment: 'Chromium', contender, what: 'navigation', why: firstLine(error) });
    }
  }
  return navigated;
}

/** Memory after everything that was measured and, of Sotto, after many more events. */
export async function measureMemory(stages, failures, progress) {
  const found = [];
  for (const { environment, contender, memoryAfterOpen, call } of stages) {
    progress(`memory: ${contender.title} in ${environment}`);
    const memory = { environment, contender, open: memoryAfterOpen };
    found.push(memory);
    try {
      memory.bench = await call('memoryBytes');
      if (!contender.isSotto) continue;
      await call('feed', manyEvents);
      memory.manyEvents = await call('memoryBytes');
    } catch (error) {
      failures.push({ environment, contender, what: 'memory', why: firstLine(error) });
    }
  }
  return found;
}
