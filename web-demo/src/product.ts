// An item of a catalogue as the page shows it.

export interface Product {
  readonly id: string;
  /** As in the catalogue. */
  readonly rawTitle: string;
  readonly title: string;
  /** What is said of it under its title: its price, or its year. */
  readonly line: string;
  /** What it is found by, in lower case. */
  readonly words: readonly string[];
  /** What it is, in the plural, to speak of many at once; its picture shows it. */
  readonly kind: string | undefined;
  /** The SVG's markup of its picture. */
  draw(): string;
}
