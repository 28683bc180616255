package io.sotto.stream;

import io.sotto.FeedbackKind;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a user did with an item. A value that breaks a rule is refused with {@link RefusedEvent}, so that the rules hold
 * for events in every format.
 *
 * @param item the item's id, 1 to 1,024 bytes of UTF-8
 * @param kind what the user did
 * @param amount seconds of a dwell, -1 to 1 of a rating; without meaning for the other kinds
 * @param at seconds since 1970; empty: the time of the record
 * @param eventId names the event, so that a repeated one can be dropped: 1 to 64 visible ASCII characters
 */
public record StreamEvent(
    String item, FeedbackKind kind, double amount, OptionalLong at, Optional<String> eventId) {
  /** The latest and, negated, the earliest moment. */
  static final double MAX_SECONDS = 9_007_199_254_740_992.0; // 2^53

  static final int MAX_ITEM_BYTES = 1024;
  static final int MAX_EVENT_ID = 64;

  private static final double MAX_AMOUNT = 1e9;

  /**
   * Checks every field.
   *
   * @param item as in the record
   * @param kind as in the record
   * @param amount as in the record
   * @param at as in the record
   * @param eventId as in the record
   */
  public StreamEvent {
    int bytes = item.getBytes(StandardCharsets.UTF_8).length;
    if (bytes == 0 || bytes > MAX_ITEM_BYTES) {
      throw bad("The field id has 1 to " + MAX_ITEM_BYTES + " bytes, not " + bytes + ".");
    }
    if (at.isPresent() && Math.abs((double) at.getAsLong()) > MAX_SECONDS) {
      throw bad("The field at is a number of seconds from -2^53 to 2^53.");
    }
    if (eventId.isPresent() && !isEventId(eventId.get())) {
      throw bad("The field event_id has 1 to " + MAX_EVENT_ID + " visible ASCII characters.");
    }
    double most = kind == FeedbackKind.RATING ? 1 : MAX_AMOUNT;
    if (!(Math.abs(amount) <= most)) {
      throw new RefusedEvent(
          RefusedEvent.Reason.BAD_AMOUNT,
          "The amount of the kind " + kind.id() + " is a number from " + -most + " to " + most + ", not " + amount + ".");
    }
  }

  /** Whether the text can name an event. */
  static boolean isEventId(String text) {
    return !text.isEmpty() && text.length() <= MAX_EVENT_ID && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }

  private static RefusedEvent bad(String detail) {
    return new RefusedEvent(RefusedEvent.Reason.BAD_RECORD, detail);
  }
}
