// The page of `./sotto demo --sync`: the panel "What everybody wants", with two servers as its sides.
import '../style/sync_page.css';
import { Recommender, memoryStore } from 'sotto';
import { gifts } from '../catalogue/gifts';
import { modelAddress } from '../model_address';
import { Shopper } from '../shopper';
import { askForOperatorKey, askForServers } from './demo_servers';
import { showPageFailure } from './page_failure';
import { showPanel } from './panel';
import { ServerAggregation } from './server_aggregation';

async function openPage(): Promise<void> {
  const [servers, operatorKey, recommender] = await Promise.all([
    askForServers(),
    askForOperatorKey(),
    Recommender.open(modelAddress, { store: memoryStore() }),
  ]);
  const aggregation = await ServerAggregation.open(servers, operatorKey, recommender);
  showPanel(document.getElementById('panel') as HTMLElement, new Shopper(recommender, gifts), aggregation);
  document.documentElement.dataset.ready = '';
}

openPage().catch(showPageFailure);
