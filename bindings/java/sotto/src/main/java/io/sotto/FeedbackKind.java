package io.sotto;

import java.util.Locale;

/** What a user does with an item. {@code docs/personal.md} says what each kind teaches. */
public enum FeedbackKind {
  /** The item was shown. What is not chosen by the next event counts against it, where its weight is not 0. */
  IMPRESSION,
  /** The user chose or looked at the item: an event of the sequence. */
  CLICK,
  /** The user stayed with the item; the amount is seconds. */
  DWELL,
  /** An event, or a stronger lesson where the item is the visit's latest event. */
  CART,
  /** As {@link #CART}. */
  FAVOURITE,
  /** As {@link #CART}. */
  PURCHASE,
  /** The amount is -1 (bad) to 1 (good); from 0 on an event. */
  RATING,
  /** Not now: hides the item for a week. */
  DISMISS,
  /** Never again: hides the item until the user chooses it. */
  NOT_THIS;

  /**
   * The kind's name in every language, such as {@code not_this}.
   *
   * @return the name in lower case
   */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
