import { html, render } from 'lit-html';
import { SottoError } from 'sotto';
import { failureInWords } from '../wording/failure';

/** In place of the shop, when it cannot open: what happened and what to do. */
export function showFailure(main: HTMLElement, error: unknown): void {
  main.replaceChildren();
  document.querySelector('.skip-link')?.remove();
  render(
    html`
      <section class="failure" role="alert">
        <svg viewBox="0 0 100 100" aria-hidden="true">
          <circle cx="50" cy="50" r="44" class="failure-ground" />
          <path d="M26 44h48l4 36H22Z" class="failure-shop" />
          <path d="M22 30h56l4 14q-7 8-14 0-7 8-14 0-4 6-8 0-7 8-14 0-7 8-14 0Z" class="failure-awning" />
          <path d="M42 80V60a8 8 0 0 1 16 0v20" class="failure-door" />
        </svg>
        <h1>This page cannot open here</h1>
        <p>${failureInWords(error)}</p>
        ${error instanceof SottoError ? html`<p class="quiet">Code: <code>${error.code}</code></p>` : ''}
        <button type="button" @click=${() => location.reload()}>Try again</button>
      </section>
    `,
    main,
  );
}

/** Above everything: something that does not stop the shop, until it is put away. */
export function showWarning(warning: SottoError): void {
  const container = document.createElement('div');
  document.body.append(container);
  render(
    html`
      <div class="warning" role="status" data-code=${warning.code}>
        <p>${warning.message}</p>
        <button type="button" @click=${() => container.remove()}>All right</button>
      </div>
    `,
    container,
  );
}
