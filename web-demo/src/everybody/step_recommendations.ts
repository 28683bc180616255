import { type TemplateResult, html } from 'lit-html';
import { percent } from '../wording/record';
import { offerList } from './offer_list';
import type { EverybodySession, Shown } from './session';
import { judgementInWords } from './trend_wording';

/** Step 4: how far the trend is believed, and what a new device is recommended. */
export function showRecommendations(session: EverybodySession, { weeks, lists }: Shown): TemplateResult {
  const latest = weeks.at(-1)?.publication;
  return html`
    <h3><span class="step-number">4</span> Recommendations follow, as far as the trend proves right</h3>
    ${
      latest === undefined || lists === undefined
        ? html`<p class="quiet waiting">The trend, and what a new device is recommended, come here.</p>`
        : html`
          <div class="belief">
            <span
              class="belief-track"
              role="meter"
              aria-label="How far the trend is believed"
              aria-valuemin="0"
              aria-valuemax="100"
              aria-valuenow=${Math.round(100 * latest.prior)}
            >
              <i .style=${`width: ${100 * latest.prior}%`}></i>
            </span>
            <b>${percent(latest.prior)}</b>
          </div>
          <p data-testid="judgement">${judgementInWords({ weeks: weeks.length, ...latest })}</p>
          <div class="new-device">
            <div class="expected" role="group" aria-labelledby="without-heading">
              <h4 id="without-heading">A new device, without the trend</h4>
              ${offerList(session, lists.before)}
            </div>
            <div class="expected yours" role="group" aria-labelledby="with-heading">
              <h4 id="with-heading">With it</h4>
              ${offerList(session, lists.after, 'wanted by many this week')}
            </div>
          </div>
          ${latest.prior > 0 ? followers(session) : ''}
        `
    }
  `;
}

function followers(session: EverybodySession): TemplateResult {
  return session.aggregation.servers === undefined
    ? html`<p class="quiet">Your own list at the top of the page follows the trend as well, together with what you looked at.</p>`
    : html`<p class="quiet">The devices that you opened follow the trend as well, together with what was chosen on them.</p>`;
}
