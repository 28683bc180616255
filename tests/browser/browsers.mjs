// The browsers that the tests of what is stored run in.
import { launchChromium, launchKillableChromium } from './chromium.mjs';
import { firefoxIsMissing, launchFirefox, launchKillableFirefox } from './firefox.mjs';

export const browsers = [
  { name: 'Chromium', launch: launchChromium, launchKillable: launchKillableChromium, isMissing: false },
  { name: 'Firefox', launch: launchFirefox, launchKillable: launchKillableFirefox, isMissing: firefoxIsMissing },
];
