package io.sotto.stream;

import io.sotto.ErrorCode;
import io.sotto.ItemMapping;
import io.sotto.Model;
import io.sotto.RecommendOptions;
import io.sotto.Recommendation;
import io.sotto.Recommender;
import io.sotto.SottoException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.zip.CRC32C;

/**
 * Folds events into users' states. After {@link #SNAPSHOT_EVERY} events a snapshot replaces the log. The same events in
 * the same order give the same bytes, whether a user stayed in memory or was restored in between.
 */
public final class UserFold {
  /** How many events may be in the log: the last of them makes a snapshot instead. */
  public static final int SNAPSHOT_EVERY = 32;

  private final ModelVersions versions;

  /** What became of an event. */
  public enum Outcome {
    /** It is part of the state. */
    FOLDED,
    /** It is part of the state, and earlier than the one before: the engine dates it at the latest time. */
    LATE,
    /** It was folded before; nothing changed. */
    DUPLICATE
  }

  /**
   * Folds with the current one of these versions.
   *
   * @param versions the caller's, which stay open
   */
  public UserFold(ModelVersions versions) {
    this.versions = versions;
  }

  /**
   * Makes a user live.
   *
   * @param snapshot the latest snapshot; null where there is none
   * @param log what the log has of the user: events from before the snapshot are skipped, the order has no meaning
   * @return the user with the version of the model that folded the latest event
   * @throws DamagedState where an event between the snapshot and the latest one is missing
   * @throws ModelVersions.MissingVersion where the state's version is not known
   */
  public FoldState restore(Snapshot snapshot, List<LoggedEvent> log) {
    long stored = snapshot == null ? 0 : snapshot.events();
    List<LoggedEvent> rest =
        log.stream()
            .filter(event -> event.number() > stored)
            .sorted(Comparator.comparingLong(LoggedEvent::number))
            .toList();
    Model model = versions.current();
    if (snapshot != null) model = versions.version(snapshot.state().modelFingerprint());
    else if (!rest.isEmpty()) model = versions.version(rest.get(0).model());
    Recommender recommender = snapshot == null ? model.recommender() : model.recommender(snapshot.state());
    FoldState state = new FoldState(model, recommender);
    try {
      if (snapshot != null) state.begin(snapshot);
      for (LoggedEvent event : rest) again(state, event);
      return state;
    } catch (RuntimeException | Error e) {
      state.close();
      throw e;
    }
  }

  private static void again(FoldState state, LoggedEvent event) {
    String model = state.model().info().fingerprint();
    if (event.number() != state.events() + 1 || !event.model().equals(model)) {
      throw new DamagedState(
          "The log goes on with event "
              + event.number()
              + " of model "
              + event.model()
              + " where event "
              + (state.events() + 1)
              + " of model "
              + model
              + " belongs.");
    }
    take(state, event.item(), event);
  }

  private static void take(FoldState state, String item, LoggedEvent event) {
    state.recommender().feedback(item, event.kind(), event.amount(), Instant.ofEpochSecond(event.at()));
    state.count(event.at());
    event.eventId().ifPresent(state::remember);
  }

  /**
   * Refuses what the current version cannot take, before anybody looks for the user.
   *
   * @param event the event
   * @throws RefusedEvent with {@link RefusedEvent.Reason#UNKNOWN_ITEM}
   */
  public void check(StreamEvent event) {
    check(event, versions.current());
  }

  private static void check(StreamEvent event, Model model) {
    if (model.item(event.item()).isPresent()) return;
    throw new RefusedEvent(
        RefusedEvent.Reason.UNKNOWN_ITEM,
        "The model " + model.info().fingerprint() + " does not have the item " + event.item() + ".");
  }

  /**
   * Whether the user's state belongs to an earlier version of the model than the current one.
   *
   * @param state the user
   * @return true: {@link #carryOver} comes before the next event
   */
  public boolean isOutdated(FoldState state) {
    return state.model() != versions.current();
  }

  /**
   * Carries a user over to the current version of the model: items are matched by their ids, and the engine learns again
   * from the latest events. The snapshot of the result must be stored.
   *
   * @param state the user, who is closed
   * @return the user with the current version
   */
  public FoldState carryOver(FoldState state) {
    Model later = versions.current();
    ItemMapping mapping = versions.mapping(state.model(), later);
    Recommender recommender = later.recommender();
    try {
      // Without a common item nothing of the state has a meaning for the new version.
      if (mapping.items() > 0) recommender.carryOver(state.recommender().exportState(), mapping);
      FoldState carried = new FoldState(later, recommender, state);
      state.close();
      return carried;
    } catch (RuntimeException | Error e) {
      recommender.close();
      throw e;
    }
  }

  /**
   * Whether the event was folded before: its id is among the user's last 64.
   *
   * @param state the user
   * @param event the event
   * @return false for an event without an id
   */
  public boolean isDuplicate(FoldState state, StreamEvent event) {
    return event.eventId().filter(state::isKnown).isPresent();
  }

  /**
   * Folds an event.
   *
   * @param state a user of the current version
   * @param event the event
   * @param recordSeconds the moment of an event that has none, in seconds since 1970
   * @return what became of it, and what is to be stored
   * @throws RefusedEvent where the state's version cannot take it; nothing has changed then
   */
  public Folded fold(FoldState state, StreamEvent event, long recordSeconds) {
    check(event, state.model());
    if (isDuplicate(state, event)) return new Folded(Outcome.DUPLICATE, null, null);
    long at = event.at().orElse(recordSeconds);
    Outcome outcome = state.events() > 0 && at < state.latest() ? Outcome.LATE : Outcome.FOLDED;
    LoggedEvent logged =
        new LoggedEvent(
            state.events() + 1,
            state.model().info().fingerprint(),
            event.item(),
            event.kind(),
            (float) event.amount(),
            at,
            event.eventId());
    try {
      take(state, event.item(), logged);
    } catch (SottoException e) {
      if (e.code() != ErrorCode.INVALID_ARGUMENT && e.code() != ErrorCode.OUT_OF_RANGE) throw e;
      throw new RefusedEvent(RefusedEvent.Reason.BAD_AMOUNT, e.getMessage());
    }
    if (state.loggedEvents() < SNAPSHOT_EVERY) return new Folded(outcome, logged, null);
    return new Folded(outcome, null, snapshot(state));
  }

  /**
   * What became of an event.
   *
   * @param outcome folded or not
   * @param logged goes into the log; null where nothing does
   * @param snapshot replaces the snapshot and the log; null where they stay
   */
  public record Folded(Outcome outcome, LoggedEvent logged, Snapshot snapshot) {}

  /**
   * Makes a snapshot, which the caller stores.
   *
   * @param state the user
   * @return the user after all events so far
   */
  public Snapshot snapshot(FoldState state) {
    Snapshot snapshot = state.snapshot();
    state.stored();
    return snapshot;
  }

  /**
   * Recommends, at the latest event's moment. The state does not change; the list becomes the one that was shown last.
   *
   * @param user the user's id
   * @param state the user
   * @param top how many items, at least 1
   * @param withChecksum whether to add the CRC-32C of the exported state
   * @return the list
   */
  public RecommendedList recommend(String user, FoldState state, int top, boolean withChecksum) {
    RecommendedList list = recommend(user, state, top, withChecksum, state.latest());
    state.show(list.items());
    return list;
  }

  /**
   * Recommends at a moment.
   *
   * @param user the user's id
   * @param state the user; nothing of it changes
   * @param top how many items, at least 1
   * @param withChecksum whether to add the CRC-32C of the exported state
   * @param at seconds since 1970
   * @return the list
   */
  public RecommendedList recommend(String user, FoldState state, int top, boolean withChecksum, long at) {
    List<Recommendation> best =
        state.recommender().recommend(top, RecommendOptions.defaults().at(Instant.ofEpochSecond(at)));
    return new RecommendedList(
        user,
        state.events(),
        state.model().info().fingerprint(),
        at,
        best.stream().map(recommendation -> recommendation.item().id()).toList(),
        withChecksum ? OptionalInt.of(crc32c(state)) : OptionalInt.empty());
  }

  private static int crc32c(FoldState state) {
    CRC32C sum = new CRC32C();
    sum.update(state.recommender().exportState().toBytes());
    return (int) sum.getValue();
  }
}
