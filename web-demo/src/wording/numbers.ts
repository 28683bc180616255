const whole = new Intl.NumberFormat('en-GB');

export function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${whole.format(number)} ${number === 1 ? singular : plural}`;
}

/** Making a formatter takes far longer than formatting, and the catalogue has thousands of prices. */
const currencies = new Map<string, Intl.NumberFormat>();

function currencyFormat(currency: string): Intl.NumberFormat {
  let format = currencies.get(currency);
  if (format === undefined) {
    format = new Intl.NumberFormat('en-GB', { style: 'currency', currency });
    currencies.set(currency, format);
  }
  return format;
}

export function price(amount: number | undefined, currency: string): string {
  if (amount === undefined) return '';
  if (currency === '') return amount.toFixed(2);
  return currencyFormat(currency).format(amount);
}

export function size(bytes: number): string {
  return bytes < 10_000 ? count(bytes, 'byte') : `${whole.format(Math.round(bytes / 1000))} kB`;
}

/** A measured time, as exactly as this browser's clock lets it be known. */
export function milliseconds(time: number): string {
  const clockStep = crossOriginIsolated ? 0.005 : 0.1;
  if (time < clockStep) return `under ${clockStep === 0.1 ? '0.1' : '0.01'} ms`;
  return `${time < 1 ? time.toFixed(clockStep === 0.1 ? 1 : 2) : time.toFixed(1)} ms`;
}
