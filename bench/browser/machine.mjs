// What was measured on, and which versions.
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { here } from './places.mjs';

export const loadNow = () => loadavg()[0];

export function describeMachine(browser) {
  const { dependencies } = JSON.parse(readFileSync(here('package.json'), 'utf8'));
  return {
    date: new Date().toISOString().slice(0, 10),
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    chromium: browser.version(),
    node: process.version,
    packages: dependencies,
  };
}
