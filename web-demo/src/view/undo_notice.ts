import { html, render } from 'lit-html';
import type { Product } from '../product';
import type { Shopper } from '../shopper';

/** At the foot of the window after a refusal: takes it back into the row, until the visitor does something else. */
export function showUndo(shopper: Shopper, row: HTMLElement): void {
  const container = document.createElement('div');
  document.body.append(container);

  function undo({ id }: Product): void {
    shopper.undoRefusal();
    row.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`)?.focus({ preventScroll: true });
  }

  shopper.onChange(({ justRefused }) =>
    render(
      justRefused === undefined
        ? ''
        : html`
            <div class="undo">
              <p><b>${justRefused.title}</b> will not be recommended again, and what is like it less.</p>
              <button type="button" @click=${() => undo(justRefused)}>Undo</button>
            </div>
          `,
      container,
    ),
  );
}
