import type { Motif } from './motif.js';

export const carried: readonly Motif[] = [
  {
    kind: 'other bags',
    words: ['bag', 'bags', 'shopper', 'tote', 'handbag', 'rucksack', 'backpack', 'washbag'],
    draw: ({ light, main, deep, accent }, emblem) => `
      <path d="M38 38V30a12 12 0 0 1 24 0v8" fill="none" stroke="${deep}" stroke-width="3.500" stroke-linecap="round"/>
      <path d="M26 36h48l4 38a6 6 0 0 1-6 6H28a6 6 0 0 1-6-6Z" fill="${main}"/><path d="M30 36h8l-2 44h-8a6 6 0 0 1-6-6l.3-2Z" fill="${light}" opacity=".55"/>
      <path d="M26 36h48l.6 6H25.400Z" fill="${deep}" opacity=".5"/>${emblem(51, 61, 2, accent)}`,
  },
  {
    kind: 'purses',
    words: ['purse', 'wallet', 'case', 'passport', 'pouch'],
    draw: ({ light, main, deep, accent }, emblem) => `
      <path d="M24 44h52q8 14 4 30a6 6 0 0 1-6 6H26a6 6 0 0 1-6-6q-4-16 4-30Z" fill="${main}"/><path d="M27 49q-5 12-1 26" fill="none" stroke="${light}" stroke-width="4" stroke-linecap="round" opacity=".6"/>
      <path d="M22 45q0-10 28-10t28 10Z" fill="${deep}"/><circle cx="46" cy="31" r="4.500" fill="${accent}"/><circle cx="54" cy="31" r="4.500" fill="${accent}"/>${emblem(50, 61, 1.7, accent)}`,
  },
  {
    kind: 'umbrellas',
    words: ['umbrella', 'umbrellas', 'parasol', 'parasols'],
    draw: ({ light, main, deep, accent }) => `
      <path d="M50 50v24a6 6 0 0 1-12 0" fill="none" stroke="${deep}" stroke-width="3.500" stroke-linecap="round"/><path d="M16 50a34 32 0 0 1 68 0q-6-6-11.500 0-5.500-6-11 0-5.500-6-11.500 0-5.500-6-11.500 0-5.500-6-11 0Q22 44 16 50Z" fill="${main}"/>
      <path d="M38.500 50Q38 28 50 18 62 28 61.500 50 55.500 44 50 50 44.500 44 38.500 50Z" fill="${light}"/><path d="M50 12v7" stroke="${deep}" stroke-width="3" stroke-linecap="round"/>
      <g fill="${accent}"><circle cx="28" cy="38" r="2.200"/><circle cx="72" cy="38" r="2.200"/><circle cx="50" cy="36" r="2.200"/><circle cx="33" cy="29" r="1.800"/><circle cx="67" cy="29" r="1.800"/></g>`,
  },
  {
    kind: 'baskets',
    words: ['basket', 'baskets', 'hamper', 'picnic'],
    draw: ({ light, main, deep }) => `
      <path d="M28 46a22 26 0 0 1 44 0" fill="none" stroke="${deep}" stroke-width="4"/><path d="M22 46h56l-6 30a5 5 0 0 1-5 4H33a5 5 0 0 1-5-4Z" fill="${main}"/>
      <path d="M24 54h52M25.500 62h49M27 70h46" stroke="${light}" stroke-width="2.200" stroke-dasharray="6 3"/><rect x="19" y="43" width="62" height="7" rx="3.500" fill="${deep}"/>`,
  },
  {
    kind: 'jewellery',
    words: [
      'necklace',
      'bracelet',
      'earrings',
      'ring',
      'charm',
      'brooch',
      'bead',
      'beads',
      'pendant',
      'diamante',
      'bangle',
      'choker',
      'drop',
      'hair',
      'tiara',
    ],
    draw: ({ light, main, deep, accent }) => `
      <path d="M26 20q-2 38 24 42 26-4 24-42" fill="none" stroke="${deep}" stroke-width="1.500"/>
      ${[
        [26.5, 30],
        [29, 40],
        [34, 49],
        [41, 56],
        [59, 56],
        [66, 49],
        [71, 40],
        [73.5, 30],
      ]
        .map(([x, y], i) => `<circle cx="${x}" cy="${y}" r="${i % 2 ? 3.6 : 2.8}" fill="${i % 2 ? main : accent}"/>`)
        .join('')}
      <path d="M50 58l11 11-11 14-11-14Z" fill="${main}"/><path d="M50 58l5 11-5 14-5-14Z" fill="${light}" opacity=".75"/>`,
  },
  {
    kind: 'tags',
    words: ['key', 'keys', 'keyring', 'luggage', 'tag', 'tags', 'label', 'labels'],
    draw: ({ light, main, deep, accent }, emblem) => `
      <path d="M50 34q-12-20-24-10" fill="none" stroke="${deep}" stroke-width="2"/><path d="M38 34 50 22l12 12v42a4 4 0 0 1-4 4H42a4 4 0 0 1-4-4Z" fill="${main}" transform="rotate(14 50 50)"/>
      <circle cx="56" cy="34" r="3.500" fill="${light}"/><g transform="rotate(14 50 50)">${emblem(50, 58, 1.5, accent)}</g>`,
  },
];
