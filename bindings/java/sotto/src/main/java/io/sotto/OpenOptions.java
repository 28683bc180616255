package io.sotto;

import java.time.Clock;
import java.util.Map;
import java.util.Objects;

/** How a model is opened. Each method returns new options and leaves these as they are. */
public final class OpenOptions {
  private static final OpenOptions DEFAULTS = new OpenOptions(false, Clock.systemUTC(), Map.of());

  private final boolean sketch;
  private final Clock clock;
  private final Map<FeedbackKind, Double> weights;

  private OpenOptions(boolean sketch, Clock clock, Map<FeedbackKind, Double> weights) {
    this.sketch = sketch;
    this.clock = clock;
    this.weights = weights;
  }

  /**
   * No sketch, the system's clock, and the weights of {@code docs/javascript.md}.
   *
   * @return the options to start from
   */
  public static OpenOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Searches large catalogues by a sketch of the model's head instead of scoring every item: the same results in less
   * time. Opening then takes longer, and the sketch takes half a byte for each weight of the head.
   *
   * @param sketch whether to make the sketch; by default false
   * @return these options with the choice
   */
  public OpenOptions sketch(boolean sketch) {
    return new OpenOptions(sketch, clock, weights);
  }

  /**
   * Sets where the time of calls comes from that are given none.
   *
   * @param clock by default the system's
   * @return these options with the clock
   */
  public OpenOptions clock(Clock clock) {
    return new OpenOptions(sketch, Objects.requireNonNull(clock), weights);
  }

  /**
   * Sets how much each kind of feedback teaches; a click is 1.
   *
   * @param weights 0 to 10 for some kinds; by default 0 for an impression, 0.5 for a dismissal and for a stay of a
   *     minute or more, 1 for everything else
   * @return these options with the weights
   */
  public OpenOptions weights(Map<FeedbackKind, Double> weights) {
    return new OpenOptions(sketch, clock, Map.copyOf(weights));
  }

  boolean sketch() {
    return sketch;
  }

  Clock clock() {
    return clock;
  }

  Map<FeedbackKind, Double> weights() {
    return weights;
  }
}
