import { createReadStream } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { offline } from './build/offline.mjs';
import { linkPreview } from './build/link_preview.mjs';
import { reading } from './build/reading.mjs';

// The one place that names the demo's models.
const model =
  process.env.SOTTO_DEMO_MODEL ?? fileURLToPath(new URL('../models/online-retail/model.safetensors', import.meta.url));
const films = fileURLToPath(new URL('../models/movietweetings/model.safetensors', import.meta.url));
// The aggregators of the panel "What everybody wants"; no part of the npm package.
const aggregate = `${
  process.env.SOTTO_WASM_FOLDER ?? fileURLToPath(new URL('../build/wasm/bin', import.meta.url))
}/sotto-aggregate.wasm`;

// What private sync makes reports with, for the made-up devices of sync.html; no part of the package's interface.
const packageParts = fileURLToPath(new URL('../wasm/package/dist', import.meta.url));

// ./sotto demo --sync names the folder that says where its servers are.
const syncFolder = process.env.SOTTO_DEMO_SYNC;
const syncFiles = { '/sync/servers.json': 'application/json', '/sync/operator_key': 'text/plain' };

const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

// The pages of ./sotto demo --sync ask servers on this computer.
const pages = ['index.html', 'sync.html', 'device.html'];
const policyOf = (page) =>
  page === 'index.html' ? contentSecurityPolicy : `${contentSecurityPolicy}; connect-src 'self' http://127.0.0.1:*`;

// A page that is isolated from other origins gets a finer clock, which the times on the page are measured with.
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // Relative addresses: the built page works in any folder of any host.
  base: './',
  resolve: {
    alias: [
      { find: /^#model(?=\?|$)/, replacement: model },
      { find: /^#films(?=\?|$)/, replacement: films },
      { find: /^#aggregate(?=\?|$)/, replacement: aggregate },
      { find: /^#sotto-package(?=\/)/, replacement: packageParts },
    ],
  },
  worker: { format: 'es' },
  optimizeDeps: { exclude: ['sotto'] },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: pages.map((name) => fileURLToPath(new URL(name, import.meta.url))) },
  },
  server: { host: '127.0.0.1', headers },
  preview: { host: '127.0.0.1', headers },
  plugins: [
    reading(),
    linkPreview(),
    offline(),
    {
      // Not while developing: the development server puts styles into the page itself.
      name: 'content-security-policy',
      apply: 'build',
      transformIndexHtml: (_, { filename }) => [
        {
          tag: 'meta',
          attrs: { 'http-equiv': 'Content-Security-Policy', content: policyOf(basename(filename)) },
          injectTo: 'head-prepend',
        },
      ],
    },
    {
      name: 'servers of private sync',
      configurePreviewServer: ({ middlewares }) => {
        middlewares.use((request, response, next) => {
          const type = syncFiles[request.url];
          if (syncFolder === undefined || type === undefined) return next();
          response.setHeader('Content-Type', type);
          response.setHeader('Cache-Control', 'no-store');
          createReadStream(join(syncFolder, basename(request.url)))
            .on('error', () => response.writeHead(404).end())
            .pipe(response);
        });
      },
    },
  ],
});
