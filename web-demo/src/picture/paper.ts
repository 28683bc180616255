import type { Motif } from './motif.js';

export const paper: readonly Motif[] = [
  {
    kind: 'buntings',
    phrases: ['bunting'],
    words: ['bunting', 'garland', 'chain', 'banner', 'flag', 'flags', 'streamers'],
    draw: ({ light, main, deep, accent }, emblem) => `
      <path d="M10 28q40 26 80 0" fill="none" stroke="${deep}" stroke-width="2"/>
      <path d="M16 32l15 7-9 21Z" fill="${main}"/><path d="M35 40l17 1.500-8.500 23Z" fill="${accent}"/><path d="M55 41l16-3.500-4 23Z" fill="${main}"/><path d="M74 37l13-7-1 20Z" fill="${light}"/>
      ${emblem(22.5, 44, 0.6, light)}${emblem(62.5, 47, 0.65, light)}`,
  },
  {
    kind: 'presents and ribbons',
    words: ['wrap', 'gift', 'ribbon', 'ribbons', 'present', 'parcel', 'tape'],
    draw: ({ light, main, deep, accent }) => `
      <rect x="24" y="44" width="52" height="36" rx="3" fill="${main}"/><rect x="20" y="36" width="60" height="12" rx="3" fill="${light}"/><rect x="44" y="36" width="12" height="44" fill="${accent}"/>
      <path d="M50 36q-18-4-16-14 6-8 16 14Zq18-4 16-14-6-8-16 14Z" fill="${accent}"/><path d="M50 36q-11-4-12-10M50 36q11-4 12-10" fill="none" stroke="${deep}" stroke-width="1" opacity=".5"/><path d="M20 48h60" stroke="${deep}" stroke-width="1" opacity=".35"/>`,
  },
  {
    kind: 'boxes',
    words: ['box', 'boxes', 'lunchbox'],
    draw: ({ light, main, deep, accent }, emblem) => `
      <path d="M22 42h56v32a6 6 0 0 1-6 6H28a6 6 0 0 1-6-6Z" fill="${main}"/><path d="M22 42h10v38h-4a6 6 0 0 1-6-6Z" fill="${light}" opacity=".55"/>
      <path d="M19 32a5 5 0 0 1 5-5h52a5 5 0 0 1 5 5v11H19Z" fill="${deep}"/><path d="M19 38h62" stroke="${light}" stroke-width="1.200" opacity=".5"/>${emblem(51, 61, 1.9, accent)}`,
  },
  {
    kind: 'tins',
    words: ['tin', 'tins', 'canister', 'bucket', 'bin', 'pail'],
    draw: ({ light, main, deep, accent }, emblem) => `
      <path d="M27 36h46v36c0 5-10 8-23 8s-23-3-23-8Z" fill="${main}"/><path d="M27 36h10v42q-10-2-10-6Z" fill="${light}" opacity=".6"/>
      <path d="M24 28v9c0 4 12 6 26 6s26-2 26-6v-9Z" fill="${deep}"/><ellipse cx="50" cy="28" rx="26" ry="6" fill="${main}"/><ellipse cx="50" cy="27" rx="5" ry="2" fill="${accent}"/>${emblem(51, 62, 1.8, accent)}`,
  },
  {
    kind: 'cards',
    words: ['card', 'cards', 'letter', 'envelope', 'postcard', 'postage', 'invites', 'stationery', 'letters'],
    draw: ({ main, deep, accent }, emblem) => `
      <rect x="30" y="22" width="44" height="34" rx="2" fill="#fffdf8" transform="rotate(-6 50 40)"/><g transform="rotate(-6 50 40)">${emblem(51, 35, 1.3, accent)}</g>
      <path d="M20 46l30 18 30-18v30a4 4 0 0 1-4 4H24a4 4 0 0 1-4-4Z" fill="${main}"/><path d="M20 46l30 18 30-18M21 79l22-20M79 79 57 59" fill="none" stroke="${deep}" stroke-width="1.300" opacity=".6"/><circle cx="50" cy="65" r="5" fill="${accent}"/>`,
  },
  {
    kind: 'notebooks',
    words: [
      'notebook',
      'book',
      'books',
      'album',
      'journal',
      'planner',
      'jotter',
      'calendar',
      'notepad',
      'bookcover',
      'organiser',
      'pad',
    ],
    draw: ({ light, main, deep, accent }, emblem) => `
      <path d="M30 20h40a5 5 0 0 1 5 5v50a5 5 0 0 1-5 5H30Z" fill="${main}"/><path d="M30 20h7v60h-7a4 4 0 0 1-4-4V24a4 4 0 0 1 4-4Z" fill="${deep}"/><path d="M71 25v50" stroke="#fffdf8" stroke-width="2"/>
      <rect x="43" y="32" width="24" height="22" rx="3" fill="${light}"/>${emblem(55, 43, 1.3, accent)}<path d="M46 62h18M49 67h12" stroke="${light}" stroke-width="2" stroke-linecap="round"/>`,
  },
  {
    kind: 'pens and pencils',
    words: [
      'pencil',
      'pencils',
      'pen',
      'pens',
      'chalk',
      'crayon',
      'crayons',
      'rubber',
      'sharpener',
      'ruler',
      'stickers',
      'sticker',
      'scissor',
      'paint',
      'stamp',
    ],
    draw: ({ light, main, deep, accent }) => `
      ${[
        [-14, main, deep],
        [4, accent, deep],
        [20, light, deep],
      ]
        .map(
          ([turn, colour, edge]) =>
            `<g transform="rotate(${turn} 50 84)"><path d="M45 30h10v46H45Z" fill="${colour}"/><path d="M45 30h3.500v46H45Z" fill="#fff" opacity=".35"/><path d="M45 30 50 17l5 13Z" fill="#f0d9b8"/><path d="M48 22l2-5 2 5Z" fill="${edge}"/></g>`,
        )
        .join(
          '',
        )}<path d="M32 58h36l-3 19a4 4 0 0 1-4 3H39a4 4 0 0 1-4-3Z" fill="${deep}"/><path d="M33 64h34" stroke="${light}" stroke-width="2" opacity=".6"/>`,
  },
  {
    kind: 'games',
    words: [
      'jigsaw',
      'puzzle',
      'puzzles',
      'game',
      'games',
      'snap',
      'ludo',
      'dominoes',
      'playing',
      'blocks',
      'alphabet',
    ],
    draw: ({ light, main, deep, accent }) => `
      <rect x="24" y="52" width="26" height="28" rx="4" fill="${main}"/><rect x="52" y="52" width="26" height="28" rx="4" fill="${accent}"/><rect x="37" y="24" width="26" height="26" rx="4" fill="${light}"/>
      <g fill="${deep}"><path d="M50 31l6 13H44Z"/><circle cx="37" cy="66" r="7"/></g><rect x="59" y="60" width="12" height="12" rx="2" fill="${light}"/>`,
  },
];
