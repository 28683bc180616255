// A product's picture, drawn from its title alone: what it is, its colours and its pattern. The same title always
// gives the same picture.
import { carried } from './carried.js';
import { emblemOf } from './emblems.js';
import { homeware } from './homeware.js';
import { living } from './living.js';
import type { Motif } from './motif.js';
import { occasions } from './occasions.js';
import { type Palette, paletteOf } from './palette.js';
import { paper } from './paper.js';
import { particular } from './particular.js';
import { tableware } from './tableware.js';

// Objects before what decorates them: a "heart t-light holder" is a candle with a heart on it.
const objects: readonly Motif[] = [...particular, ...homeware, ...carried, ...tableware, ...paper];
const themes: readonly Motif[] = [...living, ...occasions];

export const motifs: readonly Motif[] = [...objects, ...themes];

const parcel: Motif = {
  words: [],
  draw: ({ light, main, deep, accent }, emblem) => `
    <rect x="24" y="34" width="52" height="46" rx="4" fill="${main}"/><path d="M24 38a4 4 0 0 1 4-4h8v46h-8a4 4 0 0 1-4-4Z" fill="${light}" opacity=".5"/><path d="M24 57h52M50 34v46" stroke="${accent}" stroke-width="2"/><path d="M50 34q-12-12-15-5t15 5q12-12 15-5t-15 5Z" fill="none" stroke="${accent}" stroke-width="2.200"/><circle cx="50" cy="57" r="10" fill="#fffdf8"/>${emblem(50, 57, 1, deep)}`,
};

/** The SVG's markup; it contains nothing of the title itself. */
export function picture(title: string): string {
  const { words, wordSet } = wordsOf(title);
  const seed = hash(title);
  const palette = paletteOf(words, seed);
  const motif = motifOf(title);
  const emblem = emblemOf(wordSet, seed);
  const drawn = motif.draw(
    palette,
    (x, y, scale, colour) => `<g transform="translate(${x} ${y}) scale(${scale})">${emblem.draw(colour, palette)}</g>`,
  );
  return (
    `<svg viewBox="0 0 100 100" aria-hidden="true" focusable="false"><rect width="100" height="100" fill="${palette.ground}"/>` +
    `${backdrop(wordSet, seed, palette)}<ellipse cx="50" cy="82.500" rx="29" ry="3.600" fill="${palette.deep}" opacity=".16"/>${drawn}</svg>`
  );
}

/** The kind of thing that the picture of this title shows, in the plural; none for a plain parcel. */
export function kindOf(title: string): string | undefined {
  return motifOf(title).kind;
}

function wordsOf(title: string): { readonly words: readonly string[]; readonly wordSet: ReadonlySet<string> } {
  const words: readonly string[] = title.toLowerCase().match(/[a-z]+(?:-[a-z]+)*/g) ?? [];
  return { words, wordSet: new Set(words.flatMap((word) => [word, ...word.split('-')])) };
}

export function motifOf(title: string): Motif {
  const plain = ` ${(title.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ')} `;
  const said = motifs.find(({ phrases = [] }) => phrases.some((phrase) => plain.includes(` ${phrase} `)));
  if (said !== undefined) return said;
  const { words, wordSet } = wordsOf(title);
  const called = (motif: Motif) => motif.words.some((word) => wordSet.has(word));
  const isBag = wordSet.has('bag') || wordSet.has('bags');
  // What follows "bag" names its design: "jumbo bag alphabet".
  const candidates = objects.filter((motif) => called(motif) && (!isBag || motif.words.includes('bag')));
  // English names the thing itself last: a "tea towel" is a towel, "cake tins" are tins.
  const lastPlace = (motif: Motif) => Math.max(...motif.words.map((word) => words.lastIndexOf(word)));
  candidates.sort((a, b) => lastPlace(b) - lastPlace(a));
  return candidates[0] ?? themes.find(called) ?? parcel;
}

/** What is behind the object: the pattern that the title names, or a quiet shape. */
function backdrop(words: ReadonlySet<string>, seed: number, { halo }: Palette): string {
  const names = (...any: string[]) => any.some((word) => words.has(word));
  if (names('retrospot', 'polkadot', 'spot', 'spots', 'spotty', 'polka'))
    return tiled(20, `<circle cx="10" cy="10" r="4.500" fill="${halo}"/>`);
  if (names('gingham', 'check', 'tartan'))
    return tiled(20, `<path d="M0 0h10v20H0ZM0 0h20v10H0Z" fill="${halo}" opacity=".6"/>`);
  if (names('stripe', 'stripes', 'striped', 'stripey', 'deckchair'))
    return tiled(16, `<path d="M0 0h8v16H0Z" fill="${halo}"/>`);
  switch (seed % 4) {
    case 0:
      return `<circle cx="50" cy="50" r="40" fill="${halo}"/>`;
    case 1:
      return `<path d="M14 100V50a36 36 0 0 1 72 0v50Z" fill="${halo}"/>`;
    case 2:
      return `<path d="M0 72q25-9 50-4t50-6v38H0Z" fill="${halo}"/>`;
    default:
      return `<path d="M50 8q10 10 22 6 0 12 14 16-4 12 8 20-12 8-8 20-14 4-14 16-12-4-22 6-10-10-22-6 0-12-14-16 4-12-8-20 12-8 8-20 14-4 14-16 12 4 22-6Z" fill="${halo}"/>`;
  }
}

/** Repeats a square of the given size over the picture. */
function tiled(size: number, square: string): string {
  const places = Array.from({ length: Math.ceil(100 / size) }, (_, i) => i * size);
  return places.flatMap((y) => places.map((x) => `<g transform="translate(${x} ${y})">${square}</g>`)).join('');
}

function hash(text: string): number {
  let value = 2166136261;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) as number), 16777619) >>> 0;
  return value;
}
