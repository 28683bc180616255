package io.sotto.stream.kafka;

import io.sotto.stream.ModelVersions;
import io.sotto.stream.StreamEvent;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** Events in; lists, choices by rank and refused records out. Users are in two stores: snapshots, and events since. */
public final class StreamTopology {
  /** The store of snapshots: user to {@link io.sotto.stream.Snapshot}. */
  static final String SNAPSHOTS = "snapshots";

  /** The store of the events since: {@link LogKey} to {@link io.sotto.stream.LoggedEvent}. */
  static final String LOG = "event-log";

  /** The store of choices by rank: {@link ChoiceWindow} to counts. */
  static final String CHOICES = "choices";

  static final String TO_RECOMMENDATIONS = "to-recommendations";
  static final String TO_FEEDBACK_METRICS = "to-feedback-metrics";
  static final String TO_DEAD_LETTER = "to-dead-letter";

  private static final String FOLD = "fold";
  private static final Map<String, String> COMPACTED = Map.of("cleanup.policy", "compact");

  private StreamTopology() {}

  /**
   * Builds the topology.
   *
   * @param settings what it does
   * @param versions the model's versions, which stay open
   * @param eventSerde the format of events; its exceptions send records to the dead-letter topic
   * @param figures counts what happens
   * @return the topology
   */
  public static Topology build(
      TopologySettings settings, ModelVersions versions, Serde<StreamEvent> eventSerde, StreamFigures figures) {
    ByteArraySerializer bytes = new ByteArraySerializer();
    return new Topology()
        .addSource("events", new ByteArrayDeserializer(), new ByteArrayDeserializer(), settings.events())
        .addProcessor(FOLD, new FoldSupplier(settings, versions, eventSerde, figures), "events")
        .addSink(TO_RECOMMENDATIONS, settings.recommendations(), bytes, bytes, FOLD)
        .addSink(TO_FEEDBACK_METRICS, settings.feedbackMetrics(), bytes, bytes, FOLD)
        .addSink(TO_DEAD_LETTER, settings.deadLetter(), bytes, bytes, FOLD);
  }

  private record FoldSupplier(
      TopologySettings settings, ModelVersions versions, Serde<StreamEvent> eventSerde, StreamFigures figures)
      implements ProcessorSupplier<byte[], byte[], byte[], byte[]> {
    @Override
    public Processor<byte[], byte[], byte[], byte[]> get() {
      return new FoldProcessor(settings, versions, eventSerde.deserializer(), figures);
    }

    @Override
    public Set<StoreBuilder<?>> stores() {
      StoreBuilder<KeyValueStore<String, byte[]>> snapshots =
          Stores.keyValueStoreBuilder(
                  Stores.persistentKeyValueStore(SNAPSHOTS), Serdes.String(), Serdes.ByteArray())
              .withLoggingEnabled(COMPACTED)
              .withCachingDisabled();
      StoreBuilder<KeyValueStore<Bytes, byte[]>> log =
          Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(LOG), Serdes.Bytes(), Serdes.ByteArray())
              .withLoggingEnabled(COMPACTED)
              .withCachingDisabled();
      // Cached, so that the changelog gets one record for each commit and not one for each choice.
      StoreBuilder<KeyValueStore<String, byte[]>> choices =
          Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(CHOICES), Serdes.String(), Serdes.ByteArray())
              .withLoggingEnabled(COMPACTED)
              .withCachingEnabled();
      return Set.of(snapshots, log, choices);
    }
  }
}
