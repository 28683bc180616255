import { html, render } from 'lit-html';
import { countRequests } from '../request_count';
import type { Shopper } from '../shopper';
import { count, size } from '../wording/numbers';
import { pictureOf } from './product_card';

/** What this device keeps about the visitor, where, and how to be rid of it. */
export function showDevicePanel(aside: HTMLElement, shopper: Shopper, askToForget: () => void): void {
  let requests = 0;
  aside.replaceChildren();

  function update(): void {
    const { events, stateSize, trail } = shopper.visit;
    const { modelInfo, storedIn } = shopper.recommender;
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
            <dd data-testid="requests"><b>${count(requests, 'request')}</b></dd>
          </div>
          <div>
            <dt>The model</dt>
            <dd>${size(modelInfo.bytes)} for ${count(modelInfo.architecture.items, 'product')}</dd>
          </div>
        </dl>
        <h3>Your latest looks</h3>
        ${trail.length === 0
          ? html`<p class="quiet">Nothing yet. They stay here, on this device.</p>`
          : html`<ol class="trail">
              ${trail.map(({ rawTitle, title }) => html`<li title=${title}>${pictureOf(rawTitle)}<span class="visually-hidden">${title}</span></li>`)}
            </ol>`}
        <button class="forget" type="button" ?disabled=${events === 0} @click=${askToForget}>Forget me…</button>
      `,
      aside,
    );
  }

  shopper.onChange(update);
  countRequests((counted) => {
    requests = counted;
    update();
  });
}
