import { type TemplateResult, html } from 'lit-html';
import { unsafeHTML } from 'lit-html/directives/unsafe-html.js';
import { picture } from '../picture/picture';
import type { Product } from '../product';

const pictures = new Map<string, TemplateResult>();

/** The picture of a gift of this title; drawn once. */
export function pictureOf(title: string): TemplateResult {
  return drawn(title, () => picture(title));
}

/** A product's picture; drawn once. */
export function productPicture(product: Product): TemplateResult {
  return drawn(product.rawTitle, () => product.draw());
}

/** A picture from the SVG's markup. */
export function pictureFrom(markup: string): TemplateResult {
  return drawn(markup, () => markup);
}

function drawn(key: string, draw: () => string): TemplateResult {
  let found = pictures.get(key);
  if (found === undefined) {
    found = html`<span class="picture">${unsafeHTML(draw())}</span>`;
    pictures.set(key, found);
  }
  return found;
}

/** A product that can be looked at. `seen`: the visitor has. */
export function productCard(product: Product, seen: boolean, onLook: (product: Product) => void): TemplateResult {
  return html`
    <button class="product" type="button" data-id=${product.id} ?data-seen=${seen} @click=${() => onLook(product)}>
      ${productPicture(product)}
      <span class="product-title">${product.title}</span>
      <span class="product-line">
        <span class="product-price">${product.line}</span>
        ${seen ? html`<span class="product-seen">looked at</span>` : ''}
      </span>
    </button>
  `;
}
