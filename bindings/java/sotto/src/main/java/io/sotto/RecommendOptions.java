package io.sotto;

import java.time.Instant;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;

/**
 * What a ranking leaves out, how varied it is, and for which moment it is made. Each method returns new options and
 * leaves these as they are.
 *
 * <pre>{@code
 * recommender.recommend(10, RecommendOptions.defaults().exclude(seen).diversity(0.3));
 * }</pre>
 */
public final class RecommendOptions {
  private static final RecommendOptions DEFAULTS = new RecommendOptions(ItemFilter.all(), 0, false, null);

  private final ItemFilter filter;
  private final double diversity;
  private final boolean base;
  private final Instant at; // null: when the call is made

  private RecommendOptions(ItemFilter filter, double diversity, boolean base, Instant at) {
    this.filter = filter;
    this.diversity = diversity;
    this.base = base;
    this.at = at;
  }

  /**
   * Every item may come, ranked by score alone with what was learned, now.
   *
   * @return the options to start from
   */
  public static RecommendOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Limits which items may come.
   *
   * @param filter replaces what was set by this and the next four methods
   * @return these options with the filter
   */
  public RecommendOptions filter(ItemFilter filter) {
    return new RecommendOptions(Objects.requireNonNull(filter), diversity, base, at);
  }

  /**
   * As {@link ItemFilter#exclude}.
   *
   * @param itemIds ids that must not come
   * @return these options without the items
   */
  public RecommendOptions exclude(Collection<String> itemIds) {
    return filter(filter.exclude(itemIds));
  }

  /**
   * As {@link ItemFilter#categories}.
   *
   * @param names an item comes that is in at least one of these
   * @return these options with the categories
   */
  public RecommendOptions categories(Collection<String> names) {
    return filter(filter.categories(names));
  }

  /**
   * As {@link ItemFilter#notCategories}.
   *
   * @param names an item does not come that is in any of these
   * @return these options without the categories
   */
  public RecommendOptions notCategories(Collection<String> names) {
    return filter(filter.notCategories(names));
  }

  /**
   * As {@link ItemFilter#among}.
   *
   * @param itemIds ids that may come
   * @return these options with the items
   */
  public RecommendOptions among(Collection<String> itemIds) {
    return filter(filter.among(itemIds));
  }

  /**
   * Makes the list varied.
   *
   * @param diversity 0, the default, ranks by score alone; above it, up to 1, each next item is also unlike those
   *     before it
   * @return these options with the diversity
   * @throws SottoException {@link ErrorCode#INVALID_ARGUMENT} for a number outside 0 to 1
   */
  public RecommendOptions diversity(double diversity) {
    if (!(diversity >= 0 && diversity <= 1)) {
      throw new SottoException(
          ErrorCode.INVALID_ARGUMENT, "The option diversity takes a number from 0 to 1, not " + diversity + ".");
    }
    return new RecommendOptions(filter, diversity, base, at);
  }

  /**
   * Makes the list the model's own.
   *
   * @param base true: without what was learned from this user; false, the default: with it, as far as it is trusted
   * @return these options with the choice
   */
  public RecommendOptions base(boolean base) {
    return new RecommendOptions(filter, diversity, base, at);
  }

  /**
   * Sets the moment of the question, on which the list depends; replays need it.
   *
   * @param at the moment; by default the model's clock gives it
   * @return these options with the moment
   */
  public RecommendOptions at(Instant at) {
    return new RecommendOptions(filter, diversity, base, Objects.requireNonNull(at));
  }

  ItemFilter filter() {
    return filter;
  }

  /** 0 to the core's largest diversity. */
  int coreDiversity() {
    return (int) Math.round(diversity * Core.MAX_DIVERSITY);
  }

  boolean base() {
    return base;
  }

  Optional<Instant> at() {
    return Optional.ofNullable(at);
  }
}
