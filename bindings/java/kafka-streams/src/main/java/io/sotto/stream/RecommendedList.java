package io.sotto.stream;

import java.util.List;
import java.util.OptionalInt;

/**
 * A user's recommendations after some event.
 *
 * @param user the user's id
 * @param events how many of the user's events were folded
 * @param model the model's fingerprint, 16 hexadecimal digits
 * @param at the moment of the list, in seconds since 1970
 * @param items the items' ids, best first
 * @param crc32c of the exported state; empty where nobody asked for it, since it costs an export
 */
public record RecommendedList(
    String user, long events, String model, long at, List<String> items, OptionalInt crc32c) {
  /**
   * Writes the list as one JSON object, in UTF-8.
   *
   * @return the value of a record of the topic {@code recommendations}
   */
  public byte[] toJson() {
    return JsonFields.write(
        json -> {
          json.writeStringField("user", user);
          json.writeNumberField("events", events);
          json.writeStringField("model", model);
          json.writeNumberField("at", at);
          json.writeArrayFieldStart("items");
          for (String item : items) json.writeString(item);
          json.writeEndArray();
          if (crc32c.isPresent()) json.writeStringField("crc32c", String.format("%08x", crc32c.getAsInt()));
        });
  }
}
