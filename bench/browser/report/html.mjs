// One self-contained page: the goals, bars for the times, then the other tables.
import { timedRows } from '../rows.mjs';
import { style } from './style.mjs';
import { milliseconds } from './tables.mjs';

const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const text = (value) => String(value).replace(/[&<>"]/g, (character) => escapes[character]);

/** Widths are shares of the drawing's, so that it takes any width without distorting anything. */
function bar(cell, longest) {
  const share = (value) => `${((100 * Math.min(value, longest)) / longest).toFixed(2)}%`;
  const label = `${cell.contender.title}: ${milliseconds(cell.p50)} ms, p99 ${milliseconds(cell.p99)} ms`;
  const colour = cell.contender.isSotto ? 'ours' : 'theirs';
  const rectangle = `<rect class="${colour}" y="3" height="14" rx="2" width="${share(cell.p50)}"/>`;
  return `<span>${text(cell.contender.title)}</span>
<svg role="img" height="20"><title>${text(label)}</title>${rectangle}</svg>
<span class="number">${milliseconds(cell.p50)} <span class="quiet">/ ${milliseconds(cell.p99)}</span></span>`;
}

function bars(environment, row, cells) {
  const own = cells.filter((cell) => cell.environment === environment && cell.row === row.name);
  if (own.length === 0) return '';
  const longest = Math.max(...own.map(({ p50 }) => p50));
  const sorted = own.toSorted((a, b) => a.p50 - b.p50);
  const caption = `${text(row.title)} <span class="quiet">${environment}</span>`;
  return `<figure><figcaption>${caption}</figcaption>
<div class="bars">${sorted.map((cell) => bar(cell, longest)).join('\n')}</div></figure>`;
}

function table({ title, head, lines }) {
  const cell = (value) => `<td>${text(value)}</td>`;
  const line = ([name, ...values]) => `<tr><th scope="row">${text(name)}</th>${values.map(cell).join('')}</tr>`;
  return `<h2>${text(title)}</h2><div class="scroll" tabindex="0"><table>
<thead><tr>${head.map((name) => `<th scope="col">${text(name)}</th>`).join('')}</tr></thead>
<tbody>${lines.map(line).join('\n')}</tbody></table></div>`;
}

function aboutMachine({ date, processor, cores, chromium, node, loads, rounds, packages }) {
  const load = `${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}`;
  const versions = Object.entries(packages).map(([name, version]) => `${name} ${version}`);
  const measured = `${date}, ${processor}, ${cores} cores, load ${load}, rounds: ${rounds}`;
  return `${measured}; Chromium ${chromium}, Node ${node}; ${versions.join(', ')}.`;
}

export function htmlPage({ cells }, { tables, notes }, machine) {
  const environments = [...new Set(cells.map(({ environment }) => environment))];
  const beside = (row) => {
    const figures = environments.map((environment) => bars(environment, row, cells));
    return `<div class="beside">${figures.join('\n')}</div>`;
  };
  const [goals, ...others] = tables.map(table);
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Sotto and its peers in the browser</title>
<style>${style}</style>
<main>
<h1>Sotto and its peers in the browser</h1>
<p>Embedding 10,000 × 16 → LSTM 128 → LSTM 128 → Dense 10,000; the same weights everywhere, batch 1, one thread.</p>
<p class="quiet">${text(aboutMachine(machine))}</p>
${goals}
<h2>Times, ms: p50 / p99</h2>
${timedRows.map(beside).join('\n')}
${others.join('\n')}
<h2>What could not be measured</h2>
<ul>${(notes.length > 0 ? notes : ['Nothing.']).map((note) => `<li>${text(note)}</li>`).join('\n')}</ul>
</main></html>
`;
}
