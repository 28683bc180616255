import { html, render } from 'lit-html';
import { isKeptForOffline } from '../offline';
import type { Product } from '../product';
import { type Requests, countRequests } from '../request_count';
import { saveFile } from '../save_file';
import type { Shopper } from '../shopper';
import { count, size } from '../wording/numbers';
import { productPicture } from './product_card';

/** What this device keeps about the visitor, where, and how to be rid of it. */
export function showDevicePanel(aside: HTMLElement, shopper: Shopper, askToForget: () => void): void {
  let requests: Requests = { sent: 0, files: 0, bytes: 0 };
  let worksOffline = false;
  aside.replaceChildren();

  function update(): void {
    const { events, stateSize, trail, hidden } = shopper.visit;
    const isEmpty = events === 0 && hidden.length === 0;
    const { modelInfo, storedIn } = shopper.recommender;
    const { thing, things } = shopper.catalogue;
    render(
      html`
        <h2 id="device-heading">What this device keeps</h2>
        <dl>
          <div>
            <dt>About you</dt>
            <dd data-testid="about-you">
              ${events === 0 ? 'nothing yet' : html`<b>${size(stateSize)}</b> after ${count(events, 'look')}`}
            </dd>
          </div>
          <div>
            <dt>Kept in</dt>
            <dd>${storedIn}</dd>
          </div>
          <div>
            <dt>Sent since the page was ready</dt>
            <dd data-testid="requests"><b>${count(requests.sent, 'request')}</b></dd>
          </div>
          ${
            requests.files === 0
              ? ''
              : html`<div>
                <dt>Downloaded since then</dt>
                <dd data-testid="downloads">${count(requests.files, 'file')} of this page, ${size(requests.bytes)}</dd>
              </div>`
          }
          <div>
            <dt>Without a network</dt>
            <dd data-testid="offline">${worksOffline ? html`<b>works</b>, from its files kept here` : 'not yet'}</dd>
          </div>
          <div>
            <dt>The model</dt>
            <dd>${size(modelInfo.bytes)} for ${count(modelInfo.architecture.items, thing, things)}</dd>
          </div>
        </dl>
        <h3>Your latest looks</h3>
        ${
          trail.length === 0
            ? html`<p class="quiet">Nothing yet. They stay here, on this device.</p>`
            : html`<ol class="trail">
              ${trail.map((product) => html`<li title=${product.title}>${productPicture(product)}<span class="visually-hidden">${product.title}</span></li>`)}
            </ol>`
        }
        ${
          hidden.length === 0
            ? ''
            : html`<h3>Not for you</h3>
              <ul class="hidden-products">
                ${hidden.map(
                  (product) => html`
                    <li>
                      ${productPicture(product)} <span>${product.title}</span>
                      <button type="button" aria-label="Show ${product.title} again" @click=${() => showAgain(product)}>
                        show again
                      </button>
                    </li>
                  `,
                )}
              </ul>`
        }
        <button class="save" type="button" ?disabled=${isEmpty} @click=${save}>Save it all as JSON</button>
        <button class="forget" type="button" ?disabled=${isEmpty} @click=${askToForget}>Forget me…</button>
      `,
      aside,
    );
  }

  function showAgain(product: Product): void {
    shopper.showAgain(product);
    aside.focus({ preventScroll: true });
  }

  /** For people: to read, and to take elsewhere. */
  function save(): void {
    saveFile('what-this-device-knows.json', JSON.stringify(shopper.recommender.exportReadable(), undefined, 2));
  }

  shopper.onChange(update);
  void isKeptForOffline().then((isKept) => {
    worksOffline = isKept;
    update();
  });
  countRequests((counted) => {
    requests = counted;
    update();
  });
}
