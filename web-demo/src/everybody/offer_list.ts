import { type TemplateResult, html } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { Product } from '../product';
import { pictureOf } from '../view/product_card';
import type { Offer } from './offer';

interface Products {
  product(id: string): Product | undefined;
}

/** A list of recommendations. `mark`: what to say of those that are wanted at present. */
export function offerList(products: Products, offers: readonly Offer[], mark?: string): TemplateResult {
  return html`
    <ol>
      ${repeat(
        offers,
        ({ id }) => id,
        ({ id, isWanted }) => {
          const product = products.product(id);
          return html`
            <li data-id=${id}>
              ${product === undefined ? '' : pictureOf(product.rawTitle)}
              <span class="expected-title">${product?.title}</span>
              ${isWanted && mark !== undefined ? html`<span class="mark new">${mark}</span>` : ''}
            </li>
          `;
        },
      )}
    </ol>
  `;
}
