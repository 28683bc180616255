// The catalogue's categories and which items are in them.

/** Several categories of one item stand in one field, as in the items file (docs/data.md). */
const separator = '|';

/** Category → indices of its items, in the order of the categories' first appearance. */
export function itemsByCategory(column: readonly string[] = []): ReadonlyMap<string, readonly number[]> {
  const items = new Map<string, number[]>();
  column.forEach((field, index) => {
    for (const category of new Set(field.split(separator))) {
      if (category === '') continue;
      const others = items.get(category);
      if (others === undefined) items.set(category, [index]);
      else others.push(index);
    }
  });
  return items;
}
