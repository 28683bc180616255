package io.sotto.stream.kafka;

import io.sotto.stream.DamagedState;
import io.sotto.stream.FoldState;
import io.sotto.stream.LoggedEvent;
import io.sotto.stream.ModelVersions;
import io.sotto.stream.RecommendedList;
import io.sotto.stream.Snapshot;
import io.sotto.stream.UserFold;
import java.util.List;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** Lists for users that somebody asks for, from the stores of this worker. */
final class UserQueries implements HttpDoor.Users {
  /** A snapshot may be stored between the reads of both stores. */
  private static final int ATTEMPTS = 20;

  private final KafkaStreams streams;
  private final UserFold fold;

  UserQueries(KafkaStreams streams, ModelVersions versions) {
    this.streams = streams;
    this.fold = new UserFold(versions);
  }

  @Override
  public HttpDoor.Place placeOf(String user) {
    KeyQueryMetadata found = streams.queryMetadataForKey(StreamTopology.SNAPSHOTS, user, new StringSerializer());
    boolean isKnown = found != null && !found.equals(KeyQueryMetadata.NOT_AVAILABLE);
    return isKnown ? new HttpDoor.Place(found.activeHost(), found.partition()) : null;
  }

  @Override
  public RecommendedList recommend(String user, int partition, int top, long at) {
    ReadOnlyKeyValueStore<String, byte[]> snapshots = store(StreamTopology.SNAPSHOTS, partition);
    ReadOnlyKeyValueStore<Bytes, byte[]> log = store(StreamTopology.LOG, partition);
    for (int attempt = 1; ; ++attempt) {
      byte[] stored = snapshots.get(user);
      List<LoggedEvent> events = LogKey.read(log, user);
      try {
        return recommend(user, stored == null ? null : Snapshot.decode(stored), events, top, at);
      } catch (DamagedState e) {
        if (attempt == ATTEMPTS) throw e;
      }
    }
  }

  private RecommendedList recommend(String user, Snapshot snapshot, List<LoggedEvent> log, int top, long at) {
    FoldState state = fold.restore(snapshot, log);
    try {
      if (fold.isOutdated(state)) state = fold.carryOver(state);
      return fold.recommend(user, state, top, false, at);
    } finally {
      state.close();
    }
  }

  private <K> ReadOnlyKeyValueStore<K, byte[]> store(String name, int partition) {
    return streams.store(
        StoreQueryParameters.fromNameAndType(name, QueryableStoreTypes.<K, byte[]>keyValueStore())
            .withPartition(partition));
  }
}
