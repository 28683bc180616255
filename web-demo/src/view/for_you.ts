import { type TemplateResult, html, render } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { Product } from '../product';
import type { Shopper, Visit } from '../shopper';
import { count, milliseconds } from '../wording/numbers';
import { changeSmoothly } from './change_smoothly';
import { offerCard } from './offer_card';
import { tapOrClick } from './pointer';
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
  visit: Visit,
  shopper: Shopper,
  explained: Explained | undefined,
  onAsk: (product: Product) => void,
): TemplateResult {
  const { forYou, events, variety } = visit;
  return html`
    <div class="for-you-head">
      <h1 id="for-you-heading">${events === 0 ? 'What everybody likes' : 'For you'}</h1>
      ${events === 0 ? invitation() : since(visit)}
      ${events === 0 ? '' : varietySlider(variety, (wanted) => shopper.vary(wanted))}
      ${events === 0 ? '' : time(visit, shopper)}
    </div>
    <div class="row">
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
    </div>
  `;
}

function invitation(): TemplateResult {
  return html`<p class="invitation"><b>${tapOrClick()} something you like.</b> This row then follows you, on this device.</p>`;
}

function since({ trail: [latest] }: Visit): TemplateResult | '' {
  return latest === undefined ? '' : html`<p class="because">since you looked at <b>${latest.title}</b></p>`;
}

function time({ timing }: Visit, { products, catalogue: { thing, things } }: Shopper): TemplateResult | '' {
  if (timing === undefined) return '';
  const { median, looks } = timing;
  return html`
    <p class="time">
      <b>${milliseconds(median)}</b> to learn one look and rank ${count(products.length, thing, things)}
      <span class="median">(${looks === 1 ? 'measured once' : `median of ${looks}`})</span>
    </p>
  `;
}

function spoken({ forYou, justHidden, events }: Visit): string {
  if (justHidden) return `${justHidden.title} will not be recommended again. It can be undone at the end of the page.`;
  if (events === 0) return 'Forgotten. This device keeps nothing about you now.';
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
