package io.sotto;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Item ids to indices and back, and the items' fields. */
final class Catalogue {
  /** Several categories of one item stand in one field, as in the items file (docs/data.md). */
  private static final String SEPARATOR = "\\|";

  private final List<String> ids;
  private final List<String> titles; // this one and the next three: null where the model has no such column
  private final List<String> fields;
  private final List<String> images;
  private final List<Double> prices;
  private final Map<String, Integer> indices;
  private final Map<String, int[]> byCategory;

  /** Columns in the order of the model's item indices; all but the first may be null. */
  Catalogue(List<String> ids, List<String> titles, List<String> categories, List<String> images, List<Double> prices) {
    this.ids = ids;
    this.titles = titles;
    this.fields = categories;
    this.images = images;
    this.prices = prices;
    this.indices = new HashMap<>(2 * ids.size());
    for (int index = 0; index < ids.size(); ++index) indices.put(ids.get(index), index);
    this.byCategory = itemsByCategory(categories == null ? List.of() : categories);
  }

  int size() {
    return ids.size();
  }

  List<String> ids() {
    return ids;
  }

  /** -1 where the model does not know the item; of equal ids the later one counts. */
  int indexOf(String id) {
    return indices.getOrDefault(id, -1);
  }

  /** The index of an item that must be there. */
  int require(String id) {
    int index = indexOf(id);
    if (index < 0) {
      throw new SottoException(
          ErrorCode.UNKNOWN_ITEM, "The model does not know the item \"" + id + "\": ask item(id) first.");
    }
    return index;
  }

  Item at(int index) {
    String id = ids.get(index);
    String title = titles == null ? "" : titles.get(index);
    Double price = prices == null ? null : prices.get(index);
    return new Item(
        id,
        title.isEmpty() ? id : title,
        known(fields, index),
        price == null ? OptionalDouble.empty() : OptionalDouble.of(price),
        known(images, index));
  }

  private static Optional<String> known(List<String> column, int index) {
    return column == null ? Optional.empty() : Optional.of(column.get(index)).filter(text -> !text.isEmpty());
  }

  /** Every item, made when it is read. */
  List<Item> all() {
    return new AbstractList<>() {
      @Override
      public Item get(int index) {
        return at(index);
      }

      @Override
      public int size() {
        return ids.size();
      }
    };
  }

  /** Every category that some item is in, in the order of their first appearance. */
  List<String> categories() {
    return List.copyOf(byCategory.keySet());
  }

  int[] inCategory(String category) {
    return byCategory.getOrDefault(category, Core.NO_ITEMS);
  }

  private static Map<String, int[]> itemsByCategory(List<String> column) {
    Map<String, List<Integer>> items = new LinkedHashMap<>();
    for (int index = 0; index < column.size(); ++index) {
      for (String category : column.get(index).split(SEPARATOR)) {
        if (category.isEmpty()) continue;
        List<Integer> others = items.computeIfAbsent(category, name -> new ArrayList<>());
        boolean isThere = !others.isEmpty() && others.get(others.size() - 1) == index;
        if (!isThere) others.add(index);
      }
    }
    Map<String, int[]> arrays = new LinkedHashMap<>();
    items.forEach((category, list) -> arrays.put(category, list.stream().mapToInt(Integer::intValue).toArray()));
    return arrays;
  }
}
