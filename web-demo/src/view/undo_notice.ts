import { html, render } from 'lit-html';
import type { Product } from '../product';
import type { Shopper } from '../shopper';

/** At the foot of the window after a product was hidden: takes it back into the row, until the visitor does something else. */
export function showUndo(shopper: Shopper, row: HTMLElement): void {
  const container = document.createElement('div');
  document.body.append(container);

  function undo({ id }: Product): void {
    shopper.undoHiding();
    row.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`)?.focus({ preventScroll: true });
  }

  shopper.onChange(({ justHidden }) =>
    render(
      justHidden === undefined
        ? ''
        : html`
            <div class="undo">
              <p><b>${justHidden.title}</b> will not be recommended again, and what is like it less.</p>
              <button type="button" @click=${() => undo(justHidden)}>Undo</button>
            </div>
          `,
      container,
    ),
  );
}
