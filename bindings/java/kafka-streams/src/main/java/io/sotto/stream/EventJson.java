package io.sotto.stream;

import io.sotto.FeedbackKind;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Events as JSON: one object with the fields {@code id}, {@code kind}, {@code amount}, {@code at}, {@code event_id} and
 * {@code recommendation_id}. {@code docs/stream.md} describes them. All values are texts or numbers, so that nothing
 * nests, and whatever else an object contains is refused.
 */
public final class EventJson {
  private static final int MAX_RECOMMENDATION_ID = 4096; // bytes
  private static final Map<String, FeedbackKind> KINDS = new HashMap<>();

  static {
    for (FeedbackKind kind : FeedbackKind.values()) KINDS.put(kind.id(), kind);
  }

  private EventJson() {}

  /**
   * Reads an event.
   *
   * @param utf8 the bytes; may be null
   * @return the event
   * @throws RefusedEvent for bytes that are not an event
   */
  public static StreamEvent read(byte[] utf8) {
    if (utf8 == null) throw bad("The record has no value. The value is an event as JSON.");
    return event(JsonFields.read(utf8));
  }

  /**
   * Writes an event.
   *
   * @param event the event
   * @return the bytes that {@link #read} reads
   */
  public static byte[] write(StreamEvent event) {
    return JsonFields.write(
        json -> {
          json.writeStringField("id", event.item());
          json.writeStringField("kind", event.kind().id());
          if (event.amount() != 0) json.writeNumberField("amount", event.amount());
          if (event.at().isPresent()) json.writeNumberField("at", event.at().getAsLong());
          if (event.eventId().isPresent()) json.writeStringField("event_id", event.eventId().get());
        });
  }

  private static StreamEvent event(JsonFields fields) {
    String item = fields.text("id", StreamEvent.MAX_ITEM_BYTES);
    if (item == null) throw bad("The field id is missing.");
    String kindName = fields.text("kind", StreamEvent.MAX_ITEM_BYTES);
    FeedbackKind kind = kindName == null ? FeedbackKind.CLICK : KINDS.get(kindName);
    if (kind == null) throw bad("The field kind is one of " + String.join(", ", kindNames()) + ".");
    Double at = fields.number("at");
    if (at != null && !(Math.abs(at) <= StreamEvent.MAX_SECONDS)) {
      throw bad("The field at is a number of seconds from -2^53 to 2^53.");
    }
    Double amount = fields.number("amount");
    String eventId = fields.text("event_id", StreamEvent.MAX_EVENT_ID);
    fields.text("recommendation_id", MAX_RECOMMENDATION_ID); // checked; the fold has no use for it
    fields.refuseOthers();
    return new StreamEvent(
        item,
        kind,
        amount == null ? 0 : amount,
        at == null ? OptionalLong.empty() : OptionalLong.of((long) Math.floor(at)),
        Optional.ofNullable(eventId));
  }

  private static String[] kindNames() {
    FeedbackKind[] kinds = FeedbackKind.values();
    String[] names = new String[kinds.length];
    for (int place = 0; place < kinds.length; ++place) names[place] = kinds[place].id();
    return names;
  }

  private static RefusedEvent bad(String detail) {
    return new RefusedEvent(RefusedEvent.Reason.BAD_RECORD, detail);
  }
}
