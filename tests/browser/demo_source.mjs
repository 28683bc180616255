// Modules of the demo from its source, without a browser; its shopper runs on the package's build for Node.
import { fileURLToPath } from 'node:url';
import { Recommender, memoryStore } from 'sotto';
import { createServer } from 'vite';

const demoFolder = fileURLToPath(new URL('../../web-demo/', import.meta.url));
const models = {
  gifts: fileURLToPath(new URL('../../models/online-retail/model.safetensors', import.meta.url)),
  films: fileURLToPath(new URL('../../models/movietweetings/model.safetensors', import.meta.url)),
};

/** What opens the demo's source: `load('/src/timings.ts')`, and a shopper who is not remembered. */
export async function openDemoSource() {
  const server = await createServer({
    root: demoFolder,
    configFile: false,
    logLevel: 'warn',
    server: { middlewareMode: true, ws: false },
    optimizeDeps: { noDiscovery: true },
    resolve: {
      alias: [
        { find: /^#model(?=\?|$)/, replacement: models.gifts },
        { find: /^#films(?=\?|$)/, replacement: models.films },
      ],
    },
  });
  const load = (path) => server.ssrLoadModule(path);
  const [{ catalogues }, { Shopper }] = await Promise.all([
    load('/src/catalogue/catalogues.ts'),
    load('/src/shopper.ts'),
  ]);
  return {
    load,
    catalogues,
    close: () => server.close(),
    async openShopper(catalogue) {
      const recommender = await Recommender.open(models[catalogue.name], { store: memoryStore() });
      return new Shopper(recommender, catalogue);
    },
  };
}
