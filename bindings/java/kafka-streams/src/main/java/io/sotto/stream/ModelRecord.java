package io.sotto.stream;

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
    JsonFields fields = JsonFields.read(utf8);
    String path = fields.text("path", MAX_PATH);
    String fingerprint = fields.text("fingerprint", 16);
    fields.refuseOthers();
    if (path == null || fingerprint == null) throw bad("The value has the fields path and fingerprint.");
    if (!fingerprint.matches("[0-9a-f]{16}")) throw bad("The field fingerprint has 16 hexadecimal digits.");
    return new ModelRecord(path, fingerprint);
  }

  /**
   * Writes the value of a record.
   *
   * @return the bytes that {@link #read} reads
   */
  public byte[] toJson() {
    return JsonFields.write(
        json -> {
          json.writeStringField("path", path);
          json.writeStringField("fingerprint", fingerprint);
        });
  }

  private static RefusedEvent bad(String detail) {
    return new RefusedEvent(RefusedEvent.Reason.BAD_RECORD, detail);
  }
}
