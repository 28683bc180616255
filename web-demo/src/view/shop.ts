import { html, render } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { Shelf } from '../catalogue/catalogue';
import type { Shopper } from '../shopper';
import { count } from '../wording/numbers';
import { pictureFrom, productCard } from './product_card';

const page = 30;

/** The shelves, and the products of the chosen one, a page at a time. */
export function showShop(section: HTMLElement, shopper: Shopper): void {
  const { heading, shelves, thing, things } = shopper.catalogue;
  let shelf = shelves[0] as Shelf;
  let shown = page;
  section.replaceChildren();

  function choose(chosen: Shelf): void {
    shelf = chosen;
    shown = page;
    update();
  }

  function showMore(): void {
    const next = shown;
    shown += page;
    update();
    section.querySelectorAll<HTMLElement>('.product')[next]?.focus({ preventScroll: true });
  }

  function update(): void {
    const products = shopper.products.filter((product) => shelf.holds(product));
    const seen = new Set(shopper.visit.trail.map(({ id }) => id));
    render(
      html`
        <div class="shop-head">
          <h2 id="shop-heading">${heading}</h2>
          <p>${count(products.length, thing, things)}</p>
        </div>
        <fieldset class="shelves">
          <legend class="visually-hidden">Shelf</legend>
          ${shelves.map(
            (each) => html`
              <label class="shelf">
                <input type="radio" name="shelf" .checked=${each === shelf} @change=${() => choose(each)} />
                ${pictureFrom(each.emblem)} <span>${each.name}</span>
              </label>
            `,
          )}
        </fieldset>
        <div class="grid">
          ${repeat(
            products.slice(0, shown),
            ({ id }) => id,
            (product) => productCard(product, seen.has(product.id), (chosen) => shopper.look(chosen)),
          )}
        </div>
        ${products.length > shown ? html`<button class="more" type="button" @click=${showMore}>Show more</button>` : ''}
      `,
      section,
    );
  }

  shopper.onChange(update);
}
