// Where a report is made: in a worker of its own, so that the page stays responsive, or here where there are no workers.
import { SottoError, type SottoErrorCode } from '../errors.js';
import type { ReportOrder } from './report_maker.js';

type Answer = { report: Uint8Array<ArrayBuffer> } | { report?: undefined; code?: SottoErrorCode; message: string };

export async function makeReportApart(order: ReportOrder): Promise<Uint8Array<ArrayBuffer>> {
  if (typeof Worker === 'undefined') {
    const { makeReport } = await import('./report_maker.js');
    return makeReport(order);
  }
  const worker = new Worker(new URL('./report_worker.js', import.meta.url), { type: 'module' });
  try {
    const answer = await new Promise<Answer>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<Answer>) => resolve(data);
      worker.onerror = ({ message }) => reject(new SottoError('wrong_module', `The worker did not start: ${message}`));
      worker.postMessage(order);
    });
    if (answer.report !== undefined) return answer.report;
    throw new SottoError(answer.code ?? 'unsupported', answer.message);
  } finally {
    worker.terminate();
  }
}
