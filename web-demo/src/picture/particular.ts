// What a title names in so many words, each with a shape of its own, so that kinds can be told apart at a glance.
import type { Motif } from './motif.js';

export const particular: readonly Motif[] = [
  {
    kind: 'lunch bags',
    words: [],
    phrases: ['lunch bag'],
    draw: ({ light, main, deep, accent }, emblem) => `
      <path d="M39 31v-7a5 5 0 0 1 5-5h12a5 5 0 0 1 5 5v7" fill="none" stroke="${deep}" stroke-width="4.500"/>
      <path d="M31 46h38l7 28a6 6 0 0 1-6 6H30a6 6 0 0 1-6-6Z" fill="${main}"/><path d="M31 46h8l-4 34h-5a6 6 0 0 1-6-6Z" fill="${light}" opacity=".55"/>
      <path d="M33 30h34a4 4 0 0 1 4 4l3 17H26l3-17a4 4 0 0 1 4-4Z" fill="${deep}"/><rect x="44" y="45" width="12" height="11" rx="3" fill="${accent}"/><path d="M33 36h34" stroke="${light}" stroke-width="1.500" stroke-dasharray="3 2"/>${emblem(50, 68, 1.5, accent)}`,
  },
  {
    kind: 'lunch boxes',
    words: [],
    phrases: ['lunch box'],
    draw: ({ light, main, deep, accent }, emblem) => `
      <path d="M36 34v-4a7 7 0 0 1 7-7h14a7 7 0 0 1 7 7v4" fill="none" stroke="${deep}" stroke-width="4.500"/><rect x="16" y="34" width="68" height="46" rx="13" fill="${main}"/>
      <path d="M16 50V47a13 13 0 0 1 13-13h42a13 13 0 0 1 13 13v3Z" fill="${light}"/><path d="M16 50h68" stroke="${deep}" stroke-width="2.500"/><rect x="27" y="45" width="9" height="12" rx="2.500" fill="${deep}"/><rect x="64" y="45" width="9" height="12" rx="2.500" fill="${deep}"/>${emblem(50, 66, 1.4, accent)}`,
  },
  {
    kind: 'jumbo bags',
    words: [],
    phrases: ['jumbo bag', 'jumbo shopper', 'jumbo storage bag', 'jumbo  bag'],
    draw: ({ light, main, deep, accent }, emblem) => `
      <path d="M24 44V26a11 15 0 0 1 22 0v12M54 38V26a11 15 0 0 1 22 0v18" fill="none" stroke="${deep}" stroke-width="3.500"/>
      <path d="M10 36h80l-3 41a6 6 0 0 1-6 5H19a6 6 0 0 1-6-5Z" fill="${main}"/><path d="M10 36h80l-.5 7h-79Z" fill="${deep}" opacity=".6"/>
      <path d="M24 43v39M76 43v39" stroke="${light}" stroke-width="4" opacity=".75"/>${emblem(50, 62, 2.7, accent)}`,
  },
  {
    kind: 'charlotte bags',
    words: [],
    phrases: ['charlotte bag'],
    draw: ({ light, main, deep, accent }, emblem) => `
      <path d="M33 46a17 24 0 0 1 34 0" fill="none" stroke="${deep}" stroke-width="3.500"/><path d="M34 42h32q17 20 11 31a12 10 0 0 1-11 7H34a12 10 0 0 1-11-7q-6-11 11-31Z" fill="${main}"/>
      <path d="M38 44q-12 16-8 30" fill="none" stroke="${light}" stroke-width="4" stroke-linecap="round" opacity=".6"/><path d="M50 44q-15-9-15 0t15 2q15 7 15-2t-15 0Z" fill="${accent}"/><circle cx="50" cy="45" r="3.500" fill="${deep}"/>${emblem(51, 65, 1.5, accent)}`,
  },
  {
    kind: 'gift bags',
    words: [],
    phrases: ['gift bag'],
    draw: ({ light, main, deep, accent }, emblem) => `
      <path d="M33 34 30 17l9 8 6-11 6 11 8-9 3 9 8-7-3 16Z" fill="#fffdf8"/><path d="M31 32h38v48H31Z" fill="${main}"/><path d="M61 32h8v48h-8Z" fill="${deep}" opacity=".45"/>
      <path d="M31 32h8v48h-8Z" fill="${light}" opacity=".5"/><path d="M41 40q9 16 18 0" fill="none" stroke="${deep}" stroke-width="2.200"/><path d="M60 44 72 49l-3 13-11-4Z" fill="${accent}"/>${emblem(47, 66, 1.5, accent)}`,
  },
  {
    kind: 'cake cases',
    words: [],
    phrases: ['cake cases', 'cake case'],
    draw: ({ light, main, deep, accent }) =>
      [
        [22, light],
        [39, accent],
        [56, main],
      ]
        .map(
          ([y, colour]) =>
            `<g transform="translate(0 ${y})"><path d="M20 0q4 4 7.500 0t7.500 0 7.500 0 7.500 0 7.500 0 7.500 0 7.500 0 7.500 0L73 24H27Z" fill="${colour}"/><path d="M29 3l3 20M39 3l2 20M50 3v20M61 3l-2 20M71 3l-3 20" stroke="${deep}" stroke-width="1.300" opacity=".6"/></g>`,
        )
        .join(''),
  },
  {
    kind: 'cake tins',
    words: [],
    phrases: ['cake tins', 'cake tin'],
    draw: ({ light, main, deep, accent }, emblem) => `
      <path d="M16 46v27c0 4 15 8 34 8s34-4 34-8V46Z" fill="${main}"/><path d="M16 46h13v33q-13-2-13-6Z" fill="${light}" opacity=".6"/><path d="M14 40v8c0 4 16 8 36 8s36-4 36-8v-8Z" fill="${deep}"/>
      <ellipse cx="50" cy="40" rx="36" ry="8" fill="${light}"/><path d="M42 38q0-7 8-7t8 7-8 3-8-3Z" fill="${accent}"/>${emblem(51, 68, 1.4, accent)}`,
  },
  {
    kind: 'aprons',
    words: [],
    phrases: ['apron'],
    draw: ({ light, main, deep, accent }, emblem) => `
      <path d="M39 28q0-16 11-16t11 16" fill="none" stroke="${deep}" stroke-width="3"/><path d="M24 52 11 62M76 52l13 10" stroke="${deep}" stroke-width="3.500" stroke-linecap="round"/>
      <path d="M38 26h24q1 16 16 22l-2 28q-26 9-52 0l-2-28q15-6 16-22Z" fill="${main}"/><path d="M36 58h28v10a7 7 0 0 1-7 7H43a7 7 0 0 1-7-7Z" fill="${light}"/><path d="M36 62h28" stroke="${deep}" stroke-width="1.300" stroke-dasharray="2.500 2"/>${emblem(50, 43, 1.2, accent)}`,
  },
  {
    kind: 'candles',
    words: ['candlestick', 'candle', 'candles', 'incense'],
    draw: ({ light, main, deep, accent }) => `
      <circle cx="50" cy="22" r="14" fill="#fff3cf" opacity=".85"/><path d="M50 10q8 9 4 15a5 5 0 0 1-8 0q-4-6 4-15Z" fill="#f2b24c"/><path d="M50 28v5" stroke="#6b5a4a" stroke-width="1.500"/>
      <path d="M43 32h14v38H43Z" fill="${main}"/><path d="M43 32h5v38h-5Z" fill="${light}" opacity=".6"/><path d="M43 32h14v9q-3 5-5 0-4 8-9 1Z" fill="${accent}" opacity=".8"/><path d="M28 70h44q-2 10-12 10H40q-10 0-12-10Z" fill="${deep}"/><path d="M72 72q10-4 10 3-2 6-12 2" fill="none" stroke="${deep}" stroke-width="3"/>`,
  },
  {
    kind: 'clocks',
    words: ['clock', 'clocks', 'watch', 'timer'],
    phrases: ['wall clock'],
    draw: ({ light, main, deep, accent }) => `
      <path d="M22 78V40L50 14l28 26v38Z" fill="${main}"/><path d="M16 44 50 12l34 32" fill="none" stroke="${deep}" stroke-width="5" stroke-linejoin="round"/><circle cx="50" cy="48" r="19" fill="#fffdf6"/><circle cx="50" cy="48" r="19" fill="none" stroke="${light}" stroke-width="2.500"/>
      <path d="M50 33v4M50 59v4M35 48h4M61 48h4" stroke="${deep}" stroke-width="2" stroke-linecap="round"/><path d="M50 48V37M50 48l8 4" stroke="#3c3540" stroke-width="2.400" stroke-linecap="round"/><path d="M50 70v8" stroke="${deep}" stroke-width="2"/><circle cx="50" cy="80" r="5.500" fill="${accent}"/>`,
  },
  {
    kind: 'hot water bottles',
    words: [],
    phrases: ['hot water bottle'],
    draw: ({ light, main, deep, accent }, emblem) => `
      <path d="M42 12h16v9H42Z" fill="${deep}"/><path d="M43 21h14q-1 8 9 11 9 3 9 13v25q0 11-11 11H36q-11 0-11-11V45q0-10 9-13 10-3 9-11Z" fill="${main}"/>
      <path d="M31 42q2-5 8-6M31 50h38M31 58h38M31 66h38M31 74h38" fill="none" stroke="${light}" stroke-width="2.600" stroke-dasharray="5 3" opacity=".85"/><circle cx="50" cy="57" r="13" fill="${main}"/>${emblem(50, 57, 2, accent)}<path d="M40 21h20" stroke="${deep}" stroke-width="3" stroke-linecap="round"/>`,
  },
  {
    kind: 'door signs',
    words: [],
    phrases: ['door sign', 'door hanger'],
    draw: ({ ground, light, main, deep, accent }, emblem) => `
      <path d="M38 12h24a9 9 0 0 1 9 9v54a7 7 0 0 1-7 7H36a7 7 0 0 1-7-7V21a9 9 0 0 1 9-9Z" fill="${main}"/><circle cx="50" cy="30" r="12" fill="${ground}"/><circle cx="50" cy="30" r="7" fill="${deep}"/><circle cx="48" cy="28" r="2" fill="${light}"/>
      ${emblem(50, 54, 1.5, accent)}<path d="M37 68h26M40 74h20" stroke="${light}" stroke-width="2.400" stroke-linecap="round"/>`,
  },
  {
    kind: 'ribbon reels',
    words: [],
    phrases: ['ribbon reel', 'ribbons', 'ribbon'],
    draw: ({ light, main, deep, accent }) => `
      <path d="M68 62q20 0 16 20l-8-3q2-9-8-9Z" fill="${accent}"/><rect x="30" y="28" width="40" height="44" fill="${main}"/><path d="M30 36h40M30 44h40M30 52h40M30 60h40" stroke="${light}" stroke-width="2.600"/>
      <ellipse cx="50" cy="72" rx="29" ry="8" fill="${deep}"/><ellipse cx="50" cy="27" rx="29" ry="8" fill="${deep}"/><ellipse cx="50" cy="26" rx="11" ry="3" fill="${light}"/>`,
  },
  {
    kind: 'key rings',
    words: [],
    phrases: ['key ring', 'keyring', 'key fob'],
    draw: ({ light, main, deep, accent }, emblem) => `
      <circle cx="44" cy="28" r="15" fill="none" stroke="${deep}" stroke-width="4"/><path d="M40 42v6" stroke="${deep}" stroke-width="3"/><rect x="22" y="47" width="34" height="34" rx="10" fill="${main}"/><path d="M27 56q1-5 7-5" fill="none" stroke="${light}" stroke-width="3" stroke-linecap="round"/>${emblem(39, 64, 1.7, accent)}
      <path d="M55 38l18 26" stroke="${deep}" stroke-width="5" stroke-linecap="round"/><path d="M70 60l7-5M75 67l7-5" stroke="${deep}" stroke-width="4.500" stroke-linecap="round"/>`,
  },
  {
    kind: 'Christmas decorations',
    words: [],
    phrases: ['christmas tree', 'christmas decoration', 'tree decoration', 'tree decorations'],
    draw: ({ light, main, deep, accent }) => `
      <path d="M8 22q42 16 84 0" fill="none" stroke="#5f9358" stroke-width="5" stroke-linecap="round"/><path d="M16 24l-4 9M26 28l-2 9M40 30l1 8M62 30l-1 8M78 27l3 9M88 23l5 8" stroke="#6fa366" stroke-width="3" stroke-linecap="round"/><path d="M31 28v16M52 30v27M74 26v14" stroke="${deep}" stroke-width="1.500"/>
      <circle cx="31" cy="54" r="11" fill="${main}"/><path d="M24 50q3-6 8-5" fill="none" stroke="${light}" stroke-width="2.500" stroke-linecap="round"/><circle cx="52" cy="69" r="12.500" fill="${accent}"/><path d="M41 66q11 5 22 0" fill="none" stroke="#fff" stroke-width="2" opacity=".7"/><path d="M74 38l3.600 7.400 8 1.200-5.800 5.600 1.400 8-7.200-3.800-7.200 3.800 1.400-8-5.800-5.600 8-1.200Z" fill="${deep}"/>`,
  },
  {
    kind: 'gift wraps',
    words: [],
    phrases: ['gift wrap', 'wrapping paper', 'wrap'],
    draw: ({ light, main, deep, accent }, emblem) => `
      <g transform="rotate(-32 50 50)"><rect x="12" y="30" width="68" height="17" fill="${main}"/><path d="M22 30v17M34 30v17M46 30v17M58 30v17M70 30v17" stroke="${light}" stroke-width="3"/><ellipse cx="80" cy="38.500" rx="5" ry="8.500" fill="${deep}"/><ellipse cx="80" cy="38.500" rx="2" ry="4" fill="${light}"/></g>
      <g transform="rotate(-32 50 50)"><path d="M18 52h66v30H30q-12-2-12-14Z" fill="${accent}" opacity=".9"/><rect x="14" y="51" width="70" height="15" fill="${light}"/><ellipse cx="84" cy="58.500" rx="4.500" ry="7.500" fill="${deep}"/>${emblem(40, 58, 1, main)}${emblem(62, 58, 1, main)}</g>`,
  },
  {
    kind: 'playing cards',
    words: [],
    phrases: ['playing cards', 'playing card'],
    draw: ({ light, main, deep, accent }, emblem) => `
      ${[
        [-24, light],
        [0, '#fffdf8'],
        [24, '#fffdf8'],
      ]
        .map(
          ([turn, colour]) =>
            `<g transform="rotate(${turn} 50 92)"><rect x="34" y="22" width="32" height="48" rx="4" fill="${colour}" stroke="${deep}" stroke-width="1.500"/></g>`,
        )
        .join(
          '',
        )}<g transform="rotate(24 50 92)">${emblem(50, 46, 1.7, main)}<circle cx="39" cy="28" r="2" fill="${accent}"/><circle cx="61" cy="64" r="2" fill="${accent}"/></g>`,
  },
  {
    kind: 'storage jars',
    words: [],
    phrases: ['storage jar', 'storage jars', 'biscuit jar', 'cookie jar'],
    draw: ({ light, main, deep, accent }, emblem) => `
      <circle cx="50" cy="16" r="6" fill="${deep}"/><path d="M30 34q2-12 20-12t20 12Z" fill="${accent}"/><rect x="27" y="33" width="46" height="6" rx="3" fill="${deep}"/><rect x="26" y="39" width="48" height="42" rx="7" fill="${main}"/><path d="M32 43h6v34h-3a4 4 0 0 1-3-4Z" fill="${light}" opacity=".6"/>
      <path d="M34 52h32v18H34Z" fill="#fffdf8"/>${emblem(50, 61, 1.2, accent)}`,
  },
  {
    kind: 'watering cans',
    words: [],
    phrases: ['watering can'],
    draw: ({ light, main, deep, accent }, emblem) => `
      <path d="M36 38q2-18 18-18 20 0 24 26" fill="none" stroke="${deep}" stroke-width="4.500"/><path d="M38 66 16 36" stroke="${main}" stroke-width="7"/><path d="M8 38 22 28l4 5L12 43Z" fill="${deep}"/>
      <path d="M36 40h38l5 36a5 5 0 0 1-5 5H37a5 5 0 0 1-5-5Z" fill="${main}"/><path d="M38 44h7l-2 37h-6a5 5 0 0 1-5-5Z" fill="${light}" opacity=".55"/><ellipse cx="55" cy="40" rx="19" ry="4" fill="${deep}"/>${emblem(57, 61, 1.5, accent)}<path d="M8 48v5M13 50v6M4 54v5" stroke="#7fb0d8" stroke-width="2" stroke-linecap="round"/>`,
  },
  {
    kind: 'teacups',
    words: [],
    phrases: ['teacup', 'teacups', 'tea cup', 'cup and saucer'],
    draw: ({ light, main, deep, accent }, emblem) => `
      <path d="M74 46q14-4 14 7t-20 12" fill="none" stroke="${deep}" stroke-width="4"/><path d="M18 40h60q0 32-20 34H38q-20-2-20-34Z" fill="${main}"/><path d="M24 44h9q0 18 8 29-16-3-17-29Z" fill="${light}" opacity=".6"/>
      <ellipse cx="48" cy="40" rx="30" ry="6" fill="${deep}"/><ellipse cx="48" cy="40.500" rx="25" ry="3.800" fill="#b98a5a"/><path d="M10 74h76q-4 7-18 7H28q-14 0-18-7Z" fill="${accent}"/>${emblem(52, 58, 1.2, accent)}<path d="M42 28q-4-4 0-8t0-8M55 28q-4-4 0-8t0-8" fill="none" stroke="${deep}" stroke-width="1.800" stroke-linecap="round" opacity=".35"/>`,
  },
];
