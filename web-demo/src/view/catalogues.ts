import { html, render } from 'lit-html';
import type { Catalogue } from '../catalogue/catalogue';
import { addressOf, catalogues } from '../catalogue/catalogues';
import { capitalized } from '../wording/capitalized';

/** Names the page after its catalogue, and links to the others. */
export function showCatalogues(nav: HTMLElement, shown: Catalogue): void {
  document.title = shown.title;
  document.documentElement.dataset.catalogue = shown.name;
  for (const wordmark of document.querySelectorAll('.wordmark small')) wordmark.textContent = shown.wordmark;
  for (const heading of document.querySelectorAll('#shop-heading')) heading.textContent = shown.heading;
  for (const link of document.querySelectorAll('.skip-link'))
    link.textContent = `Skip to ${shown.heading.toLowerCase()}`;
  for (const only of document.querySelectorAll<HTMLElement>('.everybody, .everybody-link'))
    only.hidden = !shown.hasTrend;
  render(
    catalogues.map(
      (catalogue) => html`
        <a href=${addressOf(catalogue)} aria-current=${catalogue === shown ? 'page' : 'false'}>
          ${capitalized(catalogue.name)}
        </a>
      `,
    ),
    nav,
  );
}
