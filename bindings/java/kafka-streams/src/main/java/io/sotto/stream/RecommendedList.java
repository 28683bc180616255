package io.sotto.stream;

import java.nio.charset.StandardCharsets;
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
    StringBuilder json = new StringBuilder("{\"user\":");
    JsonText.append(json, user);
    json.append(",\"events\":").append(events);
    json.append(",\"model\":\"").append(model);
    json.append("\",\"at\":").append(at);
    json.append(",\"items\":[");
    for (int place = 0; place < items.size(); ++place) {
      if (place > 0) json.append(',');
      JsonText.append(json, items.get(place));
    }
    json.append(']');
    if (crc32c.isPresent()) json.append(String.format(",\"crc32c\":\"%08x\"", crc32c.getAsInt()));
    return json.append('}').toString().getBytes(StandardCharsets.UTF_8);
  }
}
