// What a picture is made of: a motif per kind of product, in a square of 100 × 100, standing on y = 80.
import type { Palette } from './palette.js';

export interface Motif {
  /** What it shows, in the plural, to speak of many at once. No two motifs share it, so that a kind can be seen. */
  readonly kind?: string;
  /** Words of a title that call for this motif. */
  readonly words: readonly string[];
  /** What calls for this motif before any single word does: "lunch bag". */
  readonly phrases?: readonly string[];
  /** Draws the object; `emblem` places the product's emblem: centre, size, colour. */
  draw(palette: Palette, emblem: (x: number, y: number, scale: number, colour: string) => string): string;
}
