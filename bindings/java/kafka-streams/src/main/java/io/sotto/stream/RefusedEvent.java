package io.sotto.stream;

import java.util.Locale;

/** An event that cannot be folded. The user's state is as it was before. */
public final class RefusedEvent extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Why the event was refused. */
  private final Reason reason;

  /** Why an event is refused. */
  public enum Reason {
    /** The key is not a user's id. */
    BAD_KEY,
    /** The value is not an event of the schema. */
    BAD_RECORD,
    /** The current model does not have the item. */
    UNKNOWN_ITEM,
    /** The amount is outside the bounds of its kind. */
    BAD_AMOUNT;

    /**
     * The reason as it stands in headers and metrics, such as {@code unknown_item}.
     *
     * @return the name in lower case
     */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Makes the refusal of an event.
   *
   * @param reason why, for programs
   * @param detail why, as a sentence
   */
  public RefusedEvent(Reason reason, String detail) {
    super(detail, null, false, false); // refusals are frequent, and nobody reads where they come from
    this.reason = reason;
  }

  /**
   * Why the event was refused.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }
}
