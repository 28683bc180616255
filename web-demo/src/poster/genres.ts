// The genres of films: each has a name for many, colours, and a drawing that no other has.

export interface Genre {
  /** As in the catalogue. */
  readonly name: string;
  /** As on a poster. */
  readonly label: string;
  /** Films of it, in the plural, within a sentence. */
  readonly kind: string;
  readonly shelf: string;
  /** Of the ground, of the drawing, and of what stands out. */
  readonly colours: readonly [ground: string, main: string, bright: string];
  /** SVG in a square of 100 × 100; the title stands in the lower half. */
  readonly drawing: string;
}

function genre(
  name: string,
  label: string,
  kind: string,
  colours: Genre['colours'],
  drawing: (main: string, bright: string, ground: string) => string,
  shelf = label,
): Genre {
  const [ground, main, bright] = colours;
  return { name, label, kind, shelf, colours, drawing: drawing(main, bright, ground) };
}

/** The more telling first: a film has several, and is of the first one. */
export const genres: readonly Genre[] = [
  genre(
    'Documentary',
    'Documentary',
    'documentaries',
    ['#e9e5da', '#2f3b42', '#c2502f'],
    (main, bright) =>
      `<circle cx="50" cy="29" r="21" fill="${main}"/><circle cx="50" cy="29" r="12" fill="none" stroke="#e9e5da" stroke-width="3"/><circle cx="50" cy="29" r="4.500" fill="${bright}"/>`,
    'Documentaries',
  ),
  genre(
    'Animation',
    'Animation',
    'animated films',
    ['#fbd45e', '#e4572e', '#2a6f97'],
    (main, bright) =>
      `<path d="M8 48Q22 6 36 48 46 18 58 48 66 30 74 48" fill="none" stroke="${bright}" stroke-width="2" stroke-dasharray="3 3"/><circle cx="81" cy="38" r="12" fill="${main}"/><circle cx="77" cy="34" r="3.500" fill="#fff" opacity=".8"/>`,
  ),
  genre(
    'Horror',
    'Horror',
    'horror films',
    ['#17131a', '#b3202a', '#f3e9dc'],
    (main) =>
      `<path d="M0 0h100v20q-6 2-6 14t-5 12-5-12-6-10-6 16-6 16-6-18-6-14-6 8-6 10-6-10-6-8-6 24-6 12-5-16-6-14q-3 0-2 8t-7 6Z" fill="${main}"/>`,
  ),
  genre(
    'Western',
    'Western',
    'westerns',
    ['#f3c789', '#b4532a', '#fff1d6'],
    (main, bright) =>
      `<circle cx="50" cy="36" r="20" fill="${bright}"/><path d="M0 52V40h14V28h16v12h10v12h24V34h8V22h14v12h14v18Z" fill="${main}"/>`,
    'Westerns',
  ),
  genre(
    'War',
    'War',
    'war films',
    ['#8a8f6a', '#3b4030', '#e8e3c8'],
    (main, bright) =>
      `<path d="M22 42a28 26 0 0 1 56 0Z" fill="${main}"/><path d="M14 42h72v7H14Z" fill="${main}"/><path d="M50 22l3 6.500 7 .8-5.200 4.800 1.400 7L50 37.600l-6.200 3.500 1.400-7-5.200-4.800 7-.8Z" fill="${bright}"/>`,
  ),
  genre(
    'Film-Noir',
    'Film noir',
    'films noirs',
    ['#2b2b2e', '#d8d4c8', '#8b8a86'],
    (main) =>
      `<g fill="${main}"><path d="M10 6 92 0v6L10 13ZM10 18 92 11v6L10 25ZM10 30 92 22v6L10 37ZM10 42 92 33v6L10 49Z"/></g>`,
  ),
  genre(
    'Musical',
    'Musical',
    'musicals',
    ['#6a1b4d', '#f2b134', '#fbeee0'],
    (main, bright) =>
      `<path d="M0 0h100v10Q50 22 0 10Z" fill="${main}"/><path d="M0 0h26Q24 34 0 52ZM100 0H74q2 34 26 52Z" fill="${main}"/><path d="M50 50 34 14h32Z" fill="${bright}" opacity=".35"/>`,
    'Musicals',
  ),
  genre(
    'Sci-Fi',
    'Science fiction',
    'science fiction films',
    ['#101a3a', '#5fb6d9', '#f4d06f'],
    (main, bright) =>
      `<circle cx="52" cy="27" r="15" fill="${main}"/><ellipse cx="52" cy="27" rx="31" ry="7" fill="none" stroke="${bright}" stroke-width="3" transform="rotate(-18 52 27)"/><g fill="#fff"><circle cx="14" cy="14" r="1.400"/><circle cx="84" cy="48" r="1.400"/><circle cx="22" cy="46" r="1"/><circle cx="90" cy="10" r="1"/></g>`,
  ),
  genre(
    'Fantasy',
    'Fantasy',
    'fantasy films',
    ['#3a2a5d', '#e9c46a', '#c8b6ff'],
    (main, bright) =>
      `<path d="M58 6a22 22 0 1 0 14 38A24 24 0 0 1 58 6Z" fill="${main}"/><path d="M76 12l2 6 6 2-6 2-2 6-2-6-6-2 6-2ZM22 8l1.500 4 4 1.500-4 1.500-1.500 4-1.500-4-4-1.500 4-1.500Z" fill="${bright}"/>`,
  ),
  genre(
    'Biography',
    'Biography',
    'biographies',
    ['#d9e2dc', '#35524a', '#e08e45'],
    (main, bright) =>
      `<circle cx="50" cy="28" r="24" fill="${bright}"/><circle cx="50" cy="22" r="9" fill="${main}"/><path d="M32 48q0-15 18-15t18 15q-8 4-18 4t-18-4Z" fill="${main}"/>`,
    'Biographies',
  ),
  genre(
    'History',
    'History',
    'historical films',
    ['#efe3cf', '#7a5c3e', '#a33b2a'],
    (main, bright) =>
      `<path d="M18 18 50 4l32 14v5H18Z" fill="${bright}"/><path d="M24 26h8v20h-8ZM46 26h8v20h-8ZM68 26h8v20h-8ZM18 47h64v5H18Z" fill="${main}"/>`,
  ),
  genre(
    'Sport',
    'Sport',
    'sports films',
    ['#3f8f5b', '#f7f5ec', '#1d3d2a'],
    (main, bright) =>
      `<path d="M0 30h100" stroke="${bright}" stroke-width="2" opacity=".5"/><circle cx="50" cy="28" r="21" fill="${main}"/><path d="M50 17l9 7-3.500 11h-11L41 24Z" fill="${bright}"/><path d="M50 17V8M59 24l9-3M55.500 35l6 8M44.500 35l-6 8M41 24l-9-3" stroke="${bright}" stroke-width="2"/>`,
  ),
  genre(
    'Music',
    'Music',
    'music films',
    ['#f6efe6', '#1f1f24', '#e0475b'],
    (main, bright) =>
      `<circle cx="50" cy="28" r="24" fill="${main}"/><circle cx="50" cy="28" r="18" fill="none" stroke="#4b4b52" stroke-width="1"/><circle cx="50" cy="28" r="13" fill="none" stroke="#4b4b52" stroke-width="1"/><circle cx="50" cy="28" r="8" fill="${bright}"/><circle cx="50" cy="28" r="1.600" fill="#f6efe6"/>`,
  ),
  genre(
    'Family',
    'Family',
    'family films',
    ['#cfe8ef', '#ef8354', '#4f6d7a'],
    (main, bright) =>
      `<path d="M18 30 50 6l32 24Z" fill="${main}"/><path d="M26 30h48v22H26Z" fill="#fffaf0"/><path d="M44 36h12v16H44Z" fill="${bright}"/><path d="M32 35h7v7h-7ZM61 35h7v7h-7Z" fill="#f7c948"/>`,
  ),
  genre(
    'Action',
    'Action',
    'action films',
    ['#f26a1b', '#2a1c14', '#ffd23f'],
    (main, bright) =>
      `<path d="M50 0l7 16 15-12-3 17 19-4-11 15 19 6-19 6 8 12H15l8-12-19-6 19-6L12 17l19 4-3-17 15 12Z" fill="${bright}"/><path d="M54 12 38 34h10l-5 17 18-24H50Z" fill="${main}"/>`,
  ),
  genre(
    'Romance',
    'Romance',
    'romances',
    ['#f9d5d8', '#c8385a', '#fff4ec'],
    (main, bright) =>
      `<path d="M41 50C14 32 16 16 27 13q9-1 14 8 5-9 14-8c11 3 13 19-14 37Z" fill="${main}"/><path d="M66 44C50 33 51 23 58 21q5 0 8 5 3-5 8-5c7 2 8 12-8 23Z" fill="${bright}"/>`,
  ),
  genre(
    'Mystery',
    'Mystery',
    'mysteries',
    ['#24424a', '#e8b04a', '#f3ecdc'],
    (main, bright) =>
      `<circle cx="44" cy="24" r="17" fill="none" stroke="${bright}" stroke-width="5"/><path d="M57 37l17 15" stroke="${bright}" stroke-width="7" stroke-linecap="round"/><path d="M38 20q0-6 6-6t6 6q0 4-6 6v3" fill="none" stroke="${main}" stroke-width="3.500" stroke-linecap="round"/><circle cx="44" cy="34" r="2.200" fill="${main}"/>`,
  ),
  genre(
    'Crime',
    'Crime',
    'crime films',
    ['#e8dcc4', '#23262b', '#b23a2e'],
    (main, bright) =>
      `<g fill="none" stroke="${main}" stroke-width="3"><circle cx="33" cy="28" r="14"/><circle cx="67" cy="28" r="14"/><path d="M45 22q5-4 10 0M45 34q5 4 10 0"/></g><circle cx="33" cy="28" r="4" fill="${bright}"/><circle cx="67" cy="28" r="4" fill="${bright}"/>`,
  ),
  genre(
    'Adventure',
    'Adventure',
    'adventure films',
    ['#bfe0d2', '#1f5f5b', '#f6f1e3'],
    (main, bright) =>
      `<path d="M0 52 30 12l16 22 12-14 42 32Z" fill="${main}"/><path d="M30 12l9 12-6 2-4-3-6 4-2-3ZM58 20l10 8-6 1-4-2-5 2Z" fill="${bright}"/><circle cx="80" cy="14" r="8" fill="#f2a541"/>`,
  ),
  genre(
    'Thriller',
    'Thriller',
    'thrillers',
    ['#c9ced6', '#14171c', '#d7263d'],
    (main, bright) =>
      `<g fill="none" stroke="${main}" stroke-width="4"><circle cx="50" cy="27" r="24"/><circle cx="50" cy="27" r="16"/><circle cx="50" cy="27" r="8"/></g><circle cx="50" cy="27" r="4" fill="${bright}"/><path d="M50 0v10M50 44v10M20 27h12M68 27h12" stroke="${bright}" stroke-width="2"/>`,
  ),
  genre(
    'Comedy',
    'Comedy',
    'comedies',
    ['#ffe9a8', '#2b59c3', '#e5383b'],
    (main, bright) =>
      `<circle cx="36" cy="20" r="6" fill="${main}"/><circle cx="64" cy="20" r="6" fill="${main}"/><path d="M24 32h52a26 20 0 0 1-52 0Z" fill="${bright}"/><path d="M30 32h40v5H30Z" fill="#fff"/>`,
    'Comedies',
  ),
  genre(
    'Drama',
    'Drama',
    'dramas',
    ['#e4ddd3', '#5a4a63', '#c9825b'],
    (main, bright) =>
      `<circle cx="39" cy="28" r="21" fill="${main}"/><circle cx="62" cy="28" r="21" fill="${bright}" opacity=".88"/>`,
    'Dramas',
  ),
  genre(
    'Short',
    'Short film',
    'short films',
    ['#f4f1ea', '#33312e', '#5fa8a0'],
    (main, bright) =>
      `<path d="M20 22h60v28H20Z" fill="${main}"/><path d="M20 12 78 4l1.500 9L21 21Z" fill="${bright}"/><path d="M32 11l6 8M46 9l6 8M60 7l6 8" stroke="${main}" stroke-width="3"/>`,
  ),
];

export function genreOf(names: readonly string[]): Genre | undefined {
  return genres.find(({ name }) => names.includes(name));
}
