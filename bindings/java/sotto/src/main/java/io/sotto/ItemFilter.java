package io.sotto;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which items may come. Everything given narrows it further; each method returns a new filter and leaves this one as it
 * is.
 */
public final class ItemFilter {
  private static final ItemFilter ALL = new ItemFilter(List.of(), null, List.of(), null);

  private final List<String> exclude;
  private final List<String> categories; // null: any
  private final List<String> notCategories;
  private final List<String> among; // null: any

  private ItemFilter(List<String> exclude, List<String> categories, List<String> notCategories, List<String> among) {
    this.exclude = exclude;
    this.categories = categories;
    this.notCategories = notCategories;
    this.among = among;
  }

  /**
   * Lets every item come.
   *
   * @return the filter to start from
   */
  public static ItemFilter all() {
    return ALL;
  }

  /**
   * Leaves items out.
   *
   * @param itemIds ids that must not come; those that the model does not know are ignored
   * @return this filter, with these items left out instead of those named before
   */
  public ItemFilter exclude(Collection<String> itemIds) {
    return new ItemFilter(List.copyOf(itemIds), categories, notCategories, among);
  }

  /**
   * Lets only items of some categories come.
   *
   * @param names an item comes that is in at least one of these
   * @return this filter with these categories
   */
  public ItemFilter categories(Collection<String> names) {
    return new ItemFilter(exclude, List.copyOf(names), notCategories, among);
  }

  /**
   * Leaves the items of some categories out.
   *
   * @param names an item does not come that is in any of these
   * @return this filter without these categories
   */
  public ItemFilter notCategories(Collection<String> names) {
    return new ItemFilter(exclude, categories, List.copyOf(names), among);
  }

  /**
   * Lets only given items come: what is in stock, what a search has found.
   *
   * @param itemIds ids that may come; those that the model does not know are ignored
   * @return this filter with these items
   */
  public ItemFilter among(Collection<String> itemIds) {
    return new ItemFilter(exclude, categories, notCategories, List.copyOf(itemIds));
  }

  /** The indices of the items that are named by {@code exclude}. */
  int[] excluded(Catalogue catalogue) {
    return exclude.isEmpty() ? Core.NO_ITEMS : known(exclude, catalogue);
  }

  /** A byte for each item of the catalogue, 1 where the other three let it come; null where all may. */
  byte[] allowed(Catalogue catalogue) {
    if (categories == null && among == null && notCategories.isEmpty()) return null;
    byte[] allowed = new byte[catalogue.size()];
    Arrays.fill(allowed, (byte) 1);
    if (categories != null) keepOnly(inCategories(categories, catalogue), allowed);
    if (among != null) keepOnly(known(among, catalogue), allowed);
    for (int item : inCategories(notCategories, catalogue)) allowed[item] = 0;
    return allowed;
  }

  /** The indices of all items that may come, ascending. */
  int[] items(Catalogue catalogue) {
    byte[] allowed = allowed(catalogue);
    int[] excluded = excluded(catalogue);
    Arrays.sort(excluded);
    return IntStream.range(0, catalogue.size())
        .filter(item -> (allowed == null || allowed[item] == 1) && Arrays.binarySearch(excluded, item) < 0)
        .toArray();
  }

  private static void keepOnly(int[] items, byte[] allowed) {
    byte[] before = allowed.clone();
    Arrays.fill(allowed, (byte) 0);
    for (int item : items) allowed[item] = before[item];
  }

  private static int[] inCategories(List<String> names, Catalogue catalogue) {
    return names.stream().flatMapToInt(name -> Arrays.stream(catalogue.inCategory(name))).toArray();
  }

  private static int[] known(List<String> itemIds, Catalogue catalogue) {
    return itemIds.stream().mapToInt(catalogue::indexOf).filter(index -> index >= 0).distinct().toArray();
  }
}
