package io.sotto;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What learning changed. A factor of 2 means twice as likely, one of 0.5 half as likely. Each list has the strongest
 * change first.
 *
 * @param moreItems items that learning made likelier
 * @param moreCategories categories that it made likelier: the geometric mean of their items' factors
 * @param fewerItems items that it made less likely
 * @param fewerCategories categories that it made less likely
 */
public record Learned(
    List<ItemChange> moreItems,
    List<CategoryChange> moreCategories,
    List<ItemChange> fewerItems,
    List<CategoryChange> fewerCategories) {
  /**
   * An item, and what learning did to it.
   *
   * @param item the item
   * @param factor by how much its probability was multiplied
   */
  public record ItemChange(Item item, double factor) {}

  /**
   * A category, and what learning did to it.
   *
   * @param category the category
   * @param factor the geometric mean of its items' factors
   */
  public record CategoryChange(String category, double factor) {}

  private record Change(String category, double log) {}

  /** The {@code k} strongest changes either way, from all items' scores without and with what was learned. */
  static Learned compare(Catalogue catalogue, int[] base, int[] personal, int k) {
    double[] changes = logChanges(base, personal);
    // Stable: of equal changes the lower index comes first.
    List<Integer> rising =
        IntStream.range(0, changes.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer item) -> -changes[item]))
            .toList();
    List<Change> categories =
        catalogue.categories().stream()
            .map(name -> new Change(name, mean(changes, catalogue.inCategory(name))))
            .sorted(Comparator.comparingDouble((Change change) -> -change.log))
            .toList();
    return new Learned(
        rising.stream()
            .limit(k)
            .filter(item -> changes[item] > 0)
            .map(item -> named(catalogue, item, changes))
            .toList(),
        categories.stream().filter(change -> change.log > 0).limit(k).map(Learned::named).toList(),
        reversed(rising).stream()
            .limit(k)
            .filter(item -> changes[item] < 0)
            .map(item -> named(catalogue, item, changes))
            .toList(),
        reversed(categories).stream().filter(change -> change.log < 0).limit(k).map(Learned::named).toList());
  }

  private static ItemChange named(Catalogue catalogue, int item, double[] changes) {
    return new ItemChange(catalogue.at(item), Math.exp(changes[item]));
  }

  private static CategoryChange named(Change change) {
    return new CategoryChange(change.category, Math.exp(change.log));
  }

  private static <Element> List<Element> reversed(List<Element> list) {
    return IntStream.rangeClosed(1, list.size()).mapToObj(place -> list.get(list.size() - place)).toList();
  }

  private static double mean(double[] changes, int[] items) {
    return Arrays.stream(items).mapToDouble(item -> changes[item]).average().orElse(0);
  }

  /** The logarithm of each item's probability with what was learned, less that without. */
  private static double[] logChanges(int[] base, int[] personal) {
    double shift = logOfSum(base) - logOfSum(personal);
    return IntStream.range(0, base.length)
        .mapToDouble(item -> Core.logitOf(personal[item] - (long) base[item]) + shift)
        .toArray();
  }

  private static double logOfSum(int[] scores) {
    long highest = Arrays.stream(scores).max().orElse(0);
    return Core.logitOf(highest)
        + Math.log(Arrays.stream(scores).mapToDouble(score -> Math.exp(Core.logitOf(score - highest))).sum());
  }
}
