// The film library: films with years and genres, and posters set in type.
import { filmsModel } from '../model_address';
import { type Genre, genreOf, genres } from '../poster/genres';
import { emblemOfGenre, poster } from '../poster/poster';
import type { Product } from '../product';
import type { Catalogue } from './catalogue';

/** "The Kid (1921)": the title, and the year. */
const titleAndYear = /^(.*?)(?: \((\d{4})\))?$/su;

const onShelves: readonly Genre['name'][] = [
  'Action',
  'Comedy',
  'Drama',
  'Sci-Fi',
  'Horror',
  'Romance',
  'Animation',
  'Crime',
  'Documentary',
  'Western',
  'Musical',
];

export const films: Catalogue = {
  name: 'films',
  model: filmsModel,
  user: 'films',
  title: 'Sotto: the quiet film library',
  wordmark: 'the quiet film library',
  heading: 'The films',
  thing: 'film',
  things: 'films',
  people: 'viewer',
  source: 'The films and the ratings behind the recommendations:',
  pictures: 'The posters are set by this page from titles and genres; no studio made them.',
  shelves: [
    { name: 'Popular', emblem: emblemOfGenre(undefined), holds: () => true },
    ...genres
      .filter(({ name }) => onShelves.includes(name))
      .map((genre) => ({
        name: genre.shelf,
        emblem: emblemOfGenre(genre),
        holds: ({ kind }: { readonly kind: string | undefined }) => kind === genre.kind,
      })),
  ],
  regulars: [
    { interest: 'animation', loves: isOlder('animated films', 2012), returns: false },
    { interest: 'horror', loves: isOlder('horror films', 2009), returns: false },
    { interest: 'documentaries', loves: isOlder('documentaries', 2012), returns: false },
    { interest: 'action', loves: isOlder('action films', 2009), returns: false },
    { interest: 'crime', loves: isOlder('crime films', 2009), returns: false },
  ],
  hasTrend: false,
  productOf: ({ id, title: rawTitle, category = '' }) => {
    const [, title = rawTitle, year = ''] = titleAndYear.exec(rawTitle) ?? [];
    const names = category === '' ? [] : category.split('|');
    const genre = genreOf(names);
    return {
      id,
      rawTitle,
      title,
      line: year,
      words: `${rawTitle} ${names.join(' ')}`.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [],
      kind: genre?.kind,
      draw: () => poster(title, year, genre),
    };
  },
};

/** The log is of 2013, when everybody saw the films of 2013: tastes show in older ones. */
function isOlder(kind: string, year: number): (product: Product) => boolean {
  return (product) => product.kind === kind && Number(product.line) < year;
}
