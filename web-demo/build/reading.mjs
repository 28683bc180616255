// Documents of the repository as pages beside the built page, which has no other place on the network to point at.
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import MarkdownIt from 'markdown-it';

const top = new URL('../../', import.meta.url);

/** By the name of their page. */
const documents = {
  README: 'README.md',
  javascript: 'docs/javascript.md',
  personal: 'docs/personal.md',
  privacy: 'docs/privacy.md',
  sync: 'docs/sync.md',
  numbers: 'docs/numbers.md',
  architecture: 'ARCHITECTURE.md',
  gifts: 'models/online-retail/README.md',
  films: 'models/movietweetings/README.md',
};

/** What the page does with a visit, from opening to words. */
const code = [
  'web-demo/src/main.ts',
  'web-demo/src/shopper.ts',
  'web-demo/src/learning.ts',
  'web-demo/src/wording/learned.ts',
  'web-demo/src/people.ts',
  'web-demo/src/catalogue/gifts.ts',
  'web-demo/src/catalogue/films.ts',
  'web-demo/src/offline.ts',
  'web-demo/build/offline_worker.js',
];

export function reading() {
  return {
    name: 'reading',
    apply: 'build',
    generateBundle() {
      for (const [name, path] of Object.entries(documents)) {
        this.emitFile({ type: 'asset', fileName: `read/${name}.html`, source: documentPage(path) });
      }
      this.emitFile({ type: 'asset', fileName: 'read/code.html', source: codePage() });
    },
  };
}

const markdown = new MarkdownIt();
const { escapeHtml } = markdown.utils;

/** Anchors as on forges, so that links within documents work. */
markdown.renderer.rules.heading_open = (tokens, index, options, _environment, self) => {
  const title = tokens[index + 1].content.replace(/[`*]/g, '');
  const anchor = title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
  tokens[index].attrSet('id', anchor);
  return self.renderToken(tokens, index, options);
};
markdown.renderer.rules.table_open = () => '<div class="table" tabindex="0" role="group" aria-label="Table"><table>';
markdown.renderer.rules.table_close = () => '</table></div>';

export function documentPage(path) {
  const text = read(path);
  const tokens = markdown.parse(text, {});
  for (const { children } of tokens) if (children) linkWithin(children, path);
  const title = /^# (.*)$/m.exec(text)?.[1] ?? path;
  // What is wider than the page is scrolled with the keyboard, too.
  const body = markdown.renderer.render(tokens, markdown.options, {}).replaceAll('<pre>', '<pre tabindex="0">');
  return page(title, body, path);
}

function codePage() {
  const files = code.map(
    (path) => `<h2>${escapeHtml(path)}</h2>\n<pre tabindex="0"><code>${escapeHtml(read(path))}</code></pre>`,
  );
  return page(
    'This page’s code',
    `<h1>This page’s code</h1><p>What runs when you look at something, as it is in the repository. The page is built from it, and imports the package <code>sotto</code> as any page would.</p>${files.join('\n')}`,
    'web-demo/src',
  );
}

/** Links to documents that have a page lead there; links to other files of the repository become plain text. */
function linkWithin(tokens, from) {
  const pages = new Map(Object.entries(documents).map(([name, path]) => [path, `${name}.html`]));
  let isPlain = false;
  for (const token of tokens) {
    if (token.type === 'link_open') {
      const href = token.attrGet('href') ?? '';
      if (/^(?:https?:|#)/.test(href)) continue;
      const [path, anchor] = href.split('#');
      const target = pages.get(posix.join(posix.dirname(from), path));
      isPlain = target === undefined;
      if (isPlain) token.hidden = true;
      else token.attrSet('href', anchor === undefined ? target : `${target}#${anchor}`);
    } else if (token.type === 'link_close' && isPlain) {
      token.hidden = true;
      isPlain = false;
    }
  }
}

function read(path) {
  return readFileSync(fileURLToPath(new URL(path, top)), 'utf8');
}

function page(title, body, path) {
  const links = Object.keys(documents).filter((name) => !['numbers', 'gifts', 'films'].includes(name));
  const nav = [...links, 'code'].map((name) => `<a href="./${name}.html">${name === 'README' ? 'Sotto' : name}</a>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:," />
<link rel="stylesheet" href="../reading.css" />
</head>
<body>
<nav aria-label="Documents"><a href="../">← The page</a> ${nav.join(' ')}</nav>
<main>
${body}
</main>
<footer>From <code>${escapeHtml(path)}</code> of the repository, as it was when this page was built.</footer>
</body>
</html>
`;
}
