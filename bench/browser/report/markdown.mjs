// Tables for a terminal that are Markdown as well, to be put into README.md as they are.
const width = (text) => [...text].length;

export function markdownTable({ title, head, lines }) {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...lines].map((line) => width(line[column]))));
  const line = (cells) => `| ${cells.map((cell, i) => cell + ' '.repeat(widths[i] - width(cell))).join(' | ')} |`;
  return [`${title}\n`, line(head), line(widths.map((size) => '-'.repeat(size))), ...lines.map(line)].join('\n');
}
