// The shop's shelves, by words of the titles.
import type { Product } from './product';

export interface Shelf {
  readonly name: string;
  /** What is on it, in the plural: "more party things". */
  readonly things?: string;
  /** A title whose picture stands for the shelf. */
  readonly emblem: string;
  /** A product is on the shelf when its title has one of these words; all are when there are none. */
  readonly words: readonly string[];
}

// biome-ignore format: a line for each shelf
export const shelves: readonly Shelf[] = [
  { name: 'Popular', emblem: 'red star', words: [] },
  { name: 'Hearts', things: 'hearts', emblem: 'pink heart', words: ['heart', 'hearts', 'love', 'sweetheart', 'wedding'] },
  { name: 'Tea time', things: 'tea things', emblem: 'teapot blue', words: ['tea', 'teacup', 'teapot', 'mug', 'cup', 'cake', 'cakes', 'cakestand', 'coffee', 'saucer', 'biscuit'] },
  { name: 'Candles & lights', things: 'candles', emblem: 'candle white', words: ['light', 'lights', 'candle', 'candles', 'candleholder', 'lantern', 'candlestick', 'lamp', 'votive'] },
  { name: 'Bags', things: 'other bags', emblem: 'green bag', words: ['bag', 'bags', 'shopper', 'purse', 'backpack', 'tote'] },
  { name: 'Kitchen', things: 'kitchen things', emblem: 'kitchen spoon teal', words: ['kitchen', 'jar', 'jars', 'jam', 'bowl', 'bowls', 'plate', 'tray', 'cutlery', 'tin', 'tins', 'baking', 'pantry', 'apron', 'bottle', 'spoon', 'jug', 'recipe'] },
  { name: 'Garden', things: 'garden things', emblem: 'garden pot orange', words: ['garden', 'flower', 'flowers', 'plant', 'planter', 'herb', 'herbs', 'bird', 'birds', 'pot', 'watering', 'botanical', 'parasol', 'umbrella'] },
  { name: 'Paper & cards', things: 'cards', emblem: 'letter yellow', words: ['card', 'cards', 'paper', 'notebook', 'wrap', 'letter', 'pencils', 'pen', 'pens', 'pencil', 'stickers', 'book', 'album', 'envelope', 'tape'] },
  { name: 'Party', things: 'party things', emblem: 'party bunting pink', words: ['party', 'bunting', 'garland', 'birthday', 'balloon', 'balloons', 'candles', 'napkins', 'invites', 'ribbons'] },
  { name: 'Jewellery', things: 'jewels', emblem: 'necklace purple', words: ['necklace', 'bracelet', 'earrings', 'ring', 'charm', 'brooch', 'bangle', 'hair', 'tiara', 'pendant'] },
  { name: 'For children', things: 'children’s things', emblem: 'spaceboy', words: ['spaceboy', 'dolly', 'doll', 'toy', 'children', 'childrens', 'kids', 'girl', 'boys', 'jigsaw', 'game', 'circus', 'babushka', 'bunny', 'rabbit', 'playing', 'feltcraft'] },
  { name: 'Christmas', things: 'Christmas things', emblem: 'christmas tree', words: ['christmas', 'xmas', 'advent', 'bauble', 'santa', 'reindeer', 'snowflake', 'wreath', 'angel', 'nordic'] },
];

export function onShelf(shelf: Shelf, products: readonly Product[]): readonly Product[] {
  if (shelf.words.length === 0) return products;
  const words = new Set(shelf.words);
  return products.filter((product) => product.words.some((word) => words.has(word)));
}
