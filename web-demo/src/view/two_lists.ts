import { type TemplateResult, html } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { Expected, Learning } from '../learning';
import { count } from '../wording/numbers';
import { productPicture } from './product_card';

/** What everybody's model expects and what the visitor's does, side by side, with what sets them apart. */
export function twoLists({ everybodys, yours }: Learning): TemplateResult {
  return html`
    <div class="expected" role="group" aria-labelledby="everybodys-heading">
      <h3 id="everybodys-heading">Everybody’s model</h3>
      ${list(everybodys, (place) => goneMark(everybodys[place] as Expected, yours))}
    </div>
    <div class="expected yours" role="group" aria-labelledby="yours-heading">
      <h3 id="yours-heading">Yours</h3>
      ${list(yours, (place) => movedMark(place, placeIn(everybodys, yours[place] as Expected)))}
    </div>
  `;
}

function list(expected: readonly Expected[], mark: (place: number) => TemplateResult | ''): TemplateResult {
  return html`
    <ol>
      ${repeat(
        expected,
        ({ product }) => product.id,
        ({ product, looks }, place) => html`
          <li data-id=${product.id}>
            ${productPicture(product)}
            <span class="expected-title">
              ${product.title} ${looks === 0 ? '' : html`<small>${count(looks, 'look')}</small>`}
            </span>
            ${mark(place)}
          </li>
        `,
      )}
    </ol>
  `;
}

function placeIn(list: readonly Expected[], { product }: Expected): number {
  return list.findIndex((other) => other.product === product);
}

function goneMark(expected: Expected, yours: readonly Expected[]): TemplateResult | '' {
  return placeIn(yours, expected) >= 0
    ? ''
    : html`<span class="mark gone">gone<span class="visually-hidden"> from yours</span></span>`;
}

function movedMark(place: number, before: number): TemplateResult | '' {
  if (before < 0) return html`<span class="mark new">new</span>`;
  if (before === place) return '';
  const steps = Math.abs(before - place);
  return before > place
    ? html`<span class="mark up"><span aria-hidden="true">↑</span><span class="visually-hidden">up</span> ${steps}</span>`
    : html`<span class="mark down"><span aria-hidden="true">↓</span><span class="visually-hidden">down</span> ${steps}</span>`;
}
