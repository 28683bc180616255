import { type TemplateResult, html } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { pictureOf } from '../view/product_card';
import type { EverybodySession, Shown, Week } from './session';

const shownSlots = 9;

/** Step 3: the noisy histogram. */
export function showSum(session: EverybodySession, { weeks }: Shown): TemplateResult {
  const latest = weeks.at(-1);
  const { batchSize, deviation } = session.aggregation;
  return html`
    <h3><span class="step-number">3</span> Only the noisy sum is opened</h3>
    <p>
      Each side adds up its halves, adds noise of its own, and opens the result. Neither side ever has the exact
      counts: the noise of both is in them.
    </p>
    ${latest === undefined ? html`<p class="quiet waiting">The counts of a week come here.</p>` : histogram(session, latest, weeks.length)}
    <p class="quiet">
      For a demo to show something, the noise here is small: a deviation of ${deviation} counts from each side, over
      ${batchSize} reports. The real thing has 8, and at least 2,000 reports: for one report that is ε = 0.50 instead of 2.25
      (δ = 10⁻⁶; smaller protects better).
    </p>
  `;
}

function histogram(session: EverybodySession, { wish, publication }: Week, week: number): TemplateResult {
  const { slots, deviation } = session.aggregation;
  const top = slots.top(publication.histogram, shownSlots);
  const highest = Math.max(1, ...top.map((slot) => publication.histogram[slot] as number));
  const wanted = new Set(wish.products.map(({ id }) => id));
  const noise = deviation * Math.SQRT2;
  return html`
    <p class="histogram-title" id="histogram-title">
      Week ${week}: the ${shownSlots} slots with the highest counts
    </p>
    <ol class="histogram" aria-labelledby="histogram-title">
      ${repeat(
        top,
        (slot) => slot,
        (slot) => {
          const count = publication.histogram[slot] as number;
          const expected = (slots.expected[slot] as number) * publication.reports;
          const product = session.product(slots.idOf(slot));
          return html`
            <li data-id=${product?.id ?? ''} ?data-wanted=${wanted.has(product?.id ?? '')}>
              ${product === undefined ? '' : pictureOf(product.rawTitle)}
              <span class="bar-title">${product?.title}</span>
              <span class="bar" aria-hidden="true">
                <i class="bar-count" .style=${`width: ${(100 * Math.max(0, count)) / highest}%`}></i>
                <i
                  class="bar-noise"
                  .style=${`left: ${(100 * Math.max(0, count - noise)) / highest}%; right: ${100 - Math.min(100, (100 * (count + noise)) / highest)}%`}
                ></i>
                <i class="bar-expected" .style=${`left: ${Math.min(100, (100 * expected) / highest)}%`}></i>
              </span>
              <span class="bar-number">
                ${count}<span class="visually-hidden"> counts, ${expected.toFixed(1)} expected</span>
              </span>
            </li>
          `;
        },
      )}
    </ol>
    <p class="quiet histogram-key" aria-hidden="true">
      <span><i class="key-wanted"></i> what you let the crowd want</span>
      <span><i class="key-noise"></i> the noise’s deviation</span>
      <span><i class="key-expected"></i> what the model expected</span>
    </p>
  `;
}
