import { html, render } from 'lit-html';
import type { ModelInfo } from 'sotto';
import type { Catalogue } from '../catalogue/catalogue';
import { count } from '../wording/numbers';

/** Whom the page is owed to, in the model's own words; and where its code and documents are. */
export function showColophon(
  footer: HTMLElement,
  { name, source, pictures, people }: Catalogue,
  { attribution, licence, training }: ModelInfo,
): void {
  render(
    html`
      <nav class="reading" aria-label="Code and documents">
        <a href="./read/README.html">What Sotto is</a>
        <a href="./read/code.html">This page’s code</a>
        <a href="./read/javascript.html">In a page of your own</a>
        <a href="./read/personal.html">What it learns</a>
        <a href="./read/privacy.html">Privacy</a>
        <a href="./read/${name}.html">This model</a>
      </nav>
      <p>
        ${source} ${attribution}
        ${licence ? html`<span class="licence">Model licence: ${licence}.</span>` : ''} Trained by ${training.tool} on
        ${count(training.events, 'event')} of ${count(training.users, people)}.
      </p>
      <p>
        ${pictures} Nothing you do here leaves this page. Typefaces: Young Serif and Figtree, SIL Open Font License 1.1.
      </p>
    `,
    footer,
  );
}
