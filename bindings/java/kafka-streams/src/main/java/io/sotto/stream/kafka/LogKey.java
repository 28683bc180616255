package io.sotto.stream.kafka;

import io.sotto.stream.LoggedEvent;
import io.sotto.stream.UserFold;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * The place of a logged event: the user's id, a byte 0, and the event's number modulo the events between two snapshots.
 * So a new event overwrites one that a snapshot contains, and nothing has to be deleted, which would cost a second record
 * in the changelog. A user's id has no control characters, so that no user's places lie between another one's.
 */
final class LogKey {
  private LogKey() {}

  static Bytes of(String user, long number) {
    return place(user, (int) (number % UserFold.SNAPSHOT_EVERY));
  }

  private static Bytes place(String user, int slot) {
    byte[] id = user.getBytes(StandardCharsets.UTF_8);
    byte[] key = Arrays.copyOf(id, id.length + 2);
    key[id.length + 1] = (byte) slot;
    return Bytes.wrap(key);
  }

  /** What the store has of a user, in no order; also events from before the latest snapshot. */
  static List<LoggedEvent> read(ReadOnlyKeyValueStore<Bytes, byte[]> log, String user) {
    List<LoggedEvent> events = new ArrayList<>(UserFold.SNAPSHOT_EVERY);
    try (KeyValueIterator<Bytes, byte[]> places =
        log.range(place(user, 0), place(user, UserFold.SNAPSHOT_EVERY - 1))) {
      while (places.hasNext()) {
        KeyValue<Bytes, byte[]> next = places.next();
        events.add(LoggedEvent.decode(next.value));
      }
    }
    return events;
  }
}
