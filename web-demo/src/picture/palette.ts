// The colours of a product's picture: from the colour words of its title, or else from the title as a whole.

export interface Palette {
  readonly ground: string;
  readonly halo: string;
  readonly light: string;
  readonly main: string;
  readonly deep: string;
  readonly accent: string;
}

function palette(ground: string, halo: string, light: string, main: string, deep: string, accent: string): Palette {
  return { ground, halo, light, main, deep, accent };
}

const red = palette('#fbe9e4', '#f5d3cb', '#f3a99f', '#d6544c', '#a53a37', '#f2c46d');
const pink = palette('#fceaf0', '#f8d5e1', '#f8bfd1', '#e685a6', '#b9557a', '#8fb996');
const blue = palette('#e7eff8', '#d0e1f2', '#adcbe9', '#5f92c8', '#3b6899', '#f0b67f');
const green = palette('#eaf2e5', '#d5e6cc', '#b4d3a7', '#72a569', '#4b7b48', '#e98c7e');
const white = palette('#e4eaee', '#d3dde3', '#ffffff', '#f8f5f0', '#c4beb4', '#d9858c');
const cream = palette('#f1e8d9', '#e5d7bf', '#fffbf2', '#f6ebd5', '#c9b48f', '#a9796b');
const black = palette('#ebe8f0', '#d8d3e1', '#6f6a7b', '#403c4b', '#26232d', '#eaa3b4');
const silver = palette('#e9eef2', '#d5dee5', '#e6ecf0', '#aebcc8', '#75879a', '#c9a66b');
const gold = palette('#faf1dc', '#f3e1b8', '#f7df9c', '#dcb050', '#a67d2b', '#7a9e9f');
const purple = palette('#f1ebf7', '#e1d4ef', '#cfb8e7', '#9c78c5', '#6e4d97', '#f0c66b');
const yellow = palette('#fdf6dc', '#f8e9b2', '#f8e193', '#ebc250', '#b98f25', '#6fa3b5');
const orange = palette('#fdeee0', '#f9dbbf', '#f7c294', '#e6914f', '#b2652d', '#6fa39a');
const teal = palette('#e3f2ef', '#cae6e0', '#a8d8cf', '#55ab9e', '#317b71', '#f0a58f');
const wood = palette('#f4eade', '#e7d4be', '#dfc3a2', '#b88b5f', '#855d39', '#8daa86');

// biome-ignore format: a line for each color
const byWord: Readonly<Record<string, Palette>> = {
  red, retrospot: red, strawberry: red, cherry: red, scarlet: red, poppy: red, toadstool: red, santa: red,
  pink, rose: pink, roses: pink, blossom: pink, fairy: pink, magenta: pink, princess: pink,
  blue, spaceboy: blue, sky: blue, navy: blue, denim: blue, london: blue,
  green, woodland: green, garden: green, leaf: green, ivy: green, herb: green, botanical: green, tree: green, olive: green,
  white, ivory: cream, cream, vintage: cream, lace: cream, doily: cream, antique: cream,
  black, skull: black, skulls: black, charcoal: black, baroque: black, jet: black, chalkboard: black, blackboard: black, slate: black,
  silver, zinc: silver, metal: silver, grey: silver, crystal: silver, glass: silver, diamante: silver, steel: silver,
  gold, golden: gold, brass: gold, amber: gold, honey: gold,
  purple, lilac: purple, lavender: purple, violet: purple, amethyst: purple, mauve: purple,
  yellow, lemon: yellow, daisy: yellow, sunflower: yellow, bee: yellow,
  orange, peach: orange, pumpkin: orange, copper: orange,
  turquoise: teal, teal, mint: teal, aqua: teal, jade: teal, duckegg: teal,
  wood, wooden: wood, wicker: wood, natural: wood, brown: wood, chocolate: wood, coffee: wood, bamboo: wood, rattan: wood, cork: wood,
};

const withoutColourWord = [blue, pink, green, yellow, purple, orange, teal, wood, red];

export function paletteOf(words: readonly string[], seed: number): Palette {
  const named = words.map((word) => byWord[word]).filter((found) => found !== undefined);
  const first = named[0] ?? (withoutColourWord[seed % withoutColourWord.length] as Palette);
  const second = named.find((other) => other !== first);
  return second ? { ...first, accent: second === white || second === cream ? second.light : second.main } : first;
}
