// Each device's tab has an origin of its own, and so a storage and a ledger of its own: browsers take every name under
// "localhost" to this computer.

/** The servers take reports from pages of so many devices (cmake/setup/sync_demo.sh). */
const maxDevices = 24;
const counter = 'devices opened';

/** The address of the next device. After the last one the first comes again. */
export function deviceTab(): string {
  const opened = Number(localStorage.getItem(counter) ?? 0);
  localStorage.setItem(counter, String(opened + 1));
  const address = new URL('./device.html', location.href);
  address.hostname = `device-${(opened % maxDevices) + 1}.localhost`;
  return address.href;
}

/** The number of the device that this page is. */
export function deviceNumber(): string {
  return /^device-(\d+)\./.exec(location.hostname)?.[1] ?? '';
}
