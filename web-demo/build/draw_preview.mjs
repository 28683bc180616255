// Draws the picture that links to the page are shown with, from the page's own pictures: public/preview.png.
// node web-demo/build/draw_preview.mjs, after a change of the pictures; it needs the tests' browser.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';
import { launchChromium } from '../../tests/browser/chromium.mjs';

const folder = fileURLToPath(new URL('../', import.meta.url));
const fonts = fileURLToPath(new URL('../../node_modules/@fontsource/young-serif/files/', import.meta.url));

const server = await createServer({
  root: folder,
  configFile: false,
  logLevel: 'warn',
  server: { middlewareMode: true, ws: false },
  optimizeDeps: { noDiscovery: true },
});
const [{ picture }, { poster }, { genreOf }] = await Promise.all(
  ['picture/picture', 'poster/poster', 'poster/genres'].map((name) => server.ssrLoadModule(`/src/${name}.ts`)),
);
await server.close();

const film = (title, year, genre) => poster(title, year, genreOf([genre]));
const above = [
  picture('REGENCY CAKESTAND 3 TIER'),
  film('Nosferatu', '1922', 'Horror'),
  picture('LUNCH BAG RED RETROSPOT'),
  film('The Kid', '1921', 'Comedy'),
  picture('WATERING CAN GREEN'),
];
const below = [
  film('Metropolis', '1927', 'Sci-Fi'),
  picture('ALARM CLOCK BAKELIKE PINK'),
  film('Sunrise', '1927', 'Romance'),
  picture('BLUE SPACEBOY MUG'),
  film('The General', '1926', 'Action'),
];
const serif = (await readFile(`${fonts}young-serif-latin-400-normal.woff2`)).toString('base64');
const row = (pictures) => `<div>${pictures.join('')}</div>`;
const browser = await launchChromium();
const page = await browser.newPage({ viewport: { width: 1200, height: 630 } });
await page.setContent(`<!doctype html><style>
  @font-face { font-family: serif-of-page; src: url(data:font/woff2;base64,${serif}) }
  body { display: grid; align-content: space-between; box-sizing: border-box; height: 630px; margin: 0; padding: 28px 40px; background: #fbf8f3; color: #2d2833; font: 26px serif-of-page }
  div { display: grid; grid-template-columns: repeat(5, 190px); justify-content: space-between }
  svg { width: 190px; border-radius: 22px; font-family: sans-serif; font-weight: 800 }
  p { margin: 0; text-align: center } b { color: #a83e62; font-size: 64px; font-weight: 400 }
</style>${row(above)}<p><b>Sotto</b> &nbsp; It learns what you like, and tells nobody.</p>${row(below)}`);
await page.evaluate(() => document.fonts.ready);
await page.screenshot({ path: `${folder}public/preview.png` });
await browser.close();
