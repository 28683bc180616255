package io.sotto.stream;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A version of the model, as the topic {@code models} names it.
 *
 * @param path the model file's path on every worker, or an address that begins with {@code http:} or {@code https:}
 * @param fingerprint the version, 16 hexadecimal digits
 */
public record ModelRecord(String path, String fingerprint) {
  private static final int MAX_PATH = 4096; // bytes

  /**
   * Reads the value of a record: {@code {"path": …, "fingerprint": …}}.
   *
   * @param utf8 the bytes
   * @return the version
   * @throws RefusedEvent for other bytes
   */
  public static ModelRecord read(byte[] utf8) {
    Map<String, Object> fields = FlatJson.read(utf8);
    String path = FlatJson.text(fields, "path", MAX_PATH);
    String fingerprint = FlatJson.text(fields, "fingerprint", 16);
    if (path == null || fingerprint == null || !fields.isEmpty()) {
      throw bad("The value has the fields path and fingerprint, and no others.");
    }
    if (!fingerprint.matches("[0-9a-f]{16}")) throw bad("The field fingerprint has 16 hexadecimal digits.");
    return new ModelRecord(path, fingerprint);
  }

  /**
   * Writes the value of a record.
   *
   * @return the bytes that {@link #read} reads
   */
  public byte[] toJson() {
    StringBuilder json = new StringBuilder("{\"path\":");
    JsonText.append(json, path);
    return json.append(",\"fingerprint\":\"").append(fingerprint).append("\"}").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static RefusedEvent bad(String detail) {
    return new RefusedEvent(RefusedEvent.Reason.BAD_RECORD, detail);
  }
}
