// The gift shop: products with prices, and pictures drawn from their names.
import { giftsModel } from '../model_address';
import { kindOf, picture } from '../picture/picture';
import type { Product } from '../product';
import { price } from '../wording/numbers';
import { titleCase } from '../wording/title_case';
import type { Catalogue, Shelf } from './catalogue';

/** A product is on a shelf when its title has one of these words; `emblem` is a title whose picture stands for the shelf. */
// biome-ignore format: a line for each shelf
const byWords = [
  { name: 'Hearts', emblem: 'pink heart', words: ['heart', 'hearts', 'love', 'sweetheart', 'wedding'] },
  { name: 'Tea time', emblem: 'teapot blue', words: ['tea', 'teacup', 'teapot', 'mug', 'cup', 'cake', 'cakes', 'cakestand', 'coffee', 'saucer', 'biscuit'] },
  { name: 'Candles & lights', emblem: 'candle white', words: ['light', 'lights', 'candle', 'candles', 'candleholder', 'lantern', 'candlestick', 'lamp', 'votive'] },
  { name: 'Bags', emblem: 'green bag', words: ['bag', 'bags', 'shopper', 'purse', 'backpack', 'tote'] },
  { name: 'Kitchen', emblem: 'kitchen spoon teal', words: ['kitchen', 'jar', 'jars', 'jam', 'bowl', 'bowls', 'plate', 'tray', 'cutlery', 'tin', 'tins', 'baking', 'pantry', 'apron', 'bottle', 'spoon', 'jug', 'recipe'] },
  { name: 'Garden', emblem: 'garden pot orange', words: ['garden', 'flower', 'flowers', 'plant', 'planter', 'herb', 'herbs', 'bird', 'birds', 'pot', 'watering', 'botanical', 'parasol', 'umbrella'] },
  { name: 'Paper & cards', emblem: 'letter yellow', words: ['card', 'cards', 'paper', 'notebook', 'wrap', 'letter', 'pencils', 'pen', 'pens', 'pencil', 'stickers', 'book', 'album', 'envelope', 'tape'] },
  { name: 'Party', emblem: 'party bunting pink', words: ['party', 'bunting', 'garland', 'birthday', 'balloon', 'balloons', 'candles', 'napkins', 'invites', 'ribbons'] },
  { name: 'Jewellery', emblem: 'necklace purple', words: ['necklace', 'bracelet', 'earrings', 'ring', 'charm', 'brooch', 'bangle', 'hair', 'tiara', 'pendant'] },
  { name: 'For children', emblem: 'spaceboy', words: ['spaceboy', 'dolly', 'doll', 'toy', 'children', 'childrens', 'kids', 'girl', 'boys', 'jigsaw', 'game', 'circus', 'babushka', 'bunny', 'rabbit', 'playing', 'feltcraft'] },
  { name: 'Christmas', emblem: 'christmas tree', words: ['christmas', 'xmas', 'advent', 'bauble', 'santa', 'reindeer', 'snowflake', 'wreath', 'angel', 'nordic'] },
];

const shelves: readonly Shelf[] = [
  { name: 'Popular', emblem: picture('red star'), holds: () => true },
  ...byWords.map(({ name, emblem, words }) => {
    const wanted = new Set(words);
    return {
      name,
      emblem: picture(emblem),
      holds: (product: Product) => product.words.some((word) => wanted.has(word)),
    };
  }),
];

export const gifts: Catalogue = {
  name: 'gifts',
  model: giftsModel,
  user: 'default',
  title: 'Sotto: the quiet gift shop',
  wordmark: 'the quiet gift shop',
  heading: 'The shop',
  thing: 'product',
  things: 'products',
  people: 'customer',
  source: 'The catalogue and the shopping baskets behind the recommendations:',
  pictures: 'The pictures are drawn by this page from the products’ names. Nothing is for sale.',
  shelves,
  regulars: [
    { interest: 'lunch bags', loves: isOf('lunch bags'), looksAtToo: isOf('jumbo bags'), returns: true },
    { interest: 'baking', loves: isOf('cake cases', 'cake tins', 'baking things'), returns: true },
    { interest: 'Christmas', loves: isOf('Christmas decorations', 'Christmas things'), returns: true },
    { interest: 'gardens', loves: isOf('garden things', 'watering cans', 'birds'), returns: true },
    { interest: 'writing', loves: isOf('cards', 'notebooks', 'pens and pencils'), returns: true },
  ],
  hasTrend: true,
  productOf: ({ id, title, price: amount }, currency) => ({
    id,
    rawTitle: title,
    title: titleCase(title),
    line: price(amount, currency),
    words: title.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [],
    kind: kindOf(title),
    draw: () => picture(title),
  }),
};

function isOf(...kinds: readonly string[]): (product: Product) => boolean {
  return ({ kind }) => kind !== undefined && kinds.includes(kind);
}
