package io.sotto;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What many users choose at present, for {@link Model#setTrend}.
 *
 * @param items each item once; items that are not named are chosen as the model expects
 * @param prior 0 to 0.9: how far the trend is believed before it has predicted a user; 0 ends the trend
 */
public record Trend(List<Entry> items, double prior) {
  /** No trend. */
  public static final Trend NONE = new Trend(List.of(), 0);

  /** In nats, in both directions. */
  private static final double MAX_LOG_RATIO = 31;

  /**
   * Keeps a copy of the list.
   *
   * @param items each item once
   * @param prior 0 to 0.9
   */
  public Trend {
    items = List.copyOf(items);
  }

  /** One item of a trend: how often it is chosen at present. */
  public sealed interface Entry {
    /**
     * Which item.
     *
     * @return its id
     */
    String itemId();
  }

  /**
   * How often an item is chosen, in comparison with what the model expects.
   *
   * @param itemId the item's id
   * @param logRatio the natural logarithm of how often it is chosen at present, divided by how often the model expects
   *     it
   */
  public record Ratio(String itemId, double logRatio) implements Entry {
    /**
     * Checks that there is an item.
     *
     * @param itemId the item's id
     * @param logRatio in nats
     */
    public Ratio {
      Objects.requireNonNull(itemId);
    }
  }

  /**
   * How often an item is chosen of which the model knows too little.
   *
   * @param itemId the item's id
   * @param logProbability the natural logarithm of the probability that it is chosen next
   */
  public record Probability(String itemId, double logProbability) implements Entry {
    /**
     * Checks that there is an item.
     *
     * @param itemId the item's id
     * @param logProbability in nats
     */
    public Probability {
      Objects.requireNonNull(itemId);
    }
  }

  /** The items' indices, ascending, with their logarithms of ratios. */
  Map<Integer, Float> logRatios(Model model) {
    Map<Integer, Float> ratios = new TreeMap<>();
    double[] expected = null;
    for (Entry entry : items) {
      int item = model.catalogue.require(entry.itemId());
      double ratio;
      if (entry instanceof Probability probability) {
        if (expected == null) expected = model.expectedLogProbabilities();
        ratio = probability.logProbability() - expected[item];
      } else {
        ratio = ((Ratio) entry).logRatio();
      }
      float limited = (float) Math.max(-MAX_LOG_RATIO, Math.min(MAX_LOG_RATIO, ratio));
      if (ratios.put(item, limited) != null) {
        throw new SottoException(ErrorCode.INVALID_ARGUMENT, "A trend names \"" + entry.itemId() + "\" twice.");
      }
    }
    return ratios;
  }
}
