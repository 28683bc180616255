// Sends a report to the leader. It may be sent again as often as needed: the same bytes count once.
import { SottoError } from '../errors.js';
import { ask, below, readBody } from './http.js';
import { uniform } from './random.js';

export type UploadOutcome = 'sent' | 'refused' | 'unreachable';

const attempts = 3;
const firstPause = 2000; // milliseconds, then twice as long each time
const reportIdBytes = 16;
const reportReplayed = 2;

/**
 * @param pause waits so many milliseconds
 * @param token admits the report, where the leader asks for one
 */
export async function upload(
  leader: string,
  task: string,
  body: Uint8Array<ArrayBuffer>,
  pause: (milliseconds: number) => Promise<void>,
  token: string | undefined,
  signal: AbortSignal | undefined,
): Promise<UploadOutcome> {
  const url = below(leader, `/tasks/${task}/reports`);
  const headers = {
    'Content-Type': 'application/ppm-dap;message=upload-req',
    ...(token === undefined ? {} : { 'Sotto-Upload-Token': token }),
  };
  for (let attempt = 0; attempt < attempts; ++attempt) {
    if (attempt > 0) await pause(firstPause * 2 ** (attempt - 1) * (0.5 + uniform()));
    try {
      const response = await ask(url, { method: 'POST', headers, body }, signal);
      if (response.ok) return outcomeOf(await readBody(url, response, 1000, signal));
      if (response.status < 500 && response.status !== 429 && response.status !== 408) return 'refused';
    } catch (error) {
      if (!(error instanceof SottoError) || error.code !== 'network') throw error;
    }
  }
  return 'unreachable';
}

/** The answer names the reports that were not accepted, each with an error. */
function outcomeOf(answer: Uint8Array): UploadOutcome {
  return answer.length === 0 || answer[reportIdBytes] === reportReplayed ? 'sent' : 'refused';
}
