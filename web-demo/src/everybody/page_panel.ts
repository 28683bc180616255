// The panel in the shop: both sides are workers of the page.
import type { Shopper } from '../shopper';
import { PageAggregation } from './page_aggregation';
import { showPanel } from './panel';
import { SlotTable } from './slots';

export function showPanelOfPage(body: HTMLElement, shopper: Shopper): void {
  const { recommender } = shopper;
  const ranking = recommender.popular(recommender.items);
  showPanel(body, shopper, new PageAggregation(SlotTable.byPopularity(ranking, recommender.temperature)));
}
