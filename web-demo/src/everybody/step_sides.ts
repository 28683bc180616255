import { type TemplateResult, html, render } from 'lit-html';
import type { EverybodySession, Shown } from './session';
import { paint, ringPoints, shadesOf, shadesTogether } from './share_picture';
import type { TwoViews } from './aggregation';

/** Step 2: what leader and helper see of one report, and what becomes of one that cheats. */
export function showSides(section: HTMLElement, session: EverybodySession): void {
  section.setAttribute('aria-labelledby', 'sides-heading');
  let painted: TwoViews | undefined;
  let isTogether = false;

  function update(shown: Shown): void {
    if (shown.views !== painted) isTogether = false;
    render(template(session, shown, isTogether, putTogether), section);
    if (shown.views !== painted || isTogether) paintViews(section, shown.views, isTogether);
    painted = shown.views;
  }

  function putTogether(): void {
    isTogether = true;
    update(session.shown);
  }

  session.onChange(update);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () =>
    paintViews(section, session.shown.views, isTogether),
  );
}

function paintViews(section: HTMLElement, views: TwoViews | undefined, isTogether: boolean): void {
  const [leader, helper, together] = section.querySelectorAll<HTMLCanvasElement>('.views canvas');
  const sealed = section.querySelector<HTMLCanvasElement>('.sealed canvas');
  if (views === undefined || !leader || !helper || !together) return;
  if (sealed && views.sealed) paint(sealed, shadesOf(views.sealed));
  paint(leader, shadesOf(views.leader));
  paint(helper, shadesOf(views.helper));
  if (!isTogether) return;
  const shades = shadesTogether(views.leader, views.helper);
  paint(together, shades);
  ringPoints(together, shades);
}

function template(
  session: EverybodySession,
  { views, viewsOwn, collecting, refusals, cheating }: Shown,
  isTogether: boolean,
  onTogether: () => void,
): TemplateResult {
  const whose = viewsOwn ? 'your report' : 'one report';
  return html`
    <h3 id="sides-heading"><span class="step-number">2</span> Each side sees noise</h3>
    <p>This is all that each side gets of ${whose}: a number for each of 4,096 slots, a point each.</p>
    <div class="views" ?data-empty=${views === undefined}>
      <figure>
        <canvas width="64" height="64" role="img" aria-label="The leader’s half: noise"></canvas>
        <figcaption>The <b>leader’s</b> half</figcaption>
      </figure>
      <span class="views-sign" aria-hidden="true">+</span>
      <figure>
        <canvas width="64" height="64" role="img" aria-label="The helper’s half: noise"></canvas>
        <figcaption>The <b>helper’s</b> half</figcaption>
      </figure>
      <span class="views-sign" aria-hidden="true">=</span>
      <figure ?data-covered=${!isTogether}>
        <canvas
          class="together"
          width="64"
          height="64"
          role="img"
          aria-label=${isTogether ? 'Both halves: one point, the choice' : 'Both halves, not put together'}
        ></canvas>
        ${
          isTogether || views === undefined
            ? ''
            : html`<button class="put-together" type="button" @click=${onTogether}>Put them together</button>`
        }
        <figcaption>${isTogether ? html`<b>the choice</b>: one point` : html`nobody may do this`}</figcaption>
      </figure>
    </div>
    ${views?.sealed === undefined ? '' : sealedReport(views.sealed)}
    <p class="quiet">
      ${
        isTogether
          ? 'This page may, because it made this report itself. On the web the sides belong to two operators, so that each can refuse.'
          : 'Leader and helper exchange the check of a proof, about 2 kB a report: that it holds one vote, and not which.'
      }
    </p>
    <div class="cheat">
      <button type="button" ?disabled=${cheating || collecting !== undefined} @click=${() => session.cheat()}>
        Try to cheat: vote twice in one report
      </button>
      <p role="status" data-testid="cheat">${cheatInWords(cheating, refusals)}</p>
    </div>
  `;
}

function sealedReport(sealed: Uint8Array): TemplateResult {
  const bytes = Array.from(sealed.slice(-12), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return html`
    <div class="sealed">
      <canvas width="64" height="64" role="img" aria-label="The sealed report: noise"></canvas>
      <p class="quiet">
        So it left its device, and so the leader’s database has it until it is counted:
        ${Math.round(sealed.length / 1000)} kB (… <code>${bytes}</code>). Each half is sealed with its receiver’s key: the
        leader cannot open the helper’s half, and hands it on as it is.
      </p>
    </div>
  `;
}

function cheatInWords(cheating: boolean, refusals: readonly string[] | undefined): TemplateResult | string {
  if (cheating) return 'Both sides verify an honest report and a false one…';
  const [refusal] = refusals ?? [];
  if (refusals === undefined) return '';
  if (refusal === undefined) return 'It was accepted. That must not happen: please report it.';
  return html`<b>Refused</b> by the proof (<code>${refusal}</code>), though nobody saw the votes. The honest
    report beside it was accepted.`;
}
