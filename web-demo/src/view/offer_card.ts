import { type TemplateResult, html } from 'lit-html';
import type { Product } from '../product';
import { productCard } from './product_card';

/** A recommended product; `reason`, once asked for, stands on its picture, and Escape takes it away. */
export function offerCard(
  product: Product,
  reason: string | undefined,
  onLook: (product: Product) => void,
  onAsk: (product: Product) => void,
  onHide: (product: Product) => void,
): TemplateResult {
  return html`
    <div class="offer" @keydown=${(event: KeyboardEvent) => closeOnEscape(event, product, reason, onAsk)}>
      ${productCard(product, false, onLook)}
      ${reason === undefined ? '' : html`<p class="reason">${reason}</p>`}
      <button
        class="why"
        type="button"
        aria-label="Why ${product.title}?"
        aria-expanded=${reason !== undefined}
        @click=${() => onAsk(product)}
      >
        why?
      </button>
      <button class="not-this" type="button" title="Not this" aria-label="Not this: ${product.title}" @click=${() => onHide(product)}>
        <svg viewBox="0 0 12 12" aria-hidden="true"><path d="M2.5 2.5 9.5 9.5M9.5 2.5 2.5 9.5" /></svg>
      </button>
    </div>
  `;
}

function closeOnEscape(
  event: KeyboardEvent,
  product: Product,
  reason: string | undefined,
  onAsk: (product: Product) => void,
): void {
  if (event.key !== 'Escape' || reason === undefined) return;
  event.preventDefault();
  onAsk(product);
}
