import type { Motif } from './motif.js';

export const living: readonly Motif[] = [
  {
    kind: 'dolls',
    words: ['doll', 'dolls', 'dolly', 'babushka', 'girl', 'russian', 'matryoshka'],
    draw: ({ light, main, deep, accent }, emblem) => `
      <path d="M50 16c14 0 18 12 15 21-1 4 11 12 11 26 0 12-8 17-26 17s-26-5-26-17c0-14 12-22 11-26-3-9 1-21 15-21Z" fill="${main}"/>
      <circle cx="50" cy="33" r="10.500" fill="#fbe3d0"/><path d="M39.500 33a10.500 10.500 0 0 1 21 0q-6-2-10.500-7-4.500 5-10.500 7Z" fill="${deep}"/><circle cx="46.500" cy="35" r="1.200" fill="#3c3540"/><circle cx="53.500" cy="35" r="1.200" fill="#3c3540"/><path d="M47.500 38.500q2.500 2 5 0" fill="none" stroke="#c4606b" stroke-width="1.200" stroke-linecap="round"/>
      <ellipse cx="50" cy="63" rx="15" ry="14" fill="${light}"/>${emblem(50, 63, 1.7, accent)}`,
  },
  {
    kind: 'rabbits',
    words: ['rabbit', 'rabbits', 'bunny', 'bunnies', 'hare'],
    draw: ({ light, main, deep, accent }) => `
      <ellipse cx="41" cy="28" rx="6.500" ry="17" fill="${main}" transform="rotate(-8 41 28)"/><ellipse cx="59" cy="28" rx="6.500" ry="17" fill="${main}" transform="rotate(8 59 28)"/><ellipse cx="41" cy="29" rx="3" ry="11" fill="${accent}" opacity=".6" transform="rotate(-8 41 28)"/><ellipse cx="59" cy="29" rx="3" ry="11" fill="${accent}" opacity=".6" transform="rotate(8 59 28)"/>
      <circle cx="50" cy="58" r="22" fill="${main}"/><ellipse cx="50" cy="66" rx="11" ry="9" fill="${light}"/><circle cx="42" cy="55" r="2.400" fill="#3c3540"/><circle cx="58" cy="55" r="2.400" fill="#3c3540"/><path d="M47 61h6l-3 3.500Z" fill="${accent}"/><path d="M50 64.500v3M50 67.500q-4 3-6 0M50 67.500q4 3 6 0" fill="none" stroke="${deep}" stroke-width="1.400" stroke-linecap="round"/>`,
  },
  {
    kind: 'animals',
    words: [
      'cat',
      'cats',
      'kitty',
      'kitten',
      'dog',
      'doggy',
      'puppy',
      'bear',
      'teddy',
      'elephant',
      'monkey',
      'pig',
      'piggy',
      'fox',
      'sheep',
      'animal',
      'animals',
      'mouse',
    ],
    draw: ({ light, main, deep, accent }) => `
      <path d="M28 50 30 25l16 10h8l16-10 2 25Z" fill="${deep}"/><circle cx="50" cy="55" r="25" fill="${main}"/><ellipse cx="50" cy="63" rx="12" ry="9" fill="${light}"/>
      <circle cx="40" cy="51" r="2.600" fill="#3c3540"/><circle cx="60" cy="51" r="2.600" fill="#3c3540"/><path d="M46 58h8l-4 4.500Z" fill="${accent}"/><path d="M50 62.500q-4 5-7 1M50 62.500q4 5 7 1M30 60l-9-2M30 64l-9 2M70 60l9-2M70 64l9 2" fill="none" stroke="${deep}" stroke-width="1.400" stroke-linecap="round"/>`,
  },
  {
    kind: 'owls',
    words: ['owl'],
    draw: ({ light, main, deep, accent }) => `
      <path d="M28 24q22 8 44 0 4 16 2 34-2 22-24 22T26 58q-2-18 2-34Z" fill="${main}"/><circle cx="40" cy="42" r="10" fill="#fffdf8"/><circle cx="60" cy="42" r="10" fill="#fffdf8"/><circle cx="41" cy="42" r="5" fill="${deep}"/><circle cx="59" cy="42" r="5" fill="${deep}"/><path d="M46 48h8l-4 7Z" fill="${accent}"/>
      <path d="M38 62q4 4 8 0 4 4 8 0 4 4 8 0M42 69q4 4 8 0 4 4 8 0" fill="none" stroke="${light}" stroke-width="2" stroke-linecap="round"/>`,
  },
  {
    kind: 'birds',
    phrases: ['bird', 'birds'],
    words: [
      'bird',
      'birds',
      'dove',
      'robin',
      'hen',
      'chick',
      'chicken',
      'cockerel',
      'duck',
      'swallow',
      'parrot',
      'birdcage',
      'birdhouse',
      'flamingo',
    ],
    draw: ({ light, main, deep, accent }) => `
      <path d="M46 74v7M56 74v7" stroke="${deep}" stroke-width="2.200" stroke-linecap="round"/><path d="M14 44q10 4 16 8 2-24 26-26 18-1 22 14l10 5-10 4q0 27-28 27-24 0-36-32Z" fill="${main}"/>
      <path d="M34 52q12-10 26-2-4 18-20 14-6-4-6-12Z" fill="${light}"/><path d="M39 54q8-4 16 0M42 59q6-3 10 0" fill="none" stroke="${deep}" stroke-width="1.300" stroke-linecap="round" opacity=".6"/><circle cx="68" cy="39" r="2.500" fill="#3c3540"/><path d="M78 40l10 5-10 4Z" fill="${accent}"/>`,
  },
  {
    kind: 'butterflies',
    words: ['butterfly', 'butterflies', 'dragonfly', 'ladybird', 'bee'],
    draw: ({ light, main, deep, accent }) => `
      <path d="M50 50C44 24 20 20 18 36c-1 14 18 20 32 14-16 4-24 16-18 24 8 8 16-8 18-24 2 16 10 32 18 24 6-8-2-20-18-24 14 6 33 0 32-14C80 20 56 24 50 50Z" fill="${main}"/><circle cx="31" cy="38" r="5" fill="${light}"/><circle cx="69" cy="38" r="5" fill="${light}"/><circle cx="39" cy="66" r="3.500" fill="${accent}"/><circle cx="61" cy="66" r="3.500" fill="${accent}"/>
      <path d="M50 38v30" stroke="${deep}" stroke-width="3.500" stroke-linecap="round"/><path d="M50 38q-2-10-8-13M50 38q2-10 8-13" fill="none" stroke="${deep}" stroke-width="1.400" stroke-linecap="round"/>`,
  },
  {
    kind: 'flowers',
    words: [
      'flower',
      'flowers',
      'daisy',
      'daisies',
      'rose',
      'roses',
      'blossom',
      'poppy',
      'sunflower',
      'lavender',
      'tulip',
      'lily',
      'floral',
      'bouquet',
    ],
    draw: ({ light, main, deep, accent }) => `
      <path d="M50 52v28" stroke="#6fa366" stroke-width="3" stroke-linecap="round"/><path d="M50 72q-14 2-18-10 14-2 18 10ZM50 76q13 0 17-10-13-3-17 10Z" fill="#8abb80"/>
      ${[0, 45, 90, 135, 180, 225, 270, 315].map((turn, i) => `<ellipse cx="50" cy="23" rx="6.500" ry="11" fill="${i % 2 ? main : light}" transform="rotate(${turn} 50 38)"/>`).join('')}<circle cx="50" cy="38" r="8" fill="${accent}"/><circle cx="50" cy="38" r="8" fill="none" stroke="${deep}" stroke-width="1.300" stroke-dasharray="1.500 2.500"/>`,
  },
  {
    kind: 'garden things',
    words: [
      'garden',
      'plant',
      'planter',
      'pot',
      'pots',
      'herb',
      'herbs',
      'grow',
      'seed',
      'seeds',
      'watering',
      'trough',
      'cactus',
      'gardeners',
      'botanical',
    ],
    draw: ({ light, main, deep, accent }) => `
      <path d="M50 54V30" stroke="#5f9358" stroke-width="2.500"/><path d="M50 44Q32 44 29 26q18 0 21 18Z" fill="#8abb80"/><path d="M50 38q3-18 21-19-1 19-21 19Z" fill="#6fa366"/><path d="M50 52q14-2 18-14-16 0-18 14Z" fill="#9cc793"/><circle cx="50" cy="26" r="5" fill="${accent}"/>
      <path d="M31 58h38l-4 18a5 5 0 0 1-5 4H40a5 5 0 0 1-5-4Z" fill="${main}"/><path d="M34 60h7l2 20h-3a5 5 0 0 1-5-4Z" fill="${light}" opacity=".6"/><rect x="28" y="52" width="44" height="8" rx="3" fill="${deep}"/>`,
  },
  {
    kind: 'fruits',
    words: ['strawberry', 'strawberries', 'fruit', 'cherry', 'apple', 'apples', 'pear', 'lemon'],
    draw: ({ light, main }) => `
      <path d="M50 82C30 74 22 54 26 42c4-10 44-10 48 0 4 12-4 32-24 40Z" fill="${main}"/><path d="M32 36q10 4 12-6 6 2 6 2l6-2q2 10 12 6-4 12-18 8-14 4-18-8Z" fill="#7db074"/><path d="M50 32q0-10 7-14" fill="none" stroke="#5f9358" stroke-width="2.500" stroke-linecap="round"/>
      <g fill="${light}"><circle cx="38" cy="54" r="1.800"/><circle cx="50" cy="52" r="1.800"/><circle cx="62" cy="54" r="1.800"/><circle cx="44" cy="63" r="1.800"/><circle cx="56" cy="63" r="1.800"/><circle cx="50" cy="72" r="1.800"/></g>`,
  },
  {
    kind: 'woodland things',
    words: ['toadstool', 'mushroom', 'woodland', 'fairy', 'gnome'],
    draw: ({ light, main, deep }) => `
      <path d="M42 50h16q0 14 5 24 1 6-6 6H43q-7 0-6-6 5-10 5-24Z" fill="#fff7ea"/><path d="M18 50a32 28 0 0 1 64 0q-10 6-32 6t-32-6Z" fill="${main}"/><g fill="${light}"><circle cx="36" cy="40" r="5"/><circle cx="55" cy="32" r="4.500"/><circle cx="68" cy="44" r="4"/><circle cx="50" cy="47" r="3"/></g><path d="M42 56q8 4 16 0" fill="none" stroke="${deep}" stroke-width="1.500" opacity=".4"/>`,
  },
];
