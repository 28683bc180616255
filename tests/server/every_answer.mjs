// Runs after the tests: has the server given every answer that openapi.json promises? Each operation must have been seen
// with each of its statuses. contract.mjs keeps the list.
import { readdirSync, readFileSync } from 'node:fs';
import { answersFolder, document } from './contract.mjs';

// Answers that no client can provoke: a fault of the server itself, for which one operation stands (a damaged store),
// and two files with the same 64-bit hash.
const isOutOfReach = (answer) =>
  (answer.endsWith(' 500') && answer !== 'recommend 500') || answer === 'uploadModel 409';

const promised = Object.values(document.paths).flatMap((item) =>
  Object.values(item).flatMap(({ operationId, responses }) =>
    operationId === undefined ? [] : Object.keys(responses).map((status) => `${operationId} ${status}`),
  ),
);
const seen = new Set(
  readdirSync(answersFolder).flatMap((file) => readFileSync(`${answersFolder}/${file}`, 'utf8').split('\n')),
);
const missing = promised.filter((answer) => !seen.has(answer) && !isOutOfReach(answer));
if (missing.length > 0) {
  console.error(`No test of the server has seen these answers of openapi.json:\n  ${missing.join('\n  ')}`);
  process.exitCode = 1;
}
console.log(`${promised.length - missing.length} of ${promised.length} answers were seen.`);
