import type { Motif } from './motif.js';

export const homeware: readonly Motif[] = [
  {
    kind: 'lanterns',
    words: ['lantern', 'lanterns'],
    draw: ({ light, main, deep }) => `
      <path d="M40 24q0-11 10-11t10 11" fill="none" stroke="${deep}" stroke-width="2.500"/><path d="M34 34 44 23h12l10 11Z" fill="${deep}"/>
      <rect x="32" y="34" width="36" height="40" rx="2" fill="${main}"/><rect x="37" y="38" width="26" height="32" rx="2" fill="#fff6da"/>
      <path d="M50 46q6 7 3 12a4 4 0 0 1-6 0q-3-5 3-12Z" fill="#f2b24c"/><rect x="45" y="61" width="10" height="9" fill="${light}"/><path d="M50 38V46M37 54H45M55 54h8" stroke="${main}" stroke-width="1.500"/>
      <rect x="29" y="74" width="42" height="6" rx="2" fill="${deep}"/>`,
  },
  {
    kind: 't-light holders',
    phrases: ['t light holder', 't light'],
    words: ['t-light', 't-lights', 'tlight', 'tealight', 'candleholder', 'votive'],
    draw: ({ light, main, deep, accent }, emblem) => `
      <circle cx="50" cy="34" r="17" fill="#fff3cf" opacity=".8"/><path d="M50 18q10 12 5 20a6 6 0 0 1-10 0q-5-8 5-20Z" fill="#f2b24c"/><path d="M50 27q5 6 2 11a3 3 0 0 1-4 0q-3-5 2-11Z" fill="#fff3cf"/>
      <path d="M50 40v6" stroke="#6b5a4a" stroke-width="1.500"/><path d="M30 47h40l-3 27a6 6 0 0 1-6 6H39a6 6 0 0 1-6-6Z" fill="${main}"/>
      <path d="M34 50h8l1 30h-4a6 6 0 0 1-6-6Z" fill="${light}" opacity=".6"/><ellipse cx="50" cy="47" rx="20" ry="4" fill="${deep}"/><ellipse cx="50" cy="47" rx="15" ry="2.500" fill="#fffaf0"/>${emblem(51, 64, 1.3, accent)}`,
  },
  {
    kind: 'alarm clocks',
    phrases: ['alarm clock'],
    words: ['alarm'],
    draw: ({ light, main, deep, accent }) => `
      <path d="M34 76l-5 5M66 76l5 5" stroke="${deep}" stroke-width="5" stroke-linecap="round"/><path d="M30 30a9 9 0 0 1 14-8ZM70 30a9 9 0 0 0-14-8Z" fill="${deep}"/>
      <path d="M50 14v8" stroke="${deep}" stroke-width="4" stroke-linecap="round"/><circle cx="50" cy="52" r="29" fill="${main}"/><path d="M27 62a25 25 0 0 1 10-32" fill="none" stroke="${light}" stroke-width="3" stroke-linecap="round" opacity=".7"/>
      <circle cx="50" cy="52" r="21" fill="#fffdf6"/><path d="M50 35v4M50 65v4M33 52h4M63 52h4" stroke="${deep}" stroke-width="2" stroke-linecap="round"/>
      <path d="M50 52V40M50 52l9 5" stroke="#3c3540" stroke-width="2.600" stroke-linecap="round"/><circle cx="50" cy="52" r="2.600" fill="${accent}"/>`,
  },
  {
    kind: 'cushions',
    words: ['cushion', 'cushions', 'pillow', 'kneeling', 'quilt', 'blanket', 'throw', 'warmer'],
    draw: ({ light, main, deep, accent }, emblem) => `
      <path d="M24 30q26 6 52 0 6-1 4 6-5 16 0 34 2 7-4 6-26-6-52 0-6 1-4-6 5-18 0-34-2-7 4-6Z" fill="${main}"/>
      <path d="M27 36q-3 16 1 33" fill="none" stroke="${light}" stroke-width="4" stroke-linecap="round" opacity=".6"/><path d="M27 34q23 5 46 0M27 71q23-5 46 0" fill="none" stroke="${deep}" stroke-width="1.200" stroke-dasharray="2.500 2.500"/>
      ${emblem(50, 53, 2.2, accent)}`,
  },
  {
    kind: 'frames and mirrors',
    phrases: ['photo frame', 'picture frame', 'frame'],
    words: ['frame', 'frames', 'photo', 'picture', 'mirror', 'mirrors', 'canvas', 'print', 'prints'],
    draw: ({ light, main, deep, accent }, emblem) => `
      <path d="M50 12 38 26M50 12l12 14" stroke="${deep}" stroke-width="1.500"/><circle cx="50" cy="12" r="2" fill="${deep}"/>
      <rect x="24" y="24" width="52" height="56" rx="4" fill="${main}"/><rect x="24" y="24" width="52" height="56" rx="4" fill="none" stroke="${deep}" stroke-width="1.500"/><rect x="31" y="31" width="38" height="42" rx="1.500" fill="#fffdf8"/>
      <path d="M31 64q9-12 17-4 8-12 21 0v11.500a1.500 1.500 0 0 1-1.500 1.500h-35A1.500 1.500 0 0 1 31 71.500Z" fill="${light}"/>${emblem(50, 47, 1.4, accent)}`,
  },
  {
    kind: 'signs',
    phrases: ['metal sign'],
    words: ['sign', 'chalkboard', 'blackboard', 'plaque', 'memo', 'board', 'noticeboard', 'slate', 'message'],
    draw: ({ light, main, deep, accent }, emblem) => `
      <path d="M50 16 32 36M50 16l18 20" stroke="${deep}" stroke-width="1.800"/><circle cx="50" cy="16" r="2.500" fill="${deep}"/>
      <rect x="19" y="35" width="62" height="38" rx="5" fill="${main}"/><rect x="22.500" y="38.500" width="55" height="31" rx="3" fill="none" stroke="${light}" stroke-width="1.300"/>
      ${emblem(50, 49, 1.15, accent)}<path d="M32 61h36M39 65.500h22" stroke="${light}" stroke-width="2" stroke-linecap="round"/>`,
  },
  {
    kind: 'chests and storage',
    words: ['drawer', 'drawers', 'cabinet', 'cupboard', 'shelf', 'storage', 'chest'],
    draw: ({ light, main, deep, accent }, emblem) => `
      <rect x="26" y="22" width="48" height="54" rx="4" fill="${main}"/><path d="M30 76v5M70 76v5" stroke="${deep}" stroke-width="4" stroke-linecap="round"/>
      <rect x="31" y="28" width="38" height="13" rx="2" fill="${light}"/><rect x="31" y="44" width="38" height="13" rx="2" fill="${light}"/><rect x="31" y="60" width="38" height="13" rx="2" fill="${light}"/>
      <circle cx="50" cy="50.500" r="2" fill="${deep}"/><circle cx="50" cy="66.500" r="2" fill="${deep}"/>${emblem(50, 34.5, 0.8, accent)}`,
  },
  {
    kind: 'hooks and knobs',
    phrases: ['drawer knob'],
    words: ['knob', 'knobs', 'hook', 'hooks', 'hanger', 'hangers', 'peg', 'handle'],
    draw: ({ light, main, deep, accent }, emblem) => `
      <rect x="20" y="30" width="60" height="16" rx="8" fill="${light}"/><path d="M35 46v10a8 8 0 0 0 15 4M63 46v10a8 8 0 0 0 12 6" fill="none" stroke="${deep}" stroke-width="4" stroke-linecap="round"/>
      <circle cx="35" cy="38" r="8" fill="${main}"/><circle cx="63" cy="38" r="8" fill="${main}"/>${emblem(35, 38, 0.75, accent)}${emblem(63, 38, 0.75, accent)}`,
  },
  {
    kind: 'mats',
    words: ['doormat', 'mat', 'rug'],
    draw: ({ light, main, deep, accent }, emblem) => `
      <path d="M20 40h60l6 34H14Z" fill="${main}"/><path d="M25 45h50l4 24H21Z" fill="none" stroke="${light}" stroke-width="2" stroke-dasharray="4 3"/>
      <path d="M14 74v5M22 74v5M30 74v5M38 74v5M46 74v5M54 74v5M62 74v5M70 74v5M78 74v5M86 74v5" stroke="${deep}" stroke-width="1.500"/>${emblem(50, 57, 1.7, accent)}`,
  },
  {
    kind: 'towels and linen',
    phrases: ['tea towel', 'tea towels'],
    words: [
      'towel',
      'towels',
      'apron',
      'glove',
      'gloves',
      'oven',
      'cloth',
      'napkins',
      'tablecloth',
      'tissues',
      'scarf',
      'slippers',
    ],
    draw: ({ light, main, deep, accent }, emblem) => `
      <path d="M18 26h64" stroke="${deep}" stroke-width="4" stroke-linecap="round"/><path d="M28 26h44v50q-11 5-22 1t-22 0Z" fill="${main}"/><path d="M28 26h12v49q-6-1-12 2Z" fill="${light}" opacity=".6"/>
      <path d="M28 64q11-4 22 0t22-1M28 69q11-4 22 0t22-1" fill="none" stroke="${accent}" stroke-width="1.800"/>${emblem(53, 46, 1.5, accent)}`,
  },
  {
    kind: 'lights',
    words: ['lamp', 'light', 'lights', 'lampshade', 'chandelier'],
    draw: ({ light, main, deep, accent }) => `
      <path d="M14 30q18 22 36 8t36 6" fill="none" stroke="${deep}" stroke-width="2"/>
      ${[
        [24, 44, main],
        [40, 48, accent],
        [56, 42, main],
        [74, 46, accent],
      ]
        .map(
          ([x, y, colour]) =>
            `<circle cx="${x}" cy="${Number(y) + 8}" r="11" fill="#fff3cf" opacity=".8"/><rect x="${Number(x) - 2.5}" y="${Number(y) - 4}" width="5" height="5" rx="1" fill="${deep}"/><path d="M${x} ${Number(y) + 17}c-7-5-6-16 0-16s7 11 0 16Z" fill="${colour}"/><circle cx="${Number(x) - 1.5}" cy="${Number(y) + 6}" r="1.500" fill="${light}"/>`,
        )
        .join('')}`,
  },
];
