package io.sotto.stream;

import io.sotto.FeedbackKind;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A folded event as it is stored until the next snapshot. Big-endian: a byte 1 (the version), the number, the model's
 * fingerprint, the time (8 bytes each), the kind (1 byte), the amount (a float), the event id (its length in 1 byte,
 * ASCII), and the item's id in UTF-8.
 *
 * @param number 1 for the user's first event
 * @param model the fingerprint of the model that folded it, 16 hexadecimal digits
 * @param item the item's id
 * @param kind what the user did
 * @param amount as the engine took it
 * @param at seconds since 1970
 * @param eventId the event's name
 */
public record LoggedEvent(
    long number, String model, String item, FeedbackKind kind, float amount, long at, Optional<String> eventId) {
  private static final byte VERSION = 1;
  private static final FeedbackKind[] KINDS = FeedbackKind.values();

  /**
   * Writes the event for a store.
   *
   * @return the bytes that {@link #decode} reads
   */
  public byte[] encode() {
    byte[] id = eventId.orElse("").getBytes(StandardCharsets.US_ASCII);
    byte[] itemBytes = item.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(1 + 8 + 8 + 8 + 1 + 4 + 1 + id.length + itemBytes.length)
        .put(VERSION)
        .putLong(number)
        .putLong(Long.parseUnsignedLong(model, 16))
        .putLong(at)
        .put((byte) kind.ordinal())
        .putFloat(amount)
        .put((byte) id.length)
        .put(id)
        .put(itemBytes)
        .array();
  }

  /**
   * Reads a stored event.
   *
   * @param stored what {@link #encode} gave
   * @return the event
   * @throws DamagedState for other bytes
   */
  public static LoggedEvent decode(byte[] stored) {
    ByteBuffer bytes = ByteBuffer.wrap(stored);
    try {
      byte version = bytes.get();
      if (version != VERSION) throw new DamagedState("A logged event has version " + version + ", which is not known here.");
      long number = bytes.getLong();
      String model = String.format("%016x", bytes.getLong());
      long at = bytes.getLong();
      int kind = bytes.get();
      if (kind < 0 || kind >= KINDS.length) throw new DamagedState("A logged event is of the unknown kind " + kind + ".");
      float amount = bytes.getFloat();
      String id = Snapshot.ascii(bytes, Byte.toUnsignedInt(bytes.get()));
      byte[] item = new byte[bytes.remaining()];
      bytes.get(item);
      return new LoggedEvent(
          number,
          model,
          new String(item, StandardCharsets.UTF_8),
          KINDS[kind],
          amount,
          at,
          id.isEmpty() ? Optional.empty() : Optional.of(id));
    } catch (BufferUnderflowException e) {
      throw new DamagedState("A logged event is incomplete.");
    }
  }
}
