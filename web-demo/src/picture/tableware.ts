import type { Motif } from './motif.js';

export const tableware: readonly Motif[] = [
  {
    kind: 'cakestands',
    phrases: ['cakestand', 'cake stand'],
    words: ['cakestand'],
    draw: ({ light, main, deep, accent }) => `
      <path d="M50 24V76" stroke="${deep}" stroke-width="2.500"/><circle cx="50" cy="21" r="4" fill="none" stroke="${deep}" stroke-width="2"/>
      <ellipse cx="50" cy="38" rx="15" ry="4" fill="${light}"/><ellipse cx="50" cy="37" rx="15" ry="3.500" fill="${main}"/>
      <ellipse cx="50" cy="57" rx="22" ry="5" fill="${light}"/><ellipse cx="50" cy="56" rx="22" ry="4.200" fill="${main}"/>
      <ellipse cx="50" cy="77" rx="29" ry="6" fill="${light}"/><ellipse cx="50" cy="75.500" rx="29" ry="5" fill="${main}"/>
      <path d="M37 55a5 5 0 0 1 10 0ZM54 55a5 5 0 0 1 10 0ZM30 74a6 6 0 0 1 12 0ZM58 74a6 6 0 0 1 12 0Z" fill="${accent}"/>
      <circle cx="42" cy="49" r="1.700" fill="${deep}"/><circle cx="59" cy="49" r="1.700" fill="${deep}"/><circle cx="36" cy="67" r="1.800" fill="${deep}"/><circle cx="64" cy="67" r="1.800" fill="${deep}"/>`,
  },
  {
    kind: 'mugs',
    words: ['mug', 'mugs', 'cup', 'cups', 'beaker', 'coffee', 'teacup', 'egg-cup', 'saucer'],
    draw: ({ light, main, deep, accent }, emblem) => `
      <path d="M66 42h7a9 9 0 0 1 0 22h-8" fill="none" stroke="${deep}" stroke-width="5"/>
      <path d="M28 34h41v36a10 10 0 0 1-10 10H38a10 10 0 0 1-10-10Z" fill="${main}"/>
      <path d="M28 34h9v46a10 10 0 0 1-9-10Z" fill="${light}" opacity=".55"/>
      <ellipse cx="48.500" cy="34" rx="20.500" ry="4" fill="${deep}"/>
      <path d="M43 26q-4-4 0-8t0-8M54 26q-4-4 0-8t0-8" fill="none" stroke="${deep}" stroke-width="1.800" stroke-linecap="round" opacity=".35"/>
      ${emblem(50, 58, 1.3, accent)}`,
  },
  {
    kind: 'tea things',
    words: ['teapot', 'tea', 'kettle', 'jug', 'milk', 'pitcher'],
    draw: ({ light, main, deep, accent }, emblem) => `
      <path d="M70 46q14 2 9 16-4 9-15 9" fill="none" stroke="${deep}" stroke-width="4.500"/>
      <path d="M30 60Q18 56 17 40l6-2q2 12 12 14Z" fill="${deep}"/>
      <path d="M26 60a24 22 0 0 1 48 0c0 12-8 20-14 20H40c-6 0-14-8-14-20Z" fill="${main}"/>
      <path d="M31 62a19 18 0 0 1 12-18q-6 14-2 32-9-4-10-14Z" fill="${light}" opacity=".6"/>
      <path d="M36 41a14 8 0 0 1 28 0Z" fill="${deep}"/><circle cx="50" cy="31" r="3.600" fill="${accent}"/>
      ${emblem(53, 61, 1.3, accent)}`,
  },
  {
    kind: 'baking things',
    words: ['cake', 'cakes', 'cupcake', 'baking', 'muffin', 'cases', 'icing', 'cookie', 'biscuit', 'biscuits'],
    draw: ({ light, main, deep, accent }) => `
      <path d="M30 55h40l-6 25H36Z" fill="${deep}"/><path d="M37 55l3 25M46 55l1 25M54 55l-1 25M63 55l-3 25" stroke="${main}" stroke-width="1.800"/>
      <path d="M26 56q-3-10 8-12 0-12 14-13 16-1 17 13 12 2 9 12-6 5-12 0-6 5-12 0-6 5-12 0-6 5-12 0Z" fill="${light}"/>
      <path d="M34 44q4-8 14-9" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" opacity=".7"/>
      <circle cx="51" cy="27" r="6" fill="${accent}"/><path d="M52 22q2-6 7-7" fill="none" stroke="${deep}" stroke-width="1.600" stroke-linecap="round"/>
      <g fill="${main}"><rect x="40" y="46" width="5" height="2" rx="1" transform="rotate(30 42 47)"/><rect x="54" y="42" width="5" height="2" rx="1" transform="rotate(-40 56 43)"/><rect x="61" y="50" width="5" height="2" rx="1"/></g>`,
  },
  {
    kind: 'bowls',
    words: ['bowl', 'bowls', 'dish', 'dishes', 'ramekin', 'pudding', 'popcorn'],
    draw: ({ light, main, deep, accent }, emblem) => `
      <path d="M22 48h56c0 20-12 30-20 30H42c-8 0-20-10-20-30Z" fill="${main}"/>
      <path d="M26 51h12q0 16 8 27h-4c-8 0-16-10-16-27Z" fill="${light}" opacity=".6"/>
      <ellipse cx="50" cy="48" rx="28" ry="6" fill="${deep}"/><ellipse cx="50" cy="49" rx="24" ry="4" fill="${light}"/>
      <rect x="40" y="77" width="20" height="3.500" rx="1.700" fill="${deep}"/>${emblem(52, 64, 1.15, accent)}`,
  },
  {
    kind: 'plates and trays',
    words: ['plate', 'plates', 'tray', 'placemats', 'placemat', 'coaster', 'coasters', 'platter', 'doily', 'doilies'],
    draw: ({ light, main, deep, accent }, emblem) => `
      <circle cx="50" cy="52" r="29" fill="${main}"/><circle cx="50" cy="52" r="29" fill="none" stroke="${deep}" stroke-width="1.500" stroke-dasharray="2 3"/>
      <circle cx="50" cy="52" r="20" fill="${light}"/><circle cx="50" cy="52" r="20" fill="none" stroke="${deep}" stroke-width=".8" opacity=".5"/>
      ${emblem(50, 52, 1.8, accent)}`,
  },
  {
    kind: 'kitchen things',
    words: [
      'cutlery',
      'spoon',
      'spoons',
      'fork',
      'knife',
      'knives',
      'spatula',
      'whisk',
      'utensils',
      'kitchen',
      'recipe',
    ],
    draw: ({ light, main, deep, accent }) => `
      <path d="M33 24v12q0 5 4 6v34a3 3 0 0 0 6 0V42q4-1 4-6V24" fill="none" stroke="${deep}" stroke-width="3" stroke-linecap="round"/><path d="M40 24v12" stroke="${deep}" stroke-width="3" stroke-linecap="round"/>
      <ellipse cx="62" cy="34" rx="8" ry="12" fill="${main}"/><ellipse cx="60" cy="32" rx="3.500" ry="7" fill="${light}"/>
      <path d="M62 45V77" stroke="${main}" stroke-width="5" stroke-linecap="round"/><path d="M40 56V76M62 58V76" stroke="${accent}" stroke-width="6" stroke-linecap="round"/>`,
  },
  {
    kind: 'jars',
    phrases: ['jam jar', 'jam making'],
    words: ['jar', 'jars', 'jam', 'preserve', 'pickle', 'honey', 'sweetie', 'sweeties'],
    draw: ({ light, main, deep, accent }, emblem) => `
      <path d="M32 36h36q4 4 4 10v26a8 8 0 0 1-8 8H36a8 8 0 0 1-8-8V46q0-6 4-10Z" fill="${light}"/>
      <path d="M28 50h44v22a8 8 0 0 1-8 8H36a8 8 0 0 1-8-8Z" fill="${main}"/>
      <path d="M28 24h44l3 12H25Z" fill="${accent}"/><path d="M25 36q3 4 6 0 3 4 6.500 0 3 4 6.500 0 3 4 6 0 3 4 6 0 3 4 6.500 0 3 4 6.500 0 3 4 6 0" fill="${accent}"/>
      <path d="M28 38h44" stroke="${deep}" stroke-width="2"/><rect x="36" y="52" width="28" height="20" rx="3" fill="#fffdf8"/>${emblem(50, 62, 1.15, main === '#f8f5f0' ? accent : main)}`,
  },
  {
    kind: 'bottles',
    words: ['bottle', 'flask', 'vase', 'oil', 'perfume', 'decanter', 'soap', 'bath'],
    draw: ({ light, main, deep, accent }, emblem) => `
      <rect x="43" y="16" width="14" height="8" rx="2" fill="${accent}"/><path d="M44 24h12v10q12 5 12 17v21a8 8 0 0 1-8 8H40a8 8 0 0 1-8-8V51q0-12 12-17Z" fill="${main}"/>
      <path d="M37 50q1-8 8-12v38h-5a4 4 0 0 1-3-4Z" fill="${light}" opacity=".65"/><path d="M44 24h12v4H44Z" fill="${deep}"/>${emblem(52, 60, 1.25, accent)}`,
  },
  {
    kind: 'glasses',
    words: ['glass', 'glasses', 'wine', 'goblet', 'tumbler', 'champagne', 'cocktail', 'ice', 'lolly'],
    draw: ({ light, main, deep, accent }) => `
      <path d="M31 22h38c2 22-6 34-19 34S29 44 31 22Z" fill="${light}"/><path d="M31.500 36h37C67 49 60 56 50 56s-17-7-18.500-20Z" fill="${main}"/>
      <path d="M50 56v20" stroke="${deep}" stroke-width="3"/><ellipse cx="50" cy="78" rx="15" ry="3" fill="${deep}"/>
      <path d="M37 26q-1 14 5 22" fill="none" stroke="#fff" stroke-width="2.500" stroke-linecap="round" opacity=".8"/><circle cx="58" cy="33" r="5" fill="${accent}"/>`,
  },
];
