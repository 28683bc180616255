import { type TemplateResult, html, render } from 'lit-html';
import { type EverybodySession, type Shown, batchSize } from './session';

/** Step 1: a point for each device, which lights up when both sides have verified its report. */
export function showDevices(section: HTMLElement, session: EverybodySession): void {
  section.setAttribute('aria-labelledby', 'devices-heading');
  session.onChange((shown) => render(template(shown), section));
}

function template({ collecting, weeks, joins }: Shown): TemplateResult {
  const latest = weeks.at(-1);
  const accepted = collecting?.accepted ?? latest?.publication.reports ?? 0;
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
      ?data-done=${collecting === undefined && accepted === batchSize}
    >
      ${Array.from(
        { length: batchSize },
        (_, place) => html`<i ?data-in=${place < accepted} ?data-own=${joins && place === 0}></i>`,
      )}
    </div>
    <p class="quiet" data-testid="reports">
      <b>${accepted} of ${batchSize}</b> reports verified.
      ${
        collecting === undefined && latest !== undefined
          ? html`It took ${latest.seconds.toFixed(1)} s on this device: 70 kB a report, and
            ${latest.verifyMilliseconds.toFixed(0)} ms to verify it.`
          : html`Below ${batchSize}, the sum is never opened.`
      }
    </p>
  `;
}
