import type { Motif } from './motif.js';

export const occasions: readonly Motif[] = [
  {
    kind: 'wreaths',
    words: ['wreath'],
    draw: ({ light, main, deep, accent }) => `
      <circle cx="50" cy="50" r="22" fill="none" stroke="#5f9358" stroke-width="11"/>${Array.from({ length: 12 }, (_, i) => `<ellipse cx="50" cy="25" rx="4" ry="8" fill="${i % 2 ? '#8abb80' : '#6fa366'}" transform="rotate(${i * 30} 50 50) rotate(35 50 25)"/>`).join('')}
      <g fill="${accent}"><circle cx="50" cy="28" r="3"/><circle cx="31" cy="42" r="3"/><circle cx="69" cy="42" r="3"/></g><path d="M50 70q-14-6-14 3t14-1q14 10 14 1t-14-3Z" fill="${main}"/><path d="M48 73l-6 11M52 73l6 11" stroke="${deep}" stroke-width="3" stroke-linecap="round"/><circle cx="50" cy="72" r="3" fill="${light}"/>`,
  },
  {
    kind: 'trees',
    words: ['tree', 'trees'],
    draw: ({ light, main, deep, accent }) => `
      <rect x="45" y="70" width="10" height="11" rx="2" fill="#8a6242"/><path d="M50 16 66 38h-7l13 17h-8l13 18H23l13-18h-8l13-17h-7Z" fill="${main === '#f8f5f0' ? light : '#72a569'}"/><path d="M50 16 58 27H42ZM36 55h28l-4-5H40Z" fill="#fff" opacity=".25"/>
      <path d="M50 10l1.800 4 4.200.4-3.200 2.800 1 4.200-3.800-2.300-3.800 2.300 1-4.200-3.200-2.800 4.200-.4Z" fill="#f2c14c"/><g fill="${accent}"><circle cx="45" cy="44" r="2.800"/><circle cx="58" cy="62" r="2.800"/><circle cx="38" cy="66" r="2.800"/></g><g fill="${deep}"><circle cx="55" cy="36" r="2.200"/><circle cx="47" cy="58" r="2.200"/></g>`,
  },
  {
    kind: 'Christmas things',
    words: ['christmas', 'xmas', 'bauble', 'baubles', 'santa', 'reindeer', 'snowman', 'advent', 'snowflake', 'angel'],
    draw: ({ light, main, deep, accent }, emblem) => `
      <path d="M50 12v14" stroke="${deep}" stroke-width="1.500"/><rect x="44" y="24" width="12" height="8" rx="2" fill="#dcb050"/><circle cx="50" cy="55" r="25" fill="${main}"/><path d="M26 50q24 10 48 0M27 64q23 9 46 0" fill="none" stroke="${light}" stroke-width="2" opacity=".8"/><path d="M33 44a20 20 0 0 1 10-9" fill="none" stroke="#fff" stroke-width="3.500" stroke-linecap="round" opacity=".6"/>${emblem(50, 60, 1.1, accent)}`,
  },
  {
    kind: 'bells',
    words: ['bell', 'bells', 'chime', 'chimes'],
    draw: ({ light, main, deep, accent }) => `
      <path d="M50 16q-4-8-8-2 2 4 8 2 6 2 8-2-4-6-8 2Z" fill="${accent}"/><path d="M28 66q6-8 6-22a16 20 0 0 1 32 0q0 14 6 22Z" fill="${main}"/><path d="M39 60q2-6 1-16 0-8 6-12" fill="none" stroke="${light}" stroke-width="3.500" stroke-linecap="round"/><rect x="24" y="64" width="52" height="8" rx="4" fill="${deep}"/><circle cx="50" cy="77" r="5" fill="${accent}"/>`,
  },
  {
    kind: 'Easter things',
    words: ['egg', 'eggs', 'easter'],
    draw: ({ light, main, deep, accent }, emblem) => `
      <path d="M50 18c16 0 26 24 26 38S64 82 50 82 24 70 24 56s10-38 26-38Z" fill="${main}"/><path d="M26 48q6 5 12 0t12 0 12 0 12 0M25 62q6 5 12 0t13 0 13 0 12 0" fill="none" stroke="${accent}" stroke-width="2.200"/><path d="M35 40q3-9 9-13" fill="none" stroke="${light}" stroke-width="3.500" stroke-linecap="round"/>${emblem(51, 37, 0.9, deep)}`,
  },
  {
    kind: 'stars',
    words: ['star', 'stars'],
    draw: ({ light, main, deep }) => `
      <path d="M50 10v12" stroke="${deep}" stroke-width="1.500"/><path d="M50 20l9.500 19.500 21.500 3-15.500 15 4 21.500L50 69 30.500 79l4-21.500L19 42.500l21.500-3Z" fill="${main}"/><path d="M50 20v49L30.500 79l4-21.500L19 42.500l21.500-3Z" fill="${light}" opacity=".5"/>`,
  },
  {
    kind: 'rockets',
    words: ['spaceboy', 'rocket', 'robot', 'space'],
    draw: ({ light, main, deep, accent }) => `
      <path d="M38 60q-10 4-10 18l12-6ZM62 60q10 4 10 18l-12-6Z" fill="${deep}"/><path d="M50 12q18 18 14 48l-5 12H41l-5-12Q32 30 50 12Z" fill="${main}"/><path d="M50 12q9 9 12 22H38q3-13 12-22Z" fill="${accent}"/><circle cx="50" cy="46" r="8" fill="#fffdf8"/><circle cx="50" cy="46" r="5.500" fill="${light}"/><path d="M44 72h12l-6 12Z" fill="#f2b24c"/>`,
  },
  {
    kind: 'party things',
    words: ['party', 'birthday', 'balloon', 'balloons', 'circus', 'carnival', 'cones'],
    draw: ({ light, main, deep, accent }) => `
      <path d="M38 50Q44 66 50 82M64 46Q56 66 50 82" fill="none" stroke="${deep}" stroke-width="1.300"/><ellipse cx="37" cy="34" rx="14" ry="17" fill="${main}"/><ellipse cx="64" cy="31" rx="13" ry="16" fill="${accent}"/><path d="M34 51h6l-3-4ZM61 47h6l-3-4Z" fill="${deep}"/><path d="M29 30q1-8 6-9M57 27q1-7 5-9" fill="none" stroke="${light}" stroke-width="3" stroke-linecap="round"/>`,
  },
  {
    kind: 'hearts',
    words: ['heart', 'hearts', 'love', 'sweetheart', 'wedding', 'valentine'],
    draw: ({ light, main, deep, accent }) => `
      <path d="M50 12v18" stroke="${deep}" stroke-width="1.500"/><path d="M50 82C20 60 20 44 24 36c6-12 22-10 26 2 4-12 20-14 26-2 4 8 4 24-26 46Z" fill="${main}"/><path d="M30 52q-4-16 8-18" fill="none" stroke="${light}" stroke-width="4" stroke-linecap="round" opacity=".8"/><path d="M50 76C27 58 26 46 29 39" fill="none" stroke="${deep}" stroke-width="1.200" stroke-dasharray="2 2.500" opacity=".7"/><path d="M50 30q-9-5-9 0t9 3q9 2 9-3t-9 0Z" fill="${accent}"/>`,
  },
];
