const coarse = matchMedia('(pointer: coarse)');

/** What visitors do with what they like: they tap it, or click it. */
export function tapOrClick(): string {
  return coarse.matches ? 'Tap' : 'Click';
}
