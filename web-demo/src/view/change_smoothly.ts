const calm = matchMedia('(prefers-reduced-motion: reduce)');

/** Whether the visitor has asked for little motion. */
export function isCalm(): boolean {
  return calm.matches;
}

/** Applies a change to the children: those that stay glide to their new places, new ones rise in one after another. */
export function changeSmoothly(container: HTMLElement, selector: string, change: () => void): void {
  const places = new Map<Element, DOMRect>();
  for (const child of container.querySelectorAll(selector)) places.set(child, child.getBoundingClientRect());
  change();
  if (isCalm()) return;
  let newcomers = 0;
  for (const child of container.querySelectorAll(selector)) {
    const before = places.get(child);
    if (before === undefined) {
      child.animate(
        [
          { opacity: 0, transform: 'translateY(14px) scale(.96)' },
          { opacity: 1, transform: 'none' },
        ],
        {
          duration: 320,
          delay: 30 * newcomers++,
          easing: 'cubic-bezier(.2,.8,.3,1)',
          fill: 'backwards',
        },
      );
    } else {
      const now = child.getBoundingClientRect();
      const from = `translate(${before.left - now.left}px, ${before.top - now.top}px)`;
      child.animate([{ transform: from }, { transform: 'none' }], {
        duration: 320,
        easing: 'cubic-bezier(.2,.8,.3,1)',
      });
    }
  }
}
