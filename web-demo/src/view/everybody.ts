import type { Shopper } from '../shopper';

/** The head of the panel "What everybody wants". The panel itself is downloaded when a visitor opens it. */
export function showEverybody(section: HTMLElement, shopper: Shopper): void {
  const head = section.querySelector('.everybody-head') as HTMLElement;
  const body = document.createElement('div');
  body.className = 'everybody-body';
  body.id = 'everybody-body';
  body.hidden = true;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'compare';
  button.textContent = 'Show how';
  button.setAttribute('aria-controls', body.id);
  button.setAttribute('aria-expanded', 'false');
  head.append(button);
  section.append(body);

  let loading: Promise<void> | undefined;
  const load = async () => {
    const { showPanelOfPage } = await import('../everybody/page_panel');
    showPanelOfPage(body, shopper);
  };

  button.addEventListener('click', () => {
    body.hidden = !body.hidden;
    button.setAttribute('aria-expanded', String(!body.hidden));
    if (body.hidden) return;
    loading ??= load();
    loading.catch(() => {
      loading = undefined;
      body.textContent = 'This part of the page could not be downloaded. Close it and open it again.';
    });
  });
}
