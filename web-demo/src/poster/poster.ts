// A film's poster, set in type: its title and year over the drawing of its genre. The same film always has the same poster.
import type { Genre } from './genres';

const plain = { colours: ['#dcd8d0', '#3a3740', '#8c8794'] as const, label: 'Film', drawing: '' };

/** Letters of a line, and how large they then are. The first that holds the title in its lines is taken. */
const settings = [
  { letters: 9, size: 13, lines: 2 },
  { letters: 12, size: 10.5, lines: 3 },
  { letters: 16, size: 8.6, lines: 4 },
  { letters: 20, size: 7.2, lines: 5 },
];

/** The SVG's markup; the title in it is escaped. */
export function poster(title: string, year: string, genre: Genre | undefined): string {
  const { colours, label, drawing } = genre ?? plain;
  const [ground, main, bright] = colours;
  const { lines, size } = set(title);
  const ink = isDark(ground) ? '#fffaf0' : '#1d1a20';
  const rule = isDark(ground) ? bright : main;
  const bottom = 87;
  const text = lines.map((line, place) => {
    const y = bottom - (lines.length - 1 - place) * size * 1.06;
    return `<text x="8" y="${y.toFixed(1)}" font-size="${size}" fill="${ink}">${escaped(line)}</text>`;
  });
  return (
    `<svg viewBox="0 0 100 100" aria-hidden="true" focusable="false" class="poster"><rect width="100" height="100" fill="${ground}"/>` +
    `<g transform="translate(0 ${lines.length > 3 ? -4 : 0})">${drawing}</g>${text.join('')}` +
    `<path d="M8 90.500h84" stroke="${rule}" stroke-width=".8"/><text class="poster-foot" x="8" y="96.500" font-size="4.600" fill="${ink}">${escaped(`${label}  ${year}`.toUpperCase())}</text></svg>`
  );
}

/** The drawing of a genre, to stand for its shelf; without one, a film strip. */
export function emblemOfGenre(genre: Genre | undefined): string {
  const [ground, main] = genre?.colours ?? plain.colours;
  const strip = `<path d="M26 6h48v44H26Z" fill="${main}"/><path d="M36 10h28v16H36ZM36 30h28v16H36Z" fill="${ground}"/><path d="M29 10v38M71 10v38" stroke="${ground}" stroke-width="4" stroke-dasharray="4 4"/>`;
  return `<svg viewBox="0 0 100 100" aria-hidden="true" focusable="false"><rect width="100" height="100" fill="${ground}"/><g transform="translate(0 22)">${genre?.drawing ?? strip}</g></svg>`;
}

function set(title: string): { readonly lines: readonly string[]; readonly size: number } {
  for (const { letters, size, lines: most } of settings) {
    const lines = broken(title, letters);
    if (lines.length <= most && lines.every((line) => line.length <= letters)) return { lines, size };
  }
  const { letters, size, lines: most } = settings[settings.length - 1] as (typeof settings)[number];
  const lines = broken(title, letters).map((line) => (line.length > letters ? `${line.slice(0, letters - 1)}…` : line));
  if (lines.length <= most) return { lines, size };
  return { lines: [...lines.slice(0, most - 1), `${(lines[most - 1] as string).slice(0, letters - 1)}…`], size };
}

/** Broken between words, each line as full as it can be. */
function broken(title: string, letters: number): string[] {
  const lines: string[] = [];
  for (const word of title.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= letters) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}

/** By its luminance, as WCAG reckons it. */
function isDark(colour: string): boolean {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255) as [
    number,
    number,
    number,
  ];
  return 0.2126 * red ** 2.2 + 0.7152 * green ** 2.2 + 0.0722 * blue ** 2.2 < 0.3;
}
