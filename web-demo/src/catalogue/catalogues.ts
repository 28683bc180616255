import type { Catalogue } from './catalogue';
import { films } from './films';
import { gifts } from './gifts';

export const catalogues: readonly Catalogue[] = [gifts, films];

/** The one that the page's address names; the first where it names none. */
export function catalogueOf(search: string): Catalogue {
  const named = new URLSearchParams(search).get('catalogue');
  return catalogues.find(({ name }) => name === named) ?? gifts;
}

export function addressOf(catalogue: Catalogue): string {
  return catalogue === gifts ? './' : `./?catalogue=${catalogue.name}`;
}
