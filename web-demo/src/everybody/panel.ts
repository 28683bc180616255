// The panel "What everybody wants": four steps from one choice to the trend.
import '../style/everybody_panel.css';
import { render } from 'lit-html';
import type { Shopper } from '../shopper';
import { changeSmoothly } from '../view/change_smoothly';
import type { Aggregation } from './aggregation';
import { introduction } from './introduction';
import { EverybodySession } from './session';
import { showDevices } from './step_devices';
import { showRecommendations } from './step_recommendations';
import { showSides } from './step_sides';
import { showSum } from './step_sum';

/** `aggregation`: where the two sides are. */
export function showPanel(body: HTMLElement, shopper: Shopper, aggregation: Aggregation): void {
  const session = new EverybodySession(shopper, aggregation);
  body.replaceChildren();
  const part = (className: string, tag = 'section') => {
    const element = document.createElement(tag);
    element.className = className;
    body.append(element);
    return element;
  };
  const start = part('aggregate-start', 'div');
  const devices = part('aggregate-step step-devices');
  const sides = part('aggregate-step step-sides');
  const sum = part('aggregate-step step-sum');
  const recommendations = part('aggregate-step step-recommendations');
  const status = part('visually-hidden', 'p');
  status.setAttribute('role', 'status');

  session.onChange((shown) => {
    render(introduction(session, shown), start);
    changeSmoothly(recommendations, '.expected li', () => render(showRecommendations(session, shown), recommendations));
    render(showSum(session, shown), sum);
    status.textContent = spoken(shown.weeks.length, shown.collecting !== undefined, shown.failure);
  });
  showDevices(devices, session);
  showSides(sides, session);
  // What the visitor's device would report follows the visitor.
  shopper.onChange(() => render(introduction(session, session.shown), start));
}

function spoken(weeks: number, isCollecting: boolean, failure: string | undefined): string {
  if (failure !== undefined) return `It failed: ${failure}`;
  if (isCollecting) return `Reports of week ${weeks + 1} come in.`;
  return weeks === 0 ? '' : `Week ${weeks} is published.`;
}
