// The browsers that the tests of the package's entries run in.
import { launchChromium } from './chromium.mjs';
import { firefoxIsMissing, launchFirefox } from './firefox.mjs';

export const browsers = [
  { name: 'Chromium', launch: launchChromium, isMissing: false },
  { name: 'Firefox', launch: launchFirefox, isMissing: firefoxIsMissing },
];
