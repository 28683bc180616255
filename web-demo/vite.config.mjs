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

const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

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
    ],
  },
  worker: { format: 'es' },
  optimizeDeps: { exclude: ['sotto'] },
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
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
      transformIndexHtml: () => [
        {
          tag: 'meta',
          attrs: { 'http-equiv': 'Content-Security-Policy', content: contentSecurityPolicy },
          injectTo: 'head-prepend',
        },
      ],
    },
  ],
});
