package io.sotto.stream.kafka;

import io.sotto.stream.RefusedEvent;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * What a worker has done since it began. Work that is done again after an aborted transaction counts again, so that these
 * figures are for watching and not for accounts.
 */
public final class StreamFigures {
  final LongAdder folded = new LongAdder();
  final LongAdder late = new LongAdder();
  final LongAdder duplicates = new LongAdder();
  final LongAdder restored = new LongAdder();
  final LongAdder carriedOver = new LongAdder();
  final LongAdder snapshots = new LongAdder();
  final Map<RefusedEvent.Reason, LongAdder> refused = new EnumMap<>(RefusedEvent.Reason.class);
  final Times lists = new Times();

  /** Begins at zero. */
  public StreamFigures() {
    for (RefusedEvent.Reason reason : RefusedEvent.Reason.values()) refused.put(reason, new LongAdder());
  }

  /** Every record that was read. */
  long records() {
    return folded.sum() + duplicates.sum() + refused.values().stream().mapToLong(LongAdder::sum).sum();
  }

  /** A histogram of durations. */
  static final class Times {
    /** Upper bounds in microseconds; above the last one there is one more bucket. */
    private static final long[] BOUNDS = {50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 200_000};

    private final LongAdder[] buckets = new LongAdder[BOUNDS.length + 1];
    private final LongAdder nanos = new LongAdder();

    Times() {
      for (int bucket = 0; bucket < buckets.length; ++bucket) buckets[bucket] = new LongAdder();
    }

    void add(long duration) {
      int bucket = 0;
      while (bucket < BOUNDS.length && duration > 1000 * BOUNDS[bucket]) ++bucket;
      buckets[bucket].increment();
      nanos.add(duration);
    }

    private void write(StringBuilder text, String name) {
      long total = 0;
      for (int bucket = 0; bucket < BOUNDS.length; ++bucket) {
        total += buckets[bucket].sum();
        line(text, name + "_bucket{le=\"" + BOUNDS[bucket] / 1e6 + "\"}", total);
      }
      total += buckets[BOUNDS.length].sum();
      line(text, name + "_bucket{le=\"+Inf\"}", total);
      text.append(name).append("_sum ").append(nanos.sum() / 1e9).append('\n');
      line(text, name + "_count", total);
    }
  }

  /** In the text format of Prometheus. */
  String text(Lag lag) {
    StringBuilder text = new StringBuilder();
    counter(text, "sotto_stream_events_folded_total", "Events that are part of a state.", folded);
    counter(text, "sotto_stream_events_late_total", "Folded events that were earlier than the one before.", late);
    counter(text, "sotto_stream_events_duplicate_total", "Events that were dropped, folded before.", duplicates);
    head(text, "sotto_stream_dead_letters_total", "counter", "Records that were refused, by reason.");
    refused.forEach(
        (reason, count) ->
            line(text, "sotto_stream_dead_letters_total{reason=\"" + reason.id() + "\"}", count.sum()));
    counter(text, "sotto_stream_users_restored_total", "Users that were read from the stores.", restored);
    counter(text, "sotto_stream_users_carried_over_total", "Users that came over to a new model.", carriedOver);
    counter(text, "sotto_stream_snapshots_total", "Snapshots that were stored.", snapshots);
    head(text, "sotto_stream_list_seconds", "histogram", "Time to make a list.");
    lists.write(text, "sotto_stream_list_seconds");
    head(text, "sotto_stream_lag_records", "gauge", "Records that wait, by partition.");
    lag.partitions().forEach(
        (partition, records) ->
            line(text, "sotto_stream_lag_records{partition=\"" + partition + "\"}", records));
    head(text, "sotto_stream_running", "gauge", "1 where the worker processes events.");
    line(text, "sotto_stream_running", lag.isRunning() ? 1 : 0);
    return text.toString();
  }

  /**
   * How far behind the worker is.
   *
   * @param isRunning false while it starts, moves partitions or has stopped
   * @param partitions waiting records of each partition that the worker has
   */
  record Lag(boolean isRunning, Map<Integer, Long> partitions) {
    long total() {
      return partitions.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  private static void counter(StringBuilder text, String name, String help, LongAdder value) {
    head(text, name, "counter", help);
    line(text, name, value.sum());
  }

  private static void head(StringBuilder text, String name, String type, String help) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private static void line(StringBuilder text, String name, long value) {
    text.append(name).append(' ').append(value).append('\n');
  }
}
