import { type TemplateResult, html, render } from 'lit-html';
import { count } from '../wording/numbers';
import type { EverybodySession, Shown } from './session';

/** Step 1: a point for each device, which lights up when both sides have verified its report. */
export function showDevices(section: HTMLElement, session: EverybodySession): void {
  section.setAttribute('aria-labelledby', 'devices-heading');
  session.onChange((shown) => render(template(session, shown), section));
}

function template(session: EverybodySession, shown: Shown): TemplateResult {
  const { batchSize, servers } = session.aggregation;
  const { collecting, joins, verified, waiting } = shown;
  const latest = shown.weeks.at(-1);
  // To servers devices may come at any time.
  const isFilling = collecting !== undefined || (servers !== undefined && verified > 0);
  const accepted = isFilling ? verified : (latest?.publication.reports ?? 0);
  return html`
    <h3 id="devices-heading"><span class="step-number">1</span> Each device sends one choice, in two halves</h3>
    <p>Each half is a list of random numbers. Only both halves together say what was chosen.</p>
    <div
      class="crowd"
      role="progressbar"
      aria-label="Verified reports"
      aria-valuemin="0"
      aria-valuemax=${batchSize}
      aria-valuenow=${accepted}
      aria-valuetext="${accepted} of ${batchSize} reports"
      ?data-done=${!isFilling && accepted === batchSize}
    >
      ${Array.from(
        { length: batchSize },
        (_, place) => html`<i ?data-in=${place < accepted} ?data-own=${joins && place === 0}></i>`,
      )}
    </div>
    <p class="quiet" data-testid="reports">
      <b>${accepted} of ${batchSize}</b> reports verified.
      ${isFilling || latest === undefined ? html`Below ${batchSize}, the sum is never opened.` : costInWords(latest)}
    </p>
    ${servers === undefined ? '' : holdings(isFilling ? verified : 0, waiting)}
  `;
}

/** What the servers' databases have of the batch. */
function holdings(verified: number, waiting: number): TemplateResult {
  const sum =
    verified === 0
      ? 'no sum yet'
      : html`one sum of <b>${count(verified, 'half', 'halves')}</b>: noise, as each half is`;
  return html`
    <dl class="holdings">
      <dt>The leader’s database</dt>
      <dd>${count(waiting, 'sealed report')}, and ${sum}.</dd>
      <dt>The helper’s database</dt>
      <dd>No report, and ${sum}.</dd>
    </dl>
    <p class="quiet">
      A report that is counted is removed: only its id stays, so that it cannot count again. The release adds the
      noise, and the exact sums go as well.
    </p>
  `;
}

function costInWords({ seconds, publication: { verifyMilliseconds } }: Shown['weeks'][number]): TemplateResult {
  if (seconds === undefined) return html`The batch was full, so both servers opened their sums.`;
  if (verifyMilliseconds === undefined) return html`It took ${seconds.toFixed(1)} s: 70 kB a report.`;
  return html`It took ${seconds.toFixed(1)} s on this device: 70 kB a report, and ${verifyMilliseconds.toFixed(0)} ms to
    verify it.`;
}
