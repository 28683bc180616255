// A tab that is one device, for the page of `./sotto demo --sync`.
import '../style/sync_page.css';
import { type TemplateResult, html, render } from 'lit-html';
import { Recommender } from 'sotto';
import type { SyncReason } from 'sotto/sync';
import { gifts } from '../catalogue/gifts';
import { modelAddress } from '../model_address';
import { changeSmoothly } from '../view/change_smoothly';
import { pictureOf } from '../view/product_card';
import { askForServers } from './demo_servers';
import { type DeviceShown, DeviceSession } from './device_session';
import { deviceNumber } from './device_tab';
import { offerList } from './offer_list';
import { showPageFailure } from './page_failure';

const shownOfWish = 2;

const reasons: Readonly<Record<SyncReason, string>> = {
  no_consent: 'Nothing was sent: you have not agreed.',
  metered: 'Nothing was sent: your browser saves data.',
  another_page: 'Another tab of this device is sending. Open a new device for another choice.',
  not_due: 'Nothing was sent: this device has reported, and its next report is not due.',
  batch_open: 'Nothing was sent: this device is in the open batch already, and a device is in a batch once.',
  limit_reached: 'Nothing was sent: this device has sent what it may send in 28 days.',
  clock_not_set: 'Nothing was sent: the clock of this computer is not set.',
  history_lost: 'Nothing was sent: the ledger of this device was damaged.',
  forgotten: 'Nothing was sent: the report was erased.',
  unreachable: 'The leader was not reached. The report is kept.',
  refused: 'The leader refused the report.',
};

function template(session: DeviceSession, shown: DeviceShown): TemplateResult {
  const { choice, reporting, outcome, failure } = shown;
  return html`
    <section class="aggregate-step">
      <h2><span class="step-number">1</span> Choose something</h2>
      <p>The choice stays on this device.</p>
      <div class="choices">
        ${session.wishes
          .flatMap(({ products }) => products.slice(0, shownOfWish))
          .map(
            (product) => html`
              <button type="button" aria-pressed=${product === choice} data-id=${product.id} @click=${() => session.choose(product)}>
                ${pictureOf(product.rawTitle)} <span>${product.title}</span>
              </button>
            `,
          )}
      </div>
    </section>
    <section class="aggregate-step">
      <h2><span class="step-number">2</span> Report it, if you agree</h2>
      <p>
        The report is one choice in two halves, each sealed for its server: random numbers to everybody who has only one. One
        time in eight it says “nothing” instead, and not even this page knows when.
      </p>
      <div class="aggregate-controls">
        <button class="collect" type="button" ?disabled=${choice === undefined || reporting} @click=${() => session.report()}>
          ${reporting ? 'Sending…' : 'I agree: report my choice'}
        </button>
      </div>
      <p role="status" data-testid="outcome">
        ${outcome === undefined ? '' : typeof outcome === 'number' ? html`<b>Sent: ${Math.round(outcome / 1000)} kB.</b>` : reasons[outcome]}
        ${ledgerInWords(shown)}
      </p>
      ${failure === undefined ? '' : html`<p class="aggregate-failure" role="alert">It failed: ${failure}</p>`}
    </section>
    <section class="aggregate-step">
      <h2><span class="step-number">3</span> What this device recommends</h2>
      <p data-testid="trend">${trendInWords(shown)}</p>
      ${shown.trouble === undefined ? '' : html`<p class="aggregate-failure" role="alert">No trend can be followed: ${shown.trouble}</p>`}
      <div class="new-device">
        <div class="expected" role="group" aria-labelledby="before-heading">
          <h3 id="before-heading">Without the trend</h3>
          ${offerList(session, shown.before)}
        </div>
        <div class="expected yours" role="group" aria-labelledby="now-heading">
          <h3 id="now-heading">With it</h3>
          ${offerList(session, shown.after, 'wanted by many this week')}
        </div>
      </div>
    </section>
  `;
}

function ledgerInWords({ ledger }: DeviceShown): TemplateResult | string {
  if (ledger === undefined || ledger.reports.total === 0) return '';
  const { due } = ledger;
  return html`The ledger of this device: ${ledger.reports.total === 1 ? 'one report' : `${ledger.reports.total} reports`},
    ε = ${ledger.epsilon.total.toFixed(2)} in all.
    ${due === undefined ? '' : html`The next one is due on ${due.toLocaleDateString('en-GB', { day: 'numeric', month: 'long' })}.`}`;
}

function trendInWords({ trendVersion, trendApplies }: DeviceShown): string {
  if (trendVersion === 0) return 'No trend is published yet. This device asks for it every few seconds.';
  if (!trendApplies) return `Trend ${trendVersion} is published, and not believed yet: it must predict a week first.`;
  return `This device follows trend ${trendVersion}, as far as it proves right here.`;
}

async function openPage(): Promise<void> {
  const [servers, recommender] = await Promise.all([askForServers(), Recommender.open(modelAddress)]);
  const number = deviceNumber();
  document.title = `Device ${number}`;
  (document.getElementById('device-name') as HTMLElement).textContent = `Device ${number}`;
  const session = new DeviceSession(recommender, gifts, servers);
  const main = document.getElementById('device-steps') as HTMLElement;
  main.replaceChildren();
  session.onChange((shown) => changeSmoothly(main, '.expected li', () => render(template(session, shown), main)));
  document.documentElement.dataset.ready = '';
  await session.followTrend();
}

openPage().catch(showPageFailure);
