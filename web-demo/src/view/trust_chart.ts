import { type TemplateResult, html, svg } from 'lit-html';
import type { JudgedLook, Learning } from '../learning';
import { percent, recordInWords } from '../wording/record';

const maxLooks = 48;
/** So that the first looks are not as wide as the chart. */
const minPlaces = 12;
/** A bar of full height: sixteen times the chance, or a sixteenth. */
const maxFactor = 16;

/**
 * A bar for each look, upwards where the visitor's list gave it the better chance, downwards where everybody's did; and
 * over them how far the visitor's list counts. Both have their middle, "just as good" and 50 %, at the same height.
 */
export function trustChart({ on, looks, record, firstTrust }: Learning): TemplateResult {
  const shown = looks.slice(-maxLooks);
  const trustBefore = looks.at(-maxLooks - 1)?.trust ?? firstTrust;
  const places = Math.max(shown.length, minPlaces);
  const line = [`0,${height(trustBefore)}`, ...shown.map(({ trust }, place) => `${place + 0.5},${height(trust)}`)];
  // As a property: the page's security policy allows no styles in attributes.
  const end = `left: ${(100 * Math.max(0, shown.length - 0.5)) / places}%; top: ${height(record.trust)}%`;
  return html`
    <figure class="trust">
      <h3>Who knew better what you would choose?</h3>
      <div class="trust-plot">
        <span class="trust-side" aria-hidden="true"><span>yours</span><span>everybody’s</span></span>
        <div class="trust-area">
          <svg viewBox="0 0 ${places} 100" preserveAspectRatio="none" role="img" aria-labelledby="trust-words">
            <path class="trust-middle" d="M0 50H${places}" />
            ${shown.map(bar)}
            <polyline class="trust-line" points=${line.join(' ')} />
          </svg>
          <span class="trust-now" .style=${end} aria-hidden="true"><b>${percent(record.trust)}</b></span>
        </div>
      </div>
      <figcaption id="trust-words">${recordInWords(record, on)}</figcaption>
      <p class="quiet trust-key" aria-hidden="true">
        <span><i class="key-bar"></i> each look: whose list gave it the better chance</span>
        <span><i class="key-line"></i> how far yours counts</span>
      </p>
    </figure>
  `;
}

function bar({ factor }: JudgedLook, place: number): TemplateResult {
  const length = 48 * Math.max(-1, Math.min(1, Math.log(factor) / Math.log(maxFactor)));
  const isYours = length > 0;
  return svg`<rect class=${isYours ? 'for-yours' : 'for-everybodys'} x=${place + 0.15} width="0.7" y=${isYours ? 50 - length : 50} height=${Math.abs(length)} />`;
}

/** In the chart, from its top, in percent. */
function height(trust: number): number {
  return 100 * (1 - trust);
}
