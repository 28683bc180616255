import { Recommender, SottoError } from 'sotto';
import { modelAddress } from './model_address';
import { Shopper } from './shopper';
import { showColophon } from './view/colophon';
import { showDevicePanel } from './view/device_panel';
import { makeForgetDialog } from './view/forget_dialog';
import { showForYou } from './view/for_you';
import { showFailure, showWarning } from './view/notice';
import { showSearch } from './view/search';
import { showShop } from './view/shop';

const part = (id: string) => document.getElementById(id) as HTMLElement;

async function openShop(): Promise<void> {
  let shopper: Shopper | undefined;
  const recommender = await Recommender.open(modelAddress, {
    onWarning: showWarning,
    onForgotten: () => shopper?.refresh(),
  });
  shopper = new Shopper(recommender);
  const askToForget = makeForgetDialog(shopper, (error) => error instanceof SottoError && showWarning(error));
  showForYou(part('for-you'), part('for-you-start'), part('announcement'), shopper);
  showShop(part('shop'), shopper);
  showSearch(part('search'), shopper);
  showDevicePanel(part('device'), shopper, askToForget);
  showColophon(part('colophon'), recommender.modelInfo);
  document.documentElement.dataset.ready = '';
}

openShop().catch((error: unknown) => {
  console.error(error);
  showFailure(document.querySelector('main') as HTMLElement, error);
});
