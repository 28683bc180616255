import { Recommender, SottoError } from 'sotto';
import { catalogueOf } from './catalogue/catalogues';
import { keepForOffline } from './offline';
import { Shopper } from './shopper';
import { showCatalogues } from './view/catalogues';
import { showColophon } from './view/colophon';
import { showDevicePanel } from './view/device_panel';
import { makeForgetDialog } from './view/forget_dialog';
import { showEverybody } from './view/everybody';
import { showForYou } from './view/for_you';
import { showLearned } from './view/learned';
import { showFailure, showWarning } from './view/notice';
import { showSearch } from './view/search';
import { showShop } from './view/shop';
import { showUndo } from './view/undo_notice';

const part = (id: string) => document.getElementById(id) as HTMLElement;

async function openShop(): Promise<void> {
  const catalogue = catalogueOf(location.search);
  showCatalogues(part('catalogues'), catalogue);
  let shopper: Shopper | undefined;
  const recommender = await Recommender.open(catalogue.model, {
    user: catalogue.user,
    onWarning: showWarning,
    onCaughtUp: () => shopper?.refresh(),
    onForgotten: () => shopper?.refresh(),
  });
  shopper = new Shopper(recommender, catalogue);
  const askToForget = makeForgetDialog(shopper, (error) => error instanceof SottoError && showWarning(error));
  showForYou(part('for-you'), part('for-you-start'), part('announcement'), shopper);
  showLearned(part('learned'), shopper, askToForget);
  if (catalogue.hasTrend) showEverybody(part('everybody'), shopper);
  showUndo(shopper, part('for-you'));
  showShop(part('shop'), shopper);
  showSearch(part('search'), shopper);
  showColophon(part('colophon'), catalogue, recommender.modelInfo);
  await fontsOfShownText();
  showDevicePanel(part('device'), shopper, askToForget);
  document.documentElement.dataset.ready = '';
  keepForOffline();
}

/** Browsers ask for a font when text in it is laid out: in the next frame, not when it is put into the page. */
async function fontsOfShownText(): Promise<void> {
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  await document.fonts.ready;
}

openShop().catch((error: unknown) => {
  console.error(error);
  showFailure(document.querySelector('main') as HTMLElement, error);
});
