package io.sotto.stream.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sotto.FeedbackKind;
import io.sotto.stream.FoldState;
import io.sotto.stream.ModelVersions;
import io.sotto.stream.RecommendedList;
import io.sotto.stream.RefusedEvent;
import io.sotto.stream.Snapshot;
import io.sotto.stream.StreamEvent;
import io.sotto.stream.UserFold;
import io.sotto.stream.UserId;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** Folds the events of one partition. One thread at a time runs it. */
final class FoldProcessor implements Processor<byte[], byte[], byte[], byte[]> {
  static final String REASON_HEADER = "sotto-reason";
  static final String DETAIL_HEADER = "sotto-detail";
  static final Duration METRICS_INTERVAL = Duration.ofSeconds(10);

  private static final Set<FeedbackKind> CHOICES =
      EnumSet.of(FeedbackKind.CLICK, FeedbackKind.CART, FeedbackKind.FAVOURITE, FeedbackKind.PURCHASE);

  private final TopologySettings settings;
  private final UserFold fold;
  private final Deserializer<StreamEvent> format;
  private final StreamFigures figures;
  private final Set<String> changedWindows = new HashSet<>();
  private ProcessorContext<byte[], byte[]> context;
  private KeyValueStore<String, byte[]> snapshots;
  private KeyValueStore<Bytes, byte[]> log;
  private KeyValueStore<String, byte[]> choices;
  private LiveUsers live;
  private long newestWindow = Long.MIN_VALUE;

  FoldProcessor(
      TopologySettings settings, ModelVersions versions, Deserializer<StreamEvent> format, StreamFigures figures) {
    this.settings = settings;
    this.fold = new UserFold(versions);
    this.format = format;
    this.figures = figures;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> processorContext) {
    context = processorContext;
    snapshots = context.getStateStore(StreamTopology.SNAPSHOTS);
    log = context.getStateStore(StreamTopology.LOG);
    choices = context.getStateStore(StreamTopology.CHOICES);
    live = new LiveUsers(settings.liveUsers());
    // Whether the last totals were sent before a crash is not known, and sending them twice changes nothing.
    changedWindows.clear();
    newestWindow = Long.MIN_VALUE;
    try (KeyValueIterator<String, byte[]> windows = choices.all()) {
      while (windows.hasNext()) {
        String key = windows.next().key;
        changedWindows.add(key);
        newestWindow = Math.max(newestWindow, ChoiceWindow.ofKey(key).from());
      }
    }
    context.schedule(METRICS_INTERVAL, PunctuationType.WALL_CLOCK_TIME, now -> sendChoices(now));
  }

  /** Also after an aborted transaction: what is in memory may be ahead of the stores then. */
  @Override
  public void close() {
    if (live != null) live.close();
    live = null;
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    try {
      String user = UserId.of(record.key());
      fold(user, event(record), record);
    } catch (RefusedEvent e) {
      refuse(record, e);
    }
  }

  private StreamEvent event(Record<byte[], byte[]> record) {
    StreamEvent event;
    try {
      event = format.deserialize(settings.events(), record.headers(), record.value());
    } catch (RefusedEvent e) {
      throw e;
    } catch (RuntimeException e) {
      throw new RefusedEvent(RefusedEvent.Reason.BAD_RECORD, "The event's format refused it: " + e.getMessage());
    }
    if (event == null) throw new RefusedEvent(RefusedEvent.Reason.BAD_RECORD, "The record has no event.");
    return event;
  }

  private void fold(String user, StreamEvent event, Record<byte[], byte[]> record) {
    fold.check(event);
    FoldState state = live.get(user);
    if (state == null) {
      state = restored(user);
      live.put(user, state);
    }
    if (fold.isDuplicate(state, event)) {
      figures.duplicates.increment();
      return;
    }
    if (fold.isOutdated(state)) state = carriedOver(user, state);
    int rank = state.shown().indexOf(event.item()) + 1;
    String shownBy = state.shownBy();
    UserFold.Folded folded = fold.fold(state, event, Math.floorDiv(record.timestamp(), 1000L));
    if (folded.snapshot() != null) store(user, folded.snapshot());
    else log.put(LogKey.of(user, folded.logged().number()), folded.logged().encode());
    figures.folded.increment();
    if (folded.outcome() == UserFold.Outcome.LATE) figures.late.increment();
    if (!shownBy.isEmpty() && CHOICES.contains(event.kind())) count(shownBy, rank, record.timestamp());
    if (settings.listsEachEvent()) send(user, state, record);
  }

  private FoldState restored(String user) {
    byte[] stored = snapshots.get(user);
    FoldState state = fold.restore(stored == null ? null : Snapshot.decode(stored), LogKey.read(log, user));
    if (state.events() > 0) {
      figures.restored.increment();
      // The list that was sent after the latest event: the state gives it again.
      if (settings.listsEachEvent()) fold.recommend(user, state, settings.top(), false);
    }
    return state;
  }

  private FoldState carriedOver(String user, FoldState state) {
    if (state.events() > 0) figures.carriedOver.increment();
    FoldState carried = fold.carryOver(state);
    live.replace(user, carried);
    if (carried.events() > 0) store(user, fold.snapshot(carried));
    return carried;
  }

  private void store(String user, Snapshot snapshot) {
    snapshots.put(user, snapshot.encode());
    figures.snapshots.increment();
  }

  private void send(String user, FoldState state, Record<byte[], byte[]> record) {
    long started = System.nanoTime();
    RecommendedList list = fold.recommend(user, state, settings.top(), settings.checksums());
    figures.lists.add(System.nanoTime() - started);
    context.forward(
        new Record<>(record.key(), list.toJson(), record.timestamp()), StreamTopology.TO_RECOMMENDATIONS);
  }

  private void refuse(Record<byte[], byte[]> record, RefusedEvent why) {
    figures.refused.get(why.reason()).increment();
    Headers headers = new RecordHeaders(record.headers());
    headers.remove(REASON_HEADER).add(REASON_HEADER, why.reason().id().getBytes(UTF_8));
    headers.remove(DETAIL_HEADER).add(DETAIL_HEADER, why.getMessage().getBytes(UTF_8));
    context.forward(
        new Record<>(record.key(), record.value(), record.timestamp(), headers), StreamTopology.TO_DEAD_LETTER);
  }

  /** Windows follow each other: a record that comes late counts in the newest one. */
  private void count(String model, int rank, long millis) {
    ChoiceWindow window = ChoiceWindow.at(model, Math.max(millis, newestWindow));
    newestWindow = window.from();
    choices.put(window.key(), ChoiceWindow.add(choices.get(window.key()), rank));
    changedWindows.add(window.key());
  }

  private void sendChoices(long now) {
    int partition = context.taskId().partition();
    for (String key : changedWindows) {
      ChoiceWindow window = ChoiceWindow.ofKey(key);
      byte[] counts = choices.get(key);
      context.forward(
          new Record<>(window.topicKey(partition), window.toJson(partition, counts), now),
          StreamTopology.TO_FEEDBACK_METRICS);
      if (window.from() < newestWindow) choices.delete(key);
    }
    changedWindows.clear();
  }
}
