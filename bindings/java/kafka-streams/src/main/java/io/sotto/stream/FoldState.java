package io.sotto.stream;

import io.sotto.Model;
import io.sotto.Recommender;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A user in memory, between two events. One thread at a time may use it. {@link UserFold} makes and changes it. */
public final class FoldState implements AutoCloseable {
  /** How many event ids are remembered. */
  static final int REMEMBERED_IDS = 64;

  private final Model model;
  private final Recommender recommender;
  private final Deque<String> eventIds = new ArrayDeque<>();
  private final Set<String> knownIds = new HashSet<>();
  private long events;
  private long storedEvents; // in the latest snapshot
  private long latest;
  private List<String> shown = List.of();
  private String shownBy = "";

  /** Takes the recommender over. */
  FoldState(Model model, Recommender recommender) {
    this.model = model;
    this.recommender = recommender;
  }

  /** The same user with another recommender, as of the last snapshot. */
  FoldState(Model model, Recommender recommender, FoldState before) {
    this(model, recommender);
    before.eventIds.forEach(this::remember);
    events = before.events;
    storedEvents = before.storedEvents;
    latest = before.latest;
    shown = before.shown;
    shownBy = before.shownBy;
  }

  Recommender recommender() {
    return recommender;
  }

  /**
   * The version of the model that the state belongs to.
   *
   * @return the model
   */
  public Model model() {
    return model;
  }

  /**
   * How many events were folded.
   *
   * @return refused and repeated events are not counted
   */
  public long events() {
    return events;
  }

  /**
   * The latest moment of the events so far.
   *
   * @return seconds since 1970; 0 without events
   */
  public long latest() {
    return latest;
  }

  /**
   * The list that was made last.
   *
   * @return the items' ids, best first; empty where no list was made
   */
  public List<String> shown() {
    return shown;
  }

  /**
   * The version that made the list {@link #shown}.
   *
   * @return its fingerprint; empty where no list was made
   */
  public String shownBy() {
    return shownBy;
  }

  /** How many events are in the log only. */
  long loggedEvents() {
    return events - storedEvents;
  }

  boolean isKnown(String eventId) {
    return knownIds.contains(eventId);
  }

  void begin(Snapshot snapshot) {
    snapshot.eventIds().forEach(this::remember);
    events = snapshot.events();
    storedEvents = events;
    latest = snapshot.latest();
  }

  /** After the engine took an event. */
  void count(long at) {
    latest = events == 0 ? at : Math.max(latest, at);
    ++events;
  }

  void remember(String eventId) {
    if (!knownIds.add(eventId)) return;
    eventIds.addLast(eventId);
    if (eventIds.size() > REMEMBERED_IDS) knownIds.remove(eventIds.removeFirst());
  }

  void show(List<String> items) {
    shown = items;
    shownBy = model.info().fingerprint();
  }

  Snapshot snapshot() {
    return new Snapshot(events, latest, List.copyOf(eventIds), recommender.exportState());
  }

  void stored() {
    storedEvents = events;
  }

  /** Frees the user's memory. */
  @Override
  public void close() {
    recommender.close();
  }
}
