package io.sotto;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Which items of an earlier version of a model are which of a later one: what {@link Recommender#carryOver} needs. It
 * is made once for two versions, and serves all users.
 */
public final class ItemMapping {
  final String earlier;
  final String later;
  final int[] pairs;

  private ItemMapping(String earlier, String later, int[] pairs) {
    this.earlier = earlier;
    this.later = later;
    this.pairs = pairs;
  }

  /**
   * Maps the items of two open models by their ids.
   *
   * @param earlier the version that the states are of
   * @param later the version that they are to be carried over to
   * @return the mapping
   */
  public static ItemMapping between(Model earlier, Model later) {
    return of(earlier.info().fingerprint(), earlier.itemIds(), later);
  }

  /**
   * Maps the items of a model that need not be open any more, by what was kept of it.
   *
   * @param earlierFingerprint the {@link ModelInfo#fingerprint} of the version that the states are of
   * @param earlierItemIds that version's {@link Model#itemIds}
   * @param later the version that they are to be carried over to
   * @return the mapping
   */
  public static ItemMapping of(String earlierFingerprint, List<String> earlierItemIds, Model later) {
    int[] pairs =
        IntStream.range(0, earlierItemIds.size())
            .filter(theirs -> later.catalogue.indexOf(earlierItemIds.get(theirs)) >= 0)
            .flatMap(theirs -> IntStream.of(theirs, later.catalogue.indexOf(earlierItemIds.get(theirs))))
            .toArray();
    return new ItemMapping(earlierFingerprint, later.info().fingerprint(), pairs);
  }

  /**
   * How many items both versions have.
   *
   * @return 0 for models that have nothing to do with each other
   */
  public int items() {
    return pairs.length / 2;
  }
}
