import { type TemplateResult, html } from 'lit-html';
import { pictureOf } from '../view/product_card';
import { switchButton } from '../view/switch';
import { wantedShare } from './crowd';
import { type EverybodySession, type Shown, batchSize } from './session';
import type { Wish } from './wishes';
import { percent } from '../wording/record';

/** What this is, what the crowd is to want, and the buttons. */
export function introduction(session: EverybodySession, shown: Shown): TemplateResult {
  const { collecting, weeks, joins, failure, cheating } = shown;
  const isBusy = collecting !== undefined;
  const own = session.ownChoice;
  return html`
    <p class="single-operator">
      <b>Single operator: this page.</b> On the web, two operators who do not know each other’s data run the two sides.
      Here both are workers of this page. They run the servers’ own C++, as WebAssembly, and nothing leaves the page. The
      crowd is made up; its reports, the checks and the noise are real.
    </p>
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
          ? html`<button class="collect" type="button" @click=${() => session.stop()}>Stop week ${collecting.week}</button>`
          : html`<button class="collect" type="button" ?disabled=${cheating} @click=${() => session.collect()}>
            Collect week ${weeks.length + 1}
          </button>`
      }
      ${switchButton('My device joins', joins, (on) => session.join(on))}
      <p class="quiet own-choice">
        ${
          joins
            ? own === undefined
              ? html`You have looked at nothing yet, so your device reports “nothing”, as devices now and then do.`
              : html`Your device reports your latest look: <b>${own.title}</b>.`
            : html`All ${batchSize} devices are made up.`
        }
      </p>
      ${
        weeks.length === 0 || isBusy
          ? ''
          : html`<button class="start-again" type="button" @click=${() => session.startAgain()}>Start again</button>`
      }
    </div>
    ${failure === undefined ? '' : html`<p class="aggregate-failure" role="alert">It failed: ${failure}</p>`}
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
