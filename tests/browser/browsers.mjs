// The browsers that the tests of what is stored run in. SOTTO_BROWSER names the only one to run them in.
import { crashTab, launchChromium, launchKillableChromium } from './chromium.mjs';
import { firefoxIsMissing, launchFirefox, launchKillableFirefox } from './firefox.mjs';

export { insecureHost } from './insecure_host.mjs';

const only = process.env.SOTTO_BROWSER;
const isLeftOut = (name) => only !== undefined && only !== name && `SOTTO_BROWSER is ${only}`;

export const browsers = [
  {
    name: 'Chromium',
    launch: launchChromium,
    launchKillable: launchKillableChromium,
    killTab: crashTab,
    isMissing: isLeftOut('Chromium'),
  },
  {
    name: 'Firefox',
    launch: launchFirefox,
    launchKillable: launchKillableFirefox,
    killTab: (page) => page.close(), // It has no command that ends a tab's process.
    isMissing: isLeftOut('Firefox') || firefoxIsMissing,
  },
];
