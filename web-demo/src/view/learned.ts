import { type TemplateResult, html, render } from 'lit-html';
import type { Expected, Learning } from '../learning';
import { type Regular, madeUpVisits } from '../people';
import type { Shopper, Visit } from '../shopper';
import { changeSmoothly, isCalm } from './change_smoothly';
import { productPicture } from './product_card';
import { switchButton } from './switch';
import { trustChart } from './trust_chart';
import { twoLists } from './two_lists';

/** Long enough to see what a visit has changed. */
const pauseMilliseconds = 700;

/** In a sentence what was learned; and, opened, how the visitor's list differs from everybody's, and with what success. */
export function showLearned(section: HTMLElement, shopper: Shopper, askToForget: () => void): void {
  let open = false;
  section.replaceChildren();

  function toggle(): void {
    open = !open;
    update(shopper.visit);
  }

  function play(regular: Regular): void {
    open = true;
    const pause = () => new Promise<void>((resolve) => setTimeout(resolve, isCalm() ? 0 : pauseMilliseconds));
    void shopper.play(madeUpVisits(regular, Date.now()), pause);
    // The button that was pressed has left.
    section.querySelector<HTMLElement>('.compare')?.focus({ preventScroll: true });
  }

  function update(visit: Visit): void {
    if (visit.events === 0) open = false;
    changeSmoothly(section, '.expected li', () => render(template(visit), section));
  }

  function template({ events, learning, madeUp }: Visit): TemplateResult {
    return html`
      <div class="learned-head">
        <h2 id="learned-heading">What this page has learned about you</h2>
        ${words(events, learning)}
        <div class="learned-controls">
          ${
            events === 0
              ? regulars(undefined)
              : html`
                ${switchButton('Learn from me', learning.on, (on) => shopper.learn(on))}
                <button class="compare" type="button" aria-expanded=${open} aria-controls="learned-body" @click=${toggle}>
                  Compare lists
                </button>
              `
          }
        </div>
      </div>
      <div class="learned-body" id="learned-body" ?hidden=${!open}>
        ${
          open
            ? html`
              ${
                madeUp
                  ? html`<div class="made-up">
                    <p>
                      It began with six weeks of somebody made up, who loves ${madeUp.interest}. What you look at now comes on top.
                      <button type="button" @click=${askToForget}>Forget them…</button>
                    </p>
                    ${regulars(madeUp)}
                  </div>`
                  : ''
              }
              ${twoLists(learning)} ${trustChart(learning)}
            `
            : ''
        }
      </div>
    `;
  }

  /** Who made up can come first, or can take the place of who did. */
  function regulars(present: Regular | undefined): TemplateResult | '' {
    const others = shopper.regulars.filter((regular) => regular.interest !== present?.interest);
    return others.length === 0
      ? ''
      : html`<div class="regulars" role="group" aria-labelledby="regulars-label">
          <span id="regulars-label">
            ${present === undefined ? 'Let somebody made up come first, who loves' : 'Or see somebody who loves'}
          </span>
          ${others.map(
            (regular) => html`
              <button class="play" type="button" @click=${() => play(regular)}>
                ${picture(regular)} <span>${regular.interest}</span>
              </button>
            `,
          )}
        </div>`;
  }

  /** Of what they look at first. */
  function picture({ looks }: Regular): TemplateResult | '' {
    const product = shopper.product(looks[0]?.[0]);
    return product === undefined ? '' : productPicture(product);
  }

  shopper.onChange(update);
}

function words(events: number, { on, words, everybodys, yours }: Learning): TemplateResult {
  if (on && words !== '') return html`<p class="learned-words" data-testid="learned-words">${words}</p>`;
  return html`<p data-testid="learned-words">${withoutWords(events, on, isSame(everybodys, yours))}</p>`;
}

function withoutWords(events: number, on: boolean, same: boolean): string {
  if (!on) return 'Switched off: you get everybody’s list. What was learned is kept.';
  if (events === 0) return 'Nothing yet. Look at a few things, and come back on other days.';
  return same
    ? 'Not much yet: you get what everybody gets. Coming back to things teaches most.'
    : 'A little: some things have changed places.';
}

function isSame(everybodys: readonly Expected[], yours: readonly Expected[]): boolean {
  return yours.every(({ product }, place) => product === everybodys[place]?.product);
}
