// The system's Firefox, over WebDriver BiDi; nothing is downloaded.
import { existsSync } from 'node:fs';
import playwright from 'playwright-core';

const executablePath =
  process.env.SOTTO_FIREFOX ?? ['/usr/bin/firefox-esr', '/usr/bin/firefox'].find((path) => existsSync(path));

/** Why tests in Firefox are skipped, or false. */
export const firefoxIsMissing =
  executablePath === undefined && 'there is no Firefox: install firefox-esr, or set SOTTO_FIREFOX to its program';

export function launchFirefox() {
  return playwright._bidiFirefox.launch({ executablePath });
}
