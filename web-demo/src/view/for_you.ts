import { html, render } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { Shopper, Visit } from '../shopper';
import { milliseconds } from '../wording/numbers';
import { changeSmoothly } from './change_smoothly';
import { productCard } from './product_card';

/** The row that follows the visitor. Below the top of the page it shrinks, and stays in sight. */
export function showForYou(section: HTMLElement, start: HTMLElement, announcement: HTMLElement, shopper: Shopper): void {
  const panel = section.querySelector('.for-you-panel') as HTMLElement;
  panel.replaceChildren();
  let first = true;
  shopper.onChange((visit) => {
    const place = focusedPlace(panel);
    changeSmoothly(panel, '.product', () => render(template(visit, shopper), panel));
    if (place < 0) panel.querySelector('.row')?.scrollTo({ left: 0, behavior: 'instant' });
    keepFocus(panel, place);
    if (!first) announcement.textContent = spoken(visit);
    first = false;
  });
  new IntersectionObserver(([entry]) => section.toggleAttribute('data-compact', !entry?.isIntersecting)).observe(start);
}

function template({ forYou, trail, milliseconds: time }: Visit, shopper: Shopper) {
  const latest = trail[0];
  return html`
    <div class="for-you-head">
      <h1 id="for-you-heading">For you</h1>
      ${latest ? html`<p class="because">since you looked at <b>${latest.title}</b></p>` : ''}
      ${time === undefined
        ? ''
        : html`<p class="time" title="Taking in your latest look and choosing among ${shopper.products.length} products">
            <b>${milliseconds(time)}</b> on this device
          </p>`}
    </div>
    ${forYou.length === 0
      ? html`<div class="nothing-yet">
          <div class="ghosts" aria-hidden="true"><i></i><i></i><i></i><i></i><i></i><i></i><i></i><i></i></div>
          <p><b>Click something you like.</b> This row then fills with what goes with it, chosen on this device.</p>
        </div>`
      : html`<div class="row">
          ${repeat(
            forYou,
            ({ id }) => id,
            (product) => productCard(product, false, (chosen) => shopper.look(chosen)),
          )}
        </div>`}
  `;
}

function spoken({ forYou }: Visit): string {
  if (forYou.length === 0) return 'Forgotten. This device keeps nothing about you now.';
  const [one, two, three] = forYou.map(({ title }) => title);
  return `New for you: ${[one, two, three].filter(Boolean).join(', ')} and more.`;
}

/** Where in the row the focus is, or -1. */
function focusedPlace(panel: HTMLElement): number {
  return [...panel.querySelectorAll('.product')].findIndex((card) => card === document.activeElement);
}

/** The product that was chosen leaves the row: the focus goes to what took its place. */
function keepFocus(panel: HTMLElement, place: number): void {
  if (place < 0 || panel.contains(document.activeElement)) return;
  panel.querySelectorAll<HTMLElement>('.product')[place]?.focus({ preventScroll: true });
}
