import { type TemplateResult, html, svg } from 'lit-html';
import type { JudgedLook, Learning } from '../learning';
import { percent, recordInWords } from '../wording/record';

const mostLooks = 48;
/** So that the first looks are not as wide as the chart. */
const fewestPlaces = 12;
/** A bar of full height: sixteen times the chance, or a sixteenth. */
const mostFactor = 16;

/**
 * A bar for each look, upwards where the visitor's list gave it the better chance, downwards where everybody's did; and
 * over them how far the visitor's list counts. Both have their middle, "just as good" and 50 %, at the same height.
 */
export function trustChart({ on, looks, record, firstWeight }: Learning): TemplateResult {
  const shown = looks.slice(-mostLooks);
  const weightBefore = looks.at(-mostLooks - 1)?.weight ?? firstWeight;
  const places = Math.max(shown.length, fewestPlaces);
  const line = [`0,${height(weightBefore)}`, ...shown.map(({ weight }, place) => `${place + 0.5},${height(weight)}`)];
  // As a property: the page's security policy allows no styles in attributes.
  const end = `left: ${(100 * Math.max(0, shown.length - 0.5)) / places}%; top: ${height(record.weight)}%`;
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
          <span class="trust-now" .style=${end} aria-hidden="true"><b>${percent(record.weight)}</b></span>
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
  const length = 48 * Math.max(-1, Math.min(1, Math.log(factor) / Math.log(mostFactor)));
  const isYours = length > 0;
  return svg`<rect class=${isYours ? 'for-yours' : 'for-everybodys'} x=${place + 0.15} width="0.7" y=${isYours ? 50 - length : 50} height=${Math.abs(length)} />`;
}

/** In the chart, from its top, in percent. */
function height(weight: number): number {
  return 100 * (1 - weight);
}
