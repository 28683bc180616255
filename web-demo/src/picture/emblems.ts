// Small figures around the origin, about ten units wide, that decorate an object's face.
import type { Palette } from './palette.js';

interface Emblem {
  /** Words of a title that call for this figure. */
  readonly words: readonly string[];
  draw(colour: string, palette: Palette): string;
}

const petals = (colour: string, radius: number) =>
  [0, 72, 144, 216, 288]
    .map((turn) => `<circle r="${radius}" cy="-3.400" fill="${colour}" transform="rotate(${turn})"/>`)
    .join('');

const emblems: readonly Emblem[] = [
  {
    words: ['heart', 'hearts', 'love', 'sweetheart', 'sweethearts'],
    draw: (colour) =>
      `<path d="M0 5.500C-6.500 1-6-4.500-2.800-4.500-1.300-4.500-.4-3.600 0-2.700 .4-3.600 1.300-4.500 2.800-4.500 6-4.500 6.500 1 0 5.500Z" fill="${colour}"/>`,
  },
  {
    words: ['star', 'stars', 'spaceboy', 'circus', 'magic'],
    draw: (colour) =>
      `<path d="M0-6 1.700-2 6-1.700 2.700 1.100 3.800 5.300 0 3-3.800 5.300-2.700 1.100-6-1.700-1.700-2Z" fill="${colour}"/>`,
  },
  {
    words: ['skull', 'skulls', 'pirate'],
    draw: (colour, { main }) =>
      `<path d="M-5-1a5 5 0 0 1 10 0c0 2-1 2.800-2 3.200V5h-6V2.200C-4 1.800-5 1-5-1Z" fill="${colour}"/><circle cx="-2" cy="-.8" r="1.300" fill="${main}"/><circle cx="2" cy="-.8" r="1.300" fill="${main}"/>`,
  },
  {
    words: ['strawberry', 'strawberries', 'fruit', 'apple', 'apples', 'cherry', 'pear', 'pears'],
    draw: (colour, { deep }) =>
      `<path d="M0 6C-4 4-5.500 0-5-2.500-4-4.500 4-4.500 5-2.500 5.500 0 4 4 0 6Z" fill="${colour}"/><path d="M-3-3.500C-1-3-1-5.500 0-6 1-5.500 1-3 3-3.500 1.500-1.500-1.500-1.500-3-3.500Z" fill="${deep}"/>`,
  },
  {
    words: ['butterfly', 'butterflies', 'dragonfly'],
    draw: (colour) =>
      `<path d="M0 0C-2-6-7-5-6-1-5.500 1-2 1 0 0-3 1-4 5-2 5-.5 5 0 2 0 0 0 2 .5 5 2 5 4 5 3 1 0 0 2 1 5.500 1 6-1 7-5 2-6 0 0Z" fill="${colour}"/>`,
  },
  {
    words: ['bird', 'birds', 'dove', 'robin', 'owl', 'hen', 'chick'],
    draw: (colour) => `<path d="M-6 1C-4-4 0-5 2-3 3-5 6-4.500 6-2L8-1 6-.4C5.500 4-1 5-4 2L-8 3Z" fill="${colour}"/>`,
  },
  {
    words: ['christmas', 'xmas', 'snowflake', 'snowflakes', 'reindeer', 'nordic'],
    draw: (colour) =>
      `<g stroke="${colour}" stroke-width="1.300" stroke-linecap="round">${[0, 60, 120].map((turn) => `<path d="M0-6V6M-2-4.500 0-3 2-4.500M-2 4.500 0 3 2 4.500" fill="none" transform="rotate(${turn})"/>`).join('')}</g>`,
  },
  {
    words: ['woodland', 'leaf', 'botanical', 'forest', 'herb', 'tree', 'garden'],
    draw: (colour, { ground }) =>
      `<path d="M0 6C-6 2-5-4 0-7 5-4 6 2 0 6Z" fill="${colour}"/><path d="M0 6V-4" stroke="${ground}" stroke-width=".8"/>`,
  },
  {
    words: ['regency', 'crown', 'king', 'queen', 'royal', 'calm', 'jubilee', 'princess'],
    draw: (colour) => `<path d="M-6 4 -6.500-3-3 0 0-5 3 0 6.500-3 6 4Z" fill="${colour}"/>`,
  },
  {
    words: ['union', 'jack', 'london', 'england', 'british'],
    draw: (colour, { main, deep }) =>
      `<rect x="-7" y="-4.500" width="14" height="9" rx="1" fill="${deep}"/><path d="M-7-4.500 7 4.500M7-4.500-7 4.500" stroke="#fff" stroke-width="1.500"/><path d="M0-4.500V4.500M-7 0H7" stroke="#fff" stroke-width="3"/><path d="M0-4.500V4.500M-7 0H7" stroke="${colour === deep ? main : colour}" stroke-width="1.500"/>`,
  },
  {
    words: ['flower', 'flowers', 'daisy', 'rose', 'roses', 'blossom', 'floral', 'daisies', 'poppy', 'suki', 'paisley'],
    draw: (colour, { deep }) => `${petals(colour, 2.7)}<circle r="2" fill="${deep}"/>`,
  },
  {
    words: ['retrospot', 'spot', 'spots', 'polkadot', 'dotcom', 'spotty', 'polka'],
    draw: (colour) =>
      [
        [-6, -4],
        [0, -4],
        [6, -4],
        [-3, 0],
        [3, 0],
        [-6, 4],
        [0, 4],
        [6, 4],
      ]
        .map(([x, y]) => `<circle cx="${x}" cy="${y}" r="1.500" fill="${colour}"/>`)
        .join(''),
  },
  {
    words: ['stripe', 'stripes', 'striped', 'stripey'],
    draw: (colour) =>
      `<path d="M-7-4H7M-7 0H7M-7 4H7" stroke="${colour}" stroke-width="1.600" stroke-linecap="round"/>`,
  },
];

// For titles that name no figure.
const ornaments: readonly Emblem[] = [
  {
    words: [],
    draw: (colour) =>
      `<path d="M-5 0Q-2.500-3 0 0T5 0" fill="none" stroke="${colour}" stroke-width="1.400" stroke-linecap="round"/>`,
  },
  {
    words: [],
    draw: (colour) => `<path d="M0-5 1.500-1.500 5 0 1.500 1.500 0 5-1.500 1.500-5 0-1.500-1.500Z" fill="${colour}"/>`,
  },
  {
    words: [],
    draw: (colour) =>
      `<circle r="4" fill="none" stroke="${colour}" stroke-width="1.300"/><circle r="1.500" fill="${colour}"/>`,
  },
  {
    words: [],
    draw: (colour) =>
      `<path d="M0 5V-1" stroke="${colour}" stroke-width="1.200"/><path d="M0 2Q-6 2-6-3 0-3 0 2 0-3 6-3 6 2 0 2Z" fill="${colour}"/>`,
  },
];

export function emblemOf(words: ReadonlySet<string>, seed: number): Emblem {
  return (
    emblems.find((emblem) => emblem.words.some((word) => words.has(word))) ??
    (ornaments[(seed >>> 4) % ornaments.length] as Emblem)
  );
}
