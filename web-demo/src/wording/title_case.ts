// The catalogue shouts; the shop does not: "WHITE HANGING HEART T-LIGHT HOLDER" → "White Hanging Heart T-Light Holder".

const small = new Set(['a', 'and', 'at', 'by', 'for', 'from', 'in', 'of', 'on', 'or', 'the', 'to', 'with']);
const initials = new Set(['bbq', 'cd', 'diy', 'i', 'led', 'uk', 'usb', 'tv']);

export function titleCase(text: string): string {
  const words = text.trim().toLowerCase().split(/\s+/);
  return words.map((word, place) => (place > 0 && small.has(word) ? word : capitalise(word))).join(' ');
}

function capitalise(word: string): string {
  if (initials.has(word)) return word.toUpperCase();
  // Also after hyphens, slashes and brackets; but not after the apostrophe of "50's".
  return word.replace(/(^|[-/(&.+])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase());
}
