// The system's Firefox, over WebDriver BiDi; nothing is downloaded.
import playwright from 'playwright-core';

const executablePath = process.env.SOTTO_FIREFOX ?? '/usr/bin/firefox-esr';

export function launchFirefox() {
  return playwright._bidiFirefox.launch({ executablePath });
}
