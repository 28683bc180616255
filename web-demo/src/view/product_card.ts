import { type TemplateResult, html } from 'lit-html';
import { unsafeHTML } from 'lit-html/directives/unsafe-html.js';
import { picture } from '../picture/picture';
import type { Product } from '../product';

const pictures = new Map<string, TemplateResult>();

/** The product's picture; drawn once. */
export function pictureOf(title: string): TemplateResult {
  let drawn = pictures.get(title);
  if (drawn === undefined) {
    drawn = html`<span class="picture">${unsafeHTML(picture(title))}</span>`;
    pictures.set(title, drawn);
  }
  return drawn;
}

/** A product that can be looked at. `seen`: the visitor has. */
export function productCard(product: Product, seen: boolean, onLook: (product: Product) => void): TemplateResult {
  return html`
    <button class="product" type="button" data-id=${product.id} ?data-seen=${seen} @click=${() => onLook(product)}>
      ${pictureOf(product.rawTitle)}
      <span class="product-title">${product.title}</span>
      <span class="product-line">
        <span class="product-price">${product.price}</span>
        ${seen ? html`<span class="product-seen">looked at</span>` : ''}
      </span>
    </button>
  `;
}
