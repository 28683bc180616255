import { html, render } from 'lit-html';
import type { ModelInfo } from 'sotto';
import { count } from '../wording/numbers';

/** Whom the page is owed to, in the model's own words. */
export function showColophon(footer: HTMLElement, { attribution, licence, training }: ModelInfo): void {
  render(
    html`
      <p>
        The catalogue and the shopping baskets behind the recommendations: ${attribution}
        ${licence ? html`<span class="licence">Model licence: ${licence}.</span>` : ''} Trained by ${training.tool} on
        ${count(training.events, 'event')} of ${count(training.users, 'customer')}.
      </p>
      <p>
        The pictures are drawn by this page from the products' names. Nothing is for sale. Nothing you do here leaves
        this page. Typefaces: Young Serif and Figtree, SIL Open Font License 1.1.
      </p>
    `,
    footer,
  );
}
