package io.sotto.stream.kafka;

import io.sotto.stream.JsonFields;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Counts the ranks that chosen items had in the lists shown before, within five minutes of one version of the model.
 *
 * @param model the fingerprint of the version that made the lists
 * @param from the window's beginning, in milliseconds since 1970
 */
record ChoiceWindow(String model, long from) {
  private static final long MILLIS = 300_000;

  static ChoiceWindow at(String model, long millis) {
    return new ChoiceWindow(model, millis - Math.floorMod(millis, MILLIS));
  }

  /** The key in the store. */
  String key() {
    return model + " " + from;
  }

  static ChoiceWindow ofKey(String key) {
    int space = key.indexOf(' ');
    return new ChoiceWindow(key.substring(0, space), Long.parseLong(key.substring(space + 1)));
  }

  /**
   * Adds a choice to counts: of items that were not in the list, and of each rank.
   *
   * @param counted null: none so far
   * @param rank 1 for the first item; 0 for one that was not in the list
   */
  static byte[] add(byte[] counted, int rank) {
    byte[] counts = counted == null ? new byte[0] : counted;
    counts = Arrays.copyOf(counts, Math.max(counts.length, Long.BYTES * (rank + 1)));
    ByteBuffer numbers = ByteBuffer.wrap(counts);
    numbers.putLong(Long.BYTES * rank, numbers.getLong(Long.BYTES * rank) + 1);
    return counts;
  }

  /** The key of the record in the topic, which the next record with more choices replaces. */
  byte[] topicKey(int partition) {
    return (model + "/" + from / 1000 + "/" + partition).getBytes(StandardCharsets.UTF_8);
  }

  /** The record in the topic. */
  byte[] toJson(int partition, byte[] counted) {
    long[] counts = new long[counted.length / Long.BYTES];
    ByteBuffer.wrap(counted).asLongBuffer().get(counts);
    return JsonFields.write(
        json -> {
          json.writeStringField("model", model);
          json.writeNumberField("partition", partition);
          json.writeNumberField("from", from / 1000);
          json.writeNumberField("to", (from + MILLIS) / 1000);
          json.writeNumberField("choices", Arrays.stream(counts).sum());
          json.writeArrayFieldStart("ranks");
          for (int rank = 1; rank < counts.length; ++rank) json.writeNumber(counts[rank]);
          json.writeEndArray();
        });
  }
}
