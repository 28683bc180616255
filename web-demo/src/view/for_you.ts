import { html, render } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { Product } from '../product';
import type { Shopper, Visit } from '../shopper';
import { milliseconds } from '../wording/numbers';
import { changeSmoothly } from './change_smoothly';
import { offerCard } from './offer_card';
import { varietySlider } from './variety';

/** The row that follows the visitor. Below the top of the page it shrinks, and stays in sight. */
export function showForYou(
  section: HTMLElement,
  start: HTMLElement,
  announcement: HTMLElement,
  shopper: Shopper,
): void {
  const panel = section.querySelector('.for-you-panel') as HTMLElement;
  panel.replaceChildren();
  let first = true;
  let explained: Explained | undefined;
  const ask = (product: Product) => {
    explained = explained?.product === product ? undefined : { product, reason: shopper.why(product) };
    render(template(shopper.visit, shopper, explained, ask), panel);
    if (explained) announcement.textContent = `${product.title}: ${explained.reason}`;
  };
  shopper.onChange((visit) => {
    explained = undefined;
    const place = focusedPlace(panel);
    changeSmoothly(panel, '.offer', () => render(template(visit, shopper, explained, ask), panel));
    if (place < 0) panel.querySelector('.row')?.scrollTo({ left: 0, behavior: 'instant' });
    keepFocus(panel, place);
    if (!first) announcement.textContent = spoken(visit);
    first = false;
  });
  new IntersectionObserver(([entry]) => section.toggleAttribute('data-compact', !entry?.isIntersecting)).observe(start);
}

/** The one product of the row that the visitor has asked about. */
interface Explained {
  readonly product: Product;
  readonly reason: string;
}

function template(
  { forYou, trail, variety, milliseconds: time }: Visit,
  shopper: Shopper,
  explained: Explained | undefined,
  onAsk: (product: Product) => void,
) {
  const latest = trail[0];
  return html`
    <div class="for-you-head">
      <h1 id="for-you-heading">For you</h1>
      ${latest ? html`<p class="because">since you looked at <b>${latest.title}</b></p>` : ''}
      ${forYou.length === 0 ? '' : varietySlider(variety, (wanted) => shopper.vary(wanted))}
      ${
        time === undefined
          ? ''
          : html`<p class="time" title="Taking in your latest look and choosing among ${shopper.products.length} products">
            <b>${milliseconds(time)}</b> on this device
          </p>`
      }
    </div>
    ${
      forYou.length === 0
        ? html`<div class="nothing-yet">
          <div class="ghosts" aria-hidden="true"><i></i><i></i><i></i><i></i><i></i><i></i><i></i><i></i></div>
          <p><b>Click something you like.</b> This row then fills with what goes with it, chosen on this device.</p>
        </div>`
        : html`<div class="row">
          ${repeat(
            forYou,
            ({ id }) => id,
            (product) =>
              offerCard(
                product,
                explained?.product === product ? explained.reason : undefined,
                (chosen) => shopper.look(chosen),
                onAsk,
                (unwanted) => shopper.hide(unwanted),
              ),
          )}
        </div>`
    }
  `;
}

function spoken({ forYou, justHidden }: Visit): string {
  if (justHidden) return `${justHidden.title} will not be recommended again. It can be undone at the end of the page.`;
  if (forYou.length === 0) return 'Forgotten. This device keeps nothing about you now.';
  const [one, two, three] = forYou.map(({ title }) => title);
  return `New for you: ${[one, two, three].filter(Boolean).join(', ')} and more.`;
}

/** Where in the row the focus is, or -1. */
function focusedPlace(panel: HTMLElement): number {
  return [...panel.querySelectorAll('.offer')].findIndex((offer) => offer.contains(document.activeElement));
}

/** The product that was chosen or hidden leaves the row: the focus goes to what took its place. */
function keepFocus(panel: HTMLElement, place: number): void {
  if (place < 0 || panel.contains(document.activeElement)) return;
  panel.querySelectorAll<HTMLElement>('.product')[place]?.focus({ preventScroll: true });
}
