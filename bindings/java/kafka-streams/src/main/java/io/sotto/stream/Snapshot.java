package io.sotto.stream;

import io.sotto.UserState;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A user after some number of events, as it is stored. Big-endian: a byte 1 (the version), the number of events and
 * the latest time (8 bytes each), the number of event ids (1 byte), each id (its length in 1 byte, ASCII), and the
 * engine's state.
 *
 * @param events how many events were folded
 * @param latest the latest moment of these events, in seconds since 1970
 * @param eventIds the latest event ids, oldest first
 * @param state the engine's state, which names the version of the model
 */
public record Snapshot(long events, long latest, List<String> eventIds, UserState state) {
  private static final byte VERSION = 1;

  /**
   * Writes the snapshot for a store.
   *
   * @return the bytes that {@link #decode} reads
   */
  public byte[] encode() {
    int size = 1 + 8 + 8 + 1 + state.size();
    for (String id : eventIds) size += 1 + id.length();
    ByteBuffer bytes = ByteBuffer.allocate(size);
    bytes.put(VERSION).putLong(events).putLong(latest).put((byte) eventIds.size());
    for (String id : eventIds) bytes.put((byte) id.length()).put(id.getBytes(StandardCharsets.US_ASCII));
    return bytes.put(state.toBytes()).array();
  }

  /**
   * Reads a stored snapshot.
   *
   * @param stored what {@link #encode} gave
   * @return the snapshot
   * @throws DamagedState for other bytes
   */
  public static Snapshot decode(byte[] stored) {
    ByteBuffer bytes = ByteBuffer.wrap(stored);
    try {
      byte version = bytes.get();
      if (version != VERSION) throw new DamagedState("The snapshot has version " + version + ", which is not known here.");
      long events = bytes.getLong();
      long latest = bytes.getLong();
      int count = Byte.toUnsignedInt(bytes.get());
      List<String> ids = new ArrayList<>(count);
      for (int id = 0; id < count; ++id) ids.add(ascii(bytes, Byte.toUnsignedInt(bytes.get())));
      byte[] state = new byte[bytes.remaining()];
      bytes.get(state);
      return new Snapshot(events, latest, ids, UserState.of(state));
    } catch (BufferUnderflowException e) {
      throw new DamagedState("The snapshot is incomplete.");
    }
  }

  static String ascii(ByteBuffer bytes, int length) {
    byte[] text = new byte[length];
    bytes.get(text);
    return new String(text, StandardCharsets.US_ASCII);
  }
}
