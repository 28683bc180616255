// Makes one report away from the page's thread.
import { type ReportOrder, makeReport } from './report_maker.js';

addEventListener('message', ({ data }: MessageEvent<ReportOrder>) => {
  makeReport(data).then(
    (report) => postMessage({ report }),
    ({ code, message }) => postMessage({ code, message: String(message) }),
  );
});
