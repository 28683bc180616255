/** In place of the page, when it cannot open. */
export function showPageFailure(error: unknown): void {
  console.error(error);
  const words = document.createElement('p');
  words.className = 'aggregate-failure';
  words.setAttribute('role', 'alert');
  words.textContent = error instanceof Error ? error.message : String(error);
  document.querySelector('main')?.replaceChildren(words);
}
