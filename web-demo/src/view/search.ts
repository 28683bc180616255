import { html, render } from 'lit-html';
import { findProducts } from '../find_products';
import type { Product } from '../product';
import type { Shopper } from '../shopper';
import { capitalized } from '../wording/capitalized';
import { count } from '../wording/numbers';
import { productPicture } from './product_card';

const limit = 7;

/** A combobox: "/" goes there, the arrows choose, Enter looks at the chosen product, Escape leaves. */
export function showSearch(container: HTMLElement, shopper: Shopper): void {
  const { heading, thing, things } = shopper.catalogue;
  let query = '';
  let found: Product[] = [];
  let chosen = -1;
  let open = false;

  function ask(input: HTMLInputElement): void {
    query = input.value;
    found = findProducts(query, shopper.products, limit);
    chosen = found.length > 0 ? 0 : -1;
    open = query.trim() !== '';
    update();
  }

  function look(product: Product): void {
    query = '';
    close();
    shopper.look(product);
  }

  /** Whoever goes elsewhere in the page is done; whoever goes to another window comes back. */
  function leave(): void {
    if (document.hasFocus()) query = '';
    close();
  }

  function close(): void {
    open = false;
    chosen = -1;
    update();
  }

  function onKey(event: KeyboardEvent): void {
    const product = found[chosen];
    if (event.key === 'Escape') {
      if (!open) query = '';
      close();
    } else if (event.key === 'Enter' && open && product) {
      look(product);
    } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && found.length > 0) {
      const step = event.key === 'ArrowDown' ? 1 : -1;
      chosen = open ? (chosen + step + found.length) % found.length : chosen;
      open = true;
      update();
    } else {
      return;
    }
    event.preventDefault();
  }

  function update(): void {
    render(
      html`
        <label class="visually-hidden" for="query">Search ${heading.toLowerCase()}</label>
        <input
          id="query"
          type="search"
          role="combobox"
          autocomplete="off"
          spellcheck="false"
          placeholder="Search ${count(shopper.products.length, thing, things)}"
          aria-expanded=${open}
          aria-controls="found"
          aria-autocomplete="list"
          aria-activedescendant=${open && chosen >= 0 ? `found-${chosen}` : ''}
          .value=${query}
          @input=${(event: Event) => ask(event.currentTarget as HTMLInputElement)}
          @focus=${(event: Event) => ask(event.currentTarget as HTMLInputElement)}
          @blur=${leave}
          @keydown=${onKey}
        />
        <kbd aria-hidden="true">/</kbd>
        <ul id="found" role="listbox" aria-label=${capitalized(things)} ?hidden=${!open}>
          ${found.map(
            (product, place) => html`
              <li
                id="found-${place}"
                role="option"
                aria-selected=${place === chosen}
                @pointerdown=${(event: Event) => event.preventDefault()}
                @click=${() => look(product)}
              >
                ${productPicture(product)} <span>${product.title}</span> <small>${product.line}</small>
              </li>
            `,
          )}
          ${open && found.length === 0 ? html`<li class="none-found">Nothing here is called “${query.trim()}”.</li>` : ''}
        </ul>
      `,
      container,
    );
  }

  update();
  document.addEventListener('keydown', (event) => {
    const writing = event.target instanceof Element && event.target.closest('input:not([type=radio]), dialog');
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || writing) return;
    event.preventDefault();
    container.querySelector<HTMLInputElement>('input')?.focus();
  });
}
