// What kind of thing a product is, to speak of many at once: "lunch bags".
import type { Product } from './product';
import { onShelf, shelves } from './shelves';

/** Kinds that a title names in so many words, the more particular first. */
const named: Readonly<Record<string, readonly string[]>> = {
  'lunch bags': ['lunch bag'],
  'lunch boxes': ['lunch box'],
  'jumbo bags': ['jumbo bag', 'jumbo shopper', 'jumbo storage bag'],
  'charlotte bags': ['charlotte bag'],
  'gift bags': ['gift bag'],
  'cake cases': ['cake cases'],
  'cake tins': ['cake tins', 'cake tin'],
  cakestands: ['cakestand', 'cake stand'],
  aprons: ['apron'],
  'alarm clocks': ['alarm clock'],
  'wall clocks': ['wall clock'],
  'photo frames': ['photo frame', 'picture frame', 'frame'],
  'hot water bottles': ['hot water bottle'],
  'tea towels': ['tea towel', 'tea towels'],
  'cushion covers': ['cushion cover'],
  'metal signs': ['metal sign'],
  'drawer knobs': ['drawer knob'],
  'ribbon reels': ['ribbon reel'],
  'key rings': ['key ring'],
  'Christmas decorations': ['christmas tree', 'christmas decoration', 'tree decoration'],
  't-light holders': ['t light holder', 't light'],
  buntings: ['bunting'],
  birds: ['bird', 'birds'],
  'gift wraps': ['gift wrap'],
  'playing cards': ['playing cards'],
  'jam jars': ['jam jar', 'jam making'],
  'storage jars': ['storage jar'],
  'door signs': ['door sign'],
  'watering cans': ['watering can'],
  teacups: ['teacup'],
};

/** The kind of each product that has one, by its id; those that no name fits have their first shelf's. */
export function kindsOf(products: readonly Product[]): ReadonlyMap<string, string> {
  const kinds = new Map<string, string>();
  for (const { id, words } of products) {
    const title = ` ${words.join(' ')} `;
    const kind = Object.entries(named).find(([, phrases]) => phrases.some((phrase) => title.includes(` ${phrase} `)));
    if (kind !== undefined) kinds.set(id, kind[0]);
  }
  for (const shelf of shelves) {
    if (shelf.things === undefined) continue;
    for (const { id } of onShelf(shelf, products)) if (!kinds.has(id)) kinds.set(id, shelf.things);
  }
  return kinds;
}
