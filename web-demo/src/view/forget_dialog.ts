import { html, render } from 'lit-html';
import type { Shopper } from '../shopper';
import { count, size } from '../wording/numbers';

/** Asks once, plainly: there is no copy to bring back from. Returns how to open it. */
export function makeForgetDialog(shopper: Shopper, onFailure: (error: unknown) => void): () => void {
  const dialog = document.createElement('dialog');
  dialog.className = 'forget-dialog';
  dialog.setAttribute('aria-labelledby', 'forget-heading');
  document.body.append(dialog);

  function forget(): void {
    dialog.close();
    shopper.forget().catch(onFailure);
  }

  return () => {
    const { events, stateSize } = shopper.visit;
    render(
      html`
        <h2 id="forget-heading">Forget everything about you?</h2>
        <p>
          This erases the ${size(stateSize)} and the list of what you looked at (${count(events, 'look')} so far), on this
          page and in this browser's storage.
        </p>
        <p>Nobody else has a copy, so nobody can bring it back.</p>
        <div class="choices">
          <button type="button" @click=${() => dialog.close()}>Keep it</button>
          <button type="button" class="forget-now" @click=${forget}>Forget me</button>
        </div>
      `,
      dialog,
    );
    dialog.showModal();
  };
}
