// The page of react.test.mjs: components with sotto/react, what they do counted, and functions for the test to call.
import './before_react.js';
import { Component, createElement as h, StrictMode, useState } from 'react';
import { createRoot, hydrateRoot } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import * as refresh from 'react-refresh/runtime';
import { Recommender } from 'sotto';
import { useRecommendations, useRecommender } from 'sotto/react';
import { Recommender as InWorker } from 'sotto/worker';

const counted = { opened: 0, closed: 0, failed: [], complaints: [], lists: [], said: [] };

const open = Recommender.open;
Recommender.open = async (...args) => {
  ++counted.opened;
  try {
    const recommender = await open.apply(Recommender, args);
    const close = recommender.close;
    recommender.close = () => {
      ++counted.closed;
      return close.apply(recommender);
    };
    return recommender;
  } catch (error) {
    counted.failed.push(error.code);
    throw error;
  }
};
for (const level of ['error', 'warn']) {
  console[level] = (...args) => counted.complaints.push(args.join(' '));
}

function Shelf({ source, user, k = 5, word = '' }) {
  const { recommender, error, status } = useRecommender(source, { user, onProgress: () => counted.said.push(word) });
  const list = useRecommendations(recommender, k, { exclude: recommender?.history ?? [], notCategories: new Set() });
  const [renderings, setRenderings] = useState(0);
  globalThis.recommender = recommender;
  globalThis.renderAgain = () => setRenderings(renderings + 1);
  counted.lists.push(list);
  if (error) return h('p', { className: 'error' }, error.code);
  return h('ol', { className: status }, ...list.map(({ id }) => h('li', { key: id }, id)));
}

function OtherShelf({ source, user }) {
  const { recommender } = useRecommender(source, { user });
  return h('p', { className: 'count' }, useRecommendations(recommender, 3).length);
}

class Boundary extends Component {
  state = {};
  static getDerivedStateFromError = (error) => ({ error });

  render() {
    const { error } = this.state;
    return error ? h('p', { className: 'error' }, error.code) : this.props.children;
  }
}

/** Of the recommender that `openInWorker` opened. */
function ShelfOfWorker({ k = 5, exclude = [] }) {
  const list = useRecommendations(globalThis.inWorker, k, { exclude });
  counted.lists.push(list);
  return h('ol', null, ...list.map(({ id }) => h('li', { key: id }, id)));
}

const kinds = { other: OtherShelf, worker: ShelfOfWorker };

let root;
const place = () => document.querySelector('#root');
const tree = (shelves) =>
  h(
    StrictMode,
    null,
    shelves.map(({ key, kind, ...props }) => h(Boundary, { key }, h(kinds[kind] ?? Shelf, props))),
  );

Object.assign(globalThis, {
  counted,
  /** Renders shelves: one element for each description. */
  render(...shelves) {
    root ??= createRoot(place());
    root.render(tree(shelves));
  },
  unmount() {
    root.unmount();
    root = undefined;
  },
  onServer: (...shelves) => renderToString(tree(shelves)),
  hydrate(...shelves) {
    root = hydrateRoot(place(), tree(shelves));
  },
  async openInWorker(source) {
    const worker = new Worker('/package/worker_thread.js', { type: 'module' });
    globalThis.inWorker = await InWorker.open(source, { worker, store: 'memory' });
  },
  shown: () => Array.from(document.querySelectorAll('li'), ({ textContent }) => textContent),
  /** What Vite's Fast Refresh does when the file of a component has changed: `word` is in the new one. */
  hotReplace(word) {
    refresh.register((props) => Shelf({ ...props, word }), 'Shelf');
    return refresh.performReactRefresh() !== null;
  },
});
refresh.register(Shelf, 'Shelf');
