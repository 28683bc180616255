// What a picture is made of: a motif per kind of product, in a square of 100 × 100, standing on y = 80.
import type { Palette } from './palette.js';

export interface Motif {
  /** Words of a title that call for this motif. */
  readonly words: readonly string[];
  /** Draws the object; `emblem` places the product's emblem: centre, size, colour. */
  draw(palette: Palette, emblem: (x: number, y: number, scale: number, colour: string) => string): string;
}
