// Contenders in Node, each in a process of its own.
import { fork } from 'node:child_process';
import { here } from '../places.mjs';

export async function openInNode(contender) {
  const child = fork(here('harness/node_stage.mjs'), [contender.name, JSON.stringify(contender.settings)], {
    execArgv: contender.nodeFlags,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
  });
  let complaints = '';
  child.stderr.on('data', (text) => (complaints = (complaints + text).slice(-2000)));
  const answer = () =>
    new Promise((resolve, reject) => {
      const ended = () => reject(new Error(`the process ended: ${lastLine(complaints)}`));
      child.once('exit', ended);
      child.once('message', ({ error, result }) => {
        child.off('exit', ended);
        if (error === undefined) resolve(result);
        else reject(new Error(error));
      });
    });
  const close = () => {
    if (child.exitCode !== null) return undefined;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill();
    return ended;
  };
  try {
    await answer();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    call(method, ...args) {
      child.send({ method, args });
      return answer();
    },
    close,
  };
}

const lastLine = (text) =>
  text
    .trim()
    .split('\n')
    .findLast((line) => /error/i.test(line)) ?? 'no message';
