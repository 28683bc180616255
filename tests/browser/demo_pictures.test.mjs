// Kinds that the page speaks of can be told apart by their pictures.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { inEachBrowser } from './browsers.mjs';
import { openDemoSource } from './demo_source.mjs';

inEachBrowser(({ launch }) => {
  let demo;
  let drawing;
  let browser;
  before(async () => {
    [demo, browser] = await Promise.all([openDemoSource(), launch()]);
    const modules = ['picture/picture', 'poster/genres', 'poster/poster'].map((name) => demo.load(`/src/${name}.ts`));
    drawing = Object.assign({}, ...(await Promise.all(modules)));
  });
  after(() => Promise.all([demo?.close(), browser?.close()]));

  const palette = { ground: '#eee', halo: '#ddd', light: '#bbb', main: '#777', deep: '#333', accent: '#999' };

  test('each kind has one drawing, and the picture of a product is that of its kind', () => {
    const { motifs, motifOf, kindOf } = drawing;
    assert.equal(new Set(motifs.map(({ kind }) => kind)).size, motifs.length);
    const bare = motifs.map((motif) => motif.draw(palette, () => ''));
    assert.equal(new Set(bare).size, motifs.length);
    assert.equal(kindOf('LUNCH BAG RED RETROSPOT'), 'lunch bags');
    assert.equal(kindOf('JUMBO BAG RED RETROSPOT'), 'jumbo bags');
    assert.notEqual(motifOf('LUNCH BAG RED RETROSPOT'), motifOf('JUMBO BAG RED RETROSPOT'));
  });

  test('each kind of the catalogues has a picture of its own', async () => {
    for (const catalogue of demo.catalogues) {
      const shopper = await demo.openShopper(catalogue);
      const known = new Set([...drawing.motifs, ...drawing.genres].map(({ kind }) => kind));
      const kinds = new Set(shopper.products.map(({ kind }) => kind).filter((kind) => kind !== undefined));
      assert.ok(kinds.size >= 15);
      for (const kind of kinds) assert.ok(known.has(kind), kind);
      await shopper.recommender.close();
    }
  });

  /** The mean difference of two kinds' pictures, 0 to 255, at the size of a list and without color. */
  async function closest(drawings) {
    const page = await (await browser.newContext()).newPage();
    const found = await page.evaluate(async (all) => {
      const size = 38;
      const shades = [];
      for (const { markup } of all) {
        const image = new Image();
        image.src = `data:image/svg+xml,${encodeURIComponent(markup.replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" width="38" height="38" '))}`;
        await image.decode();
        const context = new OffscreenCanvas(size, size).getContext('2d');
        context.drawImage(image, 0, 0, size, size);
        const { data } = context.getImageData(0, 0, size, size);
        shades.push(
          Float64Array.from(
            { length: size * size },
            (_, at) => (data[4 * at] + data[4 * at + 1] + data[4 * at + 2]) / 3,
          ),
        );
      }
      let least = { difference: Number.POSITIVE_INFINITY };
      for (let one = 0; one < all.length; one++) {
        for (let other = 0; other < one; other++) {
          const sum = shades[one].reduce((total, shade, at) => total + Math.abs(shade - shades[other][at]), 0);
          const difference = sum / shades[one].length;
          if (difference < least.difference) least = { difference, kinds: [all[one].kind, all[other].kind] };
        }
      }
      return least;
    }, drawings);
    return found;
  }

  test('no two kinds of gifts look alike in a list, in the same colors', async () => {
    const drawings = drawing.motifs.map((motif) => ({
      kind: motif.kind,
      markup: `<svg viewBox="0 0 100 100"><rect width="100" height="100" fill="#eee"/>${motif.draw(palette, () => '')}</svg>`,
    }));
    const { difference, kinds } = await closest(drawings);
    assert.ok(difference > 4, `${kinds.join(' and ')}: ${difference}`);
  });

  test('no two genres look alike in a list, without color and title', async () => {
    const drawings = drawing.genres.map((genre) => ({ kind: genre.kind, markup: drawing.emblemOfGenre(genre) }));
    const { difference, kinds } = await closest(drawings);
    assert.ok(difference > 4, `${kinds.join(' and ')}: ${difference}`);
  });

  test('a poster has its title, whatever is in it', () => {
    const { poster, genreOf } = drawing;
    const words = (markup) => [...markup.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, line]) => line).join(' ');
    assert.match(words(poster('The General', '1926', genreOf(['Comedy', 'Western']))), /^The General WESTERN {2}1926$/);
    const odd = poster('<script>"Me & You"</script>', '2001', undefined);
    assert.doesNotMatch(odd, /<script|& /);
    const long = poster(
      'A Title That Has Far More Words Than Any Poster Could Ever Be Expected To Hold Upon It, However Small Its Letters Were',
      '1999',
      undefined,
    );
    assert.match(words(long), /…/);
  });
});
