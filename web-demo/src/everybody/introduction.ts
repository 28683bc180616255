import { type TemplateResult, html } from 'lit-html';
import { pictureOf } from '../view/product_card';
import { switchButton } from '../view/switch';
import { percent } from '../wording/record';
import type { Server, Servers } from './aggregation';
import { wantedShare } from './crowd';
import { deviceTab } from './device_tab';
import type { EverybodySession, Shown } from './session';
import type { Wish } from './wishes';

/** What this is, what the crowd is to want, and the buttons. */
export function introduction(session: EverybodySession, shown: Shown): TemplateResult {
  const { collecting, weeks, failure, trouble, cheating } = shown;
  const { servers } = session.aggregation;
  const isBusy = collecting !== undefined;
  return html`
    ${servers === undefined ? operatorIsPage() : operatorIsYou(servers)}
    <fieldset class="wishes" ?disabled=${isBusy}>
      <legend>This week, let the crowd want</legend>
      ${session.wishes.map((wish) => choice(session, wish, wish === shown.wish))}
      <p class="quiet">
        ${
          shown.wish.products.length === 0
            ? html`All of them choose as ever.`
            : html`${percent(wantedShare)} of the devices choose one of these, the others choose as ever.`
        }
      </p>
    </fieldset>
    <div class="aggregate-controls">
      ${
        isBusy
          ? html`<button class="collect" type="button" @click=${() => session.stop()}>Stop week ${collecting}</button>`
          : html`<button class="collect" type="button" ?disabled=${cheating} @click=${() => session.collect()}>
            Collect week ${weeks.length + 1}
          </button>`
      }
      ${servers === undefined ? ownDevice(session, shown) : deviceTabs(session)}
      ${
        weeks.length === 0 || isBusy || servers !== undefined
          ? ''
          : html`<button class="start-again" type="button" @click=${() => session.startAgain()}>Start again</button>`
      }
    </div>
    ${failure === undefined ? '' : html`<p class="aggregate-failure" role="alert">It failed: ${failure}</p>`}
    ${
      trouble === undefined
        ? ''
        : html`<p class="aggregate-failure" role="alert">
          The leader cannot be watched at present (${trouble}). Does <code>./sotto demo --sync</code> still run?
        </p>`
    }
  `;
}

function operatorIsPage(): TemplateResult {
  return html`<p class="single-operator">
    <b>Single operator: this page.</b> On the web, two operators who do not know each other’s data run the two sides. Here
    both are workers of this page. They run the servers’ own C++, as WebAssembly, and nothing leaves the page. The crowd is
    made up; its reports, the checks and the noise are real.
  </p>`;
}

function operatorIsYou(servers: Servers): TemplateResult {
  return html`
    <div class="single-operator">
      <p>
        <b>Single operator: you.</b> Two real servers run on this computer, each with a database of its own. On the web, two
        operators run them who do not know each other’s data. Here one person has both databases and could put them
        together. The crowd is made up; its reports, the checks and the noise are real.
      </p>
      <dl class="servers">
        ${server('The leader', servers.leader)}
        ${server('The helper', servers.helper)}
      </dl>
    </div>
  `;
}

function server(name: string, { url, database }: Server): TemplateResult {
  return html`<div>
    <dt>${name}</dt>
    <dd><a href="${url}/operator" target="_blank" rel="noreferrer">${url}</a> keeps <code>${database}</code></dd>
  </div>`;
}

function ownDevice(session: EverybodySession, { joins }: Shown): TemplateResult {
  const own = session.ownChoice;
  return html`
    ${switchButton('My device joins', joins, (on) => session.join(on))}
    <p class="quiet own-choice">
      ${
        joins
          ? own === undefined
            ? html`You have looked at nothing yet, so your device reports “nothing”, as devices now and then do.`
            : html`Your device reports your latest look: <b>${own.title}</b>.`
          : html`All ${session.aggregation.batchSize} devices are made up.`
      }
    </p>
  `;
}

function deviceTabs(session: EverybodySession): TemplateResult {
  return html`
    <button class="start-again" type="button" @click=${() => open(deviceTab(), '_blank', 'noopener')}>
      Open a device of your own
    </button>
    <p class="quiet own-choice">
      It is a new tab with a storage and a choice of its own. Its report counts here as soon as both servers have verified
      it. Made-up devices send what is then missing to ${session.aggregation.batchSize}.
    </p>
  `;
}

function choice(session: EverybodySession, wish: Wish, isChosen: boolean): TemplateResult {
  const [first] = wish.products;
  return html`
    <label class="wish">
      <input type="radio" name="wish" .checked=${isChosen} @change=${() => session.wishFor(wish)} />
      <span>${first === undefined ? '' : pictureOf(first.rawTitle)} ${wish.name}</span>
    </label>
  `;
}
