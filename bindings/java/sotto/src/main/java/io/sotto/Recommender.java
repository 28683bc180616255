package io.sotto;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * A model and one user: events go in, recommendations come out. The user's state takes 10 to 30 kB.
 *
 * <p>A recommender belongs to one thread at a time: a call while another one is under way throws {@link
 * ErrorCode#IN_USE}, and nothing changes. After {@link #close} every call throws {@link ErrorCode#CLOSED}.
 *
 * <p>Methods that take no {@link Instant} use the {@linkplain OpenOptions#clock model's clock}. To replay a log, give
 * the moments: then the same events give the same bytes.
 */
public final class Recommender implements AutoCloseable {
  private static final int IDLE = 0;
  private static final int CALLED = 1;
  private static final int CLOSED = 2;

  /** Events that are learned from at once after a change of the model's version. */
  private static final int RELEARNED_AT_ONCE = 256;

  private static final int VALUES_OF_A_REASON = 5;

  private final Model model;
  private final Engine engine;
  private final long user;
  private final Cleaner.Cleanable letGo;
  private final AtomicInteger use = new AtomicInteger(IDLE);
  private Engine.Workspace latest; // the one that served this user last

  /** What is left to do when nobody can use the recommender any more. */
  private record LettingGo(Engine engine, long user) implements Runnable {
    @Override
    public void run() {
      Core.freeUser(user);
      engine.disown();
    }
  }

  Recommender(Model model, Engine engine, Map<FeedbackKind, Double> weights) {
    engine.own();
    this.model = model;
    this.engine = engine;
    try {
      this.user = Core.newUser(engine.model);
    } catch (RuntimeException | Error e) {
      engine.disown();
      throw e;
    }
    this.letGo = Model.CLEANER.register(this, new LettingGo(engine, user));
    try {
      weights.forEach((kind, weight) -> Core.setWeight(user, kind.ordinal(), weight.floatValue()));
    } catch (RuntimeException | Error e) {
      letGo.clean();
      throw e;
    }
  }

  /** Begins a call: nobody else may use the user until {@link #leave}. */
  private void enter() {
    int before = use.compareAndExchange(IDLE, CALLED);
    if (before == CALLED) {
      throw new SottoException(
          ErrorCode.IN_USE, "Another thread uses this recommender: let one thread at a time have it.");
    }
    if (before == CLOSED) {
      throw new SottoException(
          ErrorCode.CLOSED, "This recommender has been closed: make another with Model.recommender.");
    }
  }

  private void leave() {
    use.set(IDLE);
    Reference.reachabilityFence(this); // up to here the cleaner must not free the user
  }

  /** As {@link #enter}, with scratch memory to compute in; {@link #leave(Engine.Workspace)} ends the call. */
  private Engine.Workspace begin() {
    enter();
    try {
      latest = engine.borrow(latest);
      return latest;
    } catch (RuntimeException | Error e) {
      leave();
      throw e;
    }
  }

  private void leave(Engine.Workspace workspace) {
    engine.giveBack(workspace);
    leave();
  }

  private Instant now() {
    return model.clock.instant();
  }

  /**
   * The model that recommends.
   *
   * @return the model that made this recommender, which may have been closed since
   */
  public Model model() {
    return model;
  }

  /**
   * Takes in one event, now: the user viewed, bought or otherwise chose this item. The recommender learns from it at
   * once.
   *
   * @param itemId the item's id
   * @throws SottoException {@link ErrorCode#UNKNOWN_ITEM} when the model does not know the item; nothing changes then
   */
  public void observe(String itemId) {
    observe(itemId, now());
  }

  /**
   * Takes in one event.
   *
   * @param itemId the item's id
   * @param at an earlier time than that of the latest event is raised to it
   * @throws SottoException {@link ErrorCode#UNKNOWN_ITEM} when the model does not know the item; nothing changes then
   */
  public void observe(String itemId, Instant at) {
    feedback(itemId, FeedbackKind.CLICK, 0, at);
  }

  /**
   * Takes in what the user did with an item, now.
   *
   * @param itemId the item's id
   * @param kind what the user did
   * @param amount seconds of a {@link FeedbackKind#DWELL}, -1 to 1 of a {@link FeedbackKind#RATING}; 0 for the other
   *     kinds
   * @throws SottoException {@link ErrorCode#UNKNOWN_ITEM}, {@link ErrorCode#INVALID_ARGUMENT}; nothing changes then
   */
  public void feedback(String itemId, FeedbackKind kind, double amount) {
    feedback(itemId, kind, amount, now());
  }

  /**
   * Takes in what the user did with an item.
   *
   * @param itemId the item's id
   * @param kind what the user did
   * @param amount seconds of a {@link FeedbackKind#DWELL}, -1 to 1 of a {@link FeedbackKind#RATING}; 0 for the other
   *     kinds
   * @param at an earlier time than that of the latest event is raised to it
   * @throws SottoException {@link ErrorCode#UNKNOWN_ITEM}, {@link ErrorCode#INVALID_ARGUMENT}; nothing changes then
   */
  public void feedback(String itemId, FeedbackKind kind, double amount, Instant at) {
    int item = model.catalogue.require(itemId);
    int number = kind.ordinal();
    double seconds = Core.secondsOf(at);
    Engine.Workspace workspace = begin();
    try {
      Core.feedback(user, workspace.handle, item, number, (float) amount, seconds);
    } finally {
      leave(workspace);
    }
  }

  /**
   * Takes in events from the time before this recommender. They are remembered, and recommendations follow them, but
   * nothing is learned from them.
   *
   * @param events oldest first
   * @throws SottoException {@link ErrorCode#UNKNOWN_ITEM}, {@link ErrorCode#INVALID_ARGUMENT}; nothing changes then
   */
  public void recall(List<TimedEvent> events) {
    int[] items = events.stream().mapToInt(event -> model.catalogue.require(event.itemId())).toArray();
    double[] times = events.stream().mapToDouble(event -> Core.secondsOf(event.at())).toArray();
    Engine.Workspace workspace = begin();
    try {
      Core.recall(user, workspace.handle, items, times);
    } finally {
      leave(workspace);
    }
  }

  /**
   * Says what is known about why the user came, before the user has chosen anything. It belongs to the visit and is not
   * stored. It has no effect with a model of a binary head.
   *
   * @param filter the next choice is probably among the items that it lets through; none end the context
   * @param belief 0 to 1: how probable that is at first
   * @throws SottoException {@link ErrorCode#INVALID_ARGUMENT} for a belief that is none
   */
  public void setContext(ItemFilter filter, double belief) {
    int[] items = filter.items(model.catalogue);
    enter();
    try {
      Core.setContext(user, items, (float) belief);
    } finally {
      leave();
    }
  }

  /**
   * The latest events.
   *
   * @return at most 1,024, oldest first
   */
  public List<PastEvent> history() {
    enter();
    try {
      int[] items = new int[(int) Core.describeUser(user)[2]];
      double[] times = new double[items.length];
      int count = Core.history(user, items, times);
      return IntStream.range(0, count)
          .mapToObj(place -> new PastEvent(model.catalogue.at(items[place]), Core.instantOf(times[place])))
          .toList();
    } finally {
      leave();
    }
  }

  /**
   * The items that the user asked not to see, by {@link FeedbackKind#DISMISS} and {@link FeedbackKind#NOT_THIS}.
   *
   * @return at most 512, in the order in which they were hidden first
   */
  public List<HiddenItem> hidden() {
    enter();
    try {
      int[] items = new int[(int) Core.describeUser(user)[3]];
      double[] until = new double[items.length];
      int count = Core.hidden(user, items, until);
      return IntStream.range(0, count)
          .mapToObj(
              place ->
                  new HiddenItem(
                      model.catalogue.at(items[place]),
                      Optional.of(until[place]).filter(Double::isFinite).map(Core::instantOf)))
          .toList();
    } finally {
      leave();
    }
  }

  /**
   * Shows a hidden item again.
   *
   * @param itemId the item's id
   * @throws SottoException {@link ErrorCode#UNKNOWN_ITEM} when the model does not know the item
   */
  public void show(String itemId) {
    int item = model.catalogue.require(itemId);
    enter();
    try {
      Core.show(user, item);
    } finally {
      leave();
    }
  }

  /**
   * How many events the state has seen.
   *
   * @return stops counting at 2<sup>32</sup> - 1
   */
  public long events() {
    return described(0);
  }

  /**
   * How large the state is, as exported and as stored.
   *
   * @return bytes
   */
  public int stateSize() {
    return (int) described(1);
  }

  /**
   * Whether events teach, and what was learned counts.
   *
   * @return true at first
   */
  public boolean isLearning() {
    return described(4) != 0;
  }

  private long described(int place) {
    enter();
    try {
      return Core.describeUser(user)[place];
    } finally {
      leave();
    }
  }

  /**
   * Switches learning on or off. Switched off, lists are the model's own; what was learned is kept.
   *
   * @param on whether events are to teach
   */
  public void setLearning(boolean on) {
    enter();
    try {
      Core.setLearning(user, on);
    } finally {
      leave();
    }
  }

  /**
   * How well learning has predicted this user so far, beside the model alone.
   *
   * @return the record that the trust follows
   */
  public LearningRecord learningRecord() {
    enter();
    try {
      double[] gate = Core.gate(user);
      double events = gate[3];
      return new LearningRecord(
          (long) events,
          gate[0],
          events == 0 ? 0 : Math.exp(gate[1] / events),
          events == 0 ? 0 : Math.exp(gate[2] / events));
    } finally {
      leave();
    }
  }

  /**
   * What learning has changed, now.
   *
   * @param k at least 1: how many items and categories each list has at most
   * @return the items and categories whose probabilities it changed by the largest factors
   * @throws SottoException {@link ErrorCode#INVALID_ARGUMENT} for a {@code k} below 1
   */
  public Learned learned(int k) {
    return learned(k, now());
  }

  /**
   * What learning has changed.
   *
   * @param k at least 1: how many items and categories each list has at most
   * @param at the moment of the question
   * @return the items and categories whose probabilities it changed by the largest factors
   * @throws SottoException {@link ErrorCode#INVALID_ARGUMENT} for a {@code k} below 1
   */
  public Learned learned(int k, Instant at) {
    Model.requireCount(k);
    return Learned.compare(model.catalogue, scores(at, true), scores(at, false), k);
  }

  /** Every item's score, Q15.16. */
  int[] scores(Instant at, boolean base) {
    int[] scores = new int[model.items()];
    double seconds = Core.secondsOf(at);
    Engine.Workspace workspace = begin();
    try {
      Core.scores(user, workspace.handle, seconds, base, scores);
    } finally {
      leave(workspace);
    }
    return scores;
  }

  /**
   * The items that fit the user best, now, with the default options.
   *
   * @param k at least 1
   * @return at most {@code k} items, best first
   * @throws SottoException {@link ErrorCode#INVALID_ARGUMENT} for a {@code k} below 1
   */
  public List<Recommendation> recommend(int k) {
    return recommend(k, RecommendOptions.defaults());
  }

  /**
   * The items that fit the user best.
   *
   * @param k at least 1
   * @param options what is left out, how varied the list is, and its moment
   * @return at most {@code k} items, best first; fewer when the filter lets fewer through
   * @throws SottoException {@link ErrorCode#INVALID_ARGUMENT} for a {@code k} below 1
   */
  public List<Recommendation> recommend(int k, RecommendOptions options) {
    int wanted = Math.min(Model.requireCount(k), model.items());
    int[] excluded = options.filter().excluded(model.catalogue);
    byte[] allowed = options.filter().allowed(model.catalogue);
    double seconds = Core.secondsOf(options.at().orElseGet(this::now));
    Engine.Workspace workspace = begin();
    try {
      return model.named(
          Core.recommend(
              user,
              workspace.handle,
              seconds,
              excluded,
              allowed,
              options.coreDiversity(),
              options.base(),
              wanted));
    } finally {
      leave(workspace);
    }
  }

  /**
   * Ranks some items, now.
   *
   * @param itemIds such as the items that a page can show now
   * @return these items, each once, best first; of equal scores in the model's order
   * @throws SottoException {@link ErrorCode#UNKNOWN_ITEM} when the model does not know one of them
   */
  public List<Recommendation> rank(Collection<String> itemIds) {
    return rank(itemIds, now());
  }

  /**
   * Ranks some items. With a model of a binary head this costs one step of the network for each of them, and the score
   * is the logit of the probability that the user wants the item next.
   *
   * @param itemIds such as the items that a page can show now
   * @param at the moment of the question
   * @return these items, each once, best first; of equal scores in the model's order
   * @throws SottoException {@link ErrorCode#UNKNOWN_ITEM} when the model does not know one of them
   */
  public List<Recommendation> rank(Collection<String> itemIds, Instant at) {
    int[] candidates = itemIds.stream().mapToInt(model.catalogue::require).distinct().sorted().toArray();
    int[] scores = new int[candidates.length];
    double seconds = Core.secondsOf(at);
    Engine.Workspace workspace = begin();
    try {
      Core.candidateScores(user, workspace.handle, seconds, candidates, scores);
    } finally {
      leave(workspace);
    }
    return IntStream.range(0, candidates.length)
        .mapToObj(place -> new Recommendation(model.catalogue.at(candidates[place]), Core.logitOf(scores[place])))
        .sorted(Comparator.comparingDouble(Recommendation::score).reversed())
        .toList();
  }

  /**
   * Tells what the user's latest events did for an item's score, now.
   *
   * @param itemId the item's id
   * @return the reasons
   * @throws SottoException {@link ErrorCode#UNKNOWN_ITEM} when the model does not know the item
   */
  public Reasons why(String itemId) {
    return why(itemId, now());
  }

  /**
   * Tells what the user's latest events, at most 50, did for an item's score by the model alone, and what the trend
   * does. Each event is left out in turn and the others are observed again, apart from the user's state: this takes up
   * to a thousand times as long as {@link #observe}.
   *
   * @param itemId the item's id
   * @param at the moment of the question, on which only the trend's part depends
   * @return the reasons
   * @throws SottoException {@link ErrorCode#UNKNOWN_ITEM} when the model does not know the item
   */
  public Reasons why(String itemId, Instant at) {
    int item = model.catalogue.require(itemId);
    double seconds = Core.secondsOf(at);
    int[] values;
    int trend;
    Engine.Workspace workspace = begin();
    try {
      values = Core.why(user, workspace.handle, item);
      trend = Core.whyTrend(user, workspace.handle, seconds, item);
    } finally {
      leave(workspace);
    }
    List<Reasons.Reason> events = new ArrayList<>();
    for (int first = 0; first < values.length; first += VALUES_OF_A_REASON) {
      int logit = values[first + 2];
      int history = values[first + 3];
      int counts = values[first + 4];
      events.add(
          new Reasons.Reason(
              model.catalogue.at(values[first]),
              values[first + 1],
              Core.logitOf(logit),
              Core.logitOf((long) logit - history - counts),
              Core.logitOf(history),
              Core.logitOf(counts)));
    }
    return new Reasons(
        List.copyOf(events), trend == 0 ? OptionalDouble.empty() : OptionalDouble.of(Core.logitOf(trend)));
  }

  /**
   * The user's state, for a store.
   *
   * @return the same bytes that every other build of Sotto exports
   */
  public UserState exportState() {
    enter();
    try {
      return UserState.owning(Core.exportState(user));
    } finally {
      leave();
    }
  }

  /**
   * Replaces the user's state by a stored one.
   *
   * @param state a state of the same model file
   * @throws SottoException {@link ErrorCode#MISMATCH}, {@link ErrorCode#TRUNCATED}, {@link ErrorCode#MALFORMED} …; the
   *     state then stays as it was
   */
  public void importState(UserState state) {
    byte[] bytes = state.bytes();
    Engine.Workspace workspace = begin();
    try {
      Core.importState(user, workspace.handle, bytes);
    } finally {
      leave(workspace);
    }
  }

  /**
   * Adds what the same user did elsewhere with the same model. Once both sides have merged each other's state they know
   * the same: events count once, and what was learned is a mean of both.
   *
   * @param state a state of the same model file
   * @throws SottoException {@link ErrorCode#MISMATCH}, {@link ErrorCode#TRUNCATED}, {@link ErrorCode#MALFORMED} …; the
   *     state then stays as it was
   */
  public void mergeState(UserState state) {
    byte[] bytes = state.bytes();
    Engine.Workspace workspace = begin();
    try {
      Core.mergeState(user, workspace.handle, bytes);
    } finally {
      leave(workspace);
    }
  }

  /**
   * Replaces the user's state by one of another version of the model, and learns again from its latest 256 events.
   * Items that this version does not have are left out. {@code docs/personal.md} says what is kept.
   *
   * @param state a state of the mapping's earlier version
   * @param mapping from that version to this model
   * @throws SottoException {@link ErrorCode#MISMATCH} when the state, the mapping and this model do not belong
   *     together, or when both versions have no item in common; {@link ErrorCode#TRUNCATED}, {@link
   *     ErrorCode#MALFORMED} …; the state then stays as it was
   */
  public void carryOver(UserState state, ItemMapping mapping) {
    byte[] bytes = state.bytes();
    requireMatch(state.modelFingerprint(), mapping.earlier, "The state is of the model ", "the mapping begins at ");
    requireMatch(
        model.info().fingerprint(), mapping.later, "This recommender is of the model ", "the mapping leads to ");
    if (mapping.items() == 0) {
      throw new SottoException(ErrorCode.MISMATCH, "Both models have no item in common: start with a new user.");
    }
    Engine.Workspace workspace = begin();
    try {
      Core.carryOverState(user, workspace.handle, bytes, mapping.pairs);
      while (Core.relearn(user, workspace.handle, RELEARNED_AT_ONCE) > 0) {
        // until no event waits
      }
    } finally {
      leave(workspace);
    }
  }

  private static void requireMatch(String found, String mapped, String subject, String object) {
    if (found.equals(mapped)) return;
    throw new SottoException(
        ErrorCode.MISMATCH, subject + found + ", and " + object + mapped + ": use what belongs together.");
  }

  /** Forgets the user and all that was learned; learning is on again. What was stored elsewhere stays there. */
  public void forget() {
    enter();
    try {
      Core.resetUser(user);
    } finally {
      leave();
    }
  }

  /**
   * Frees the user's memory. What is to be kept must have been exported before.
   *
   * @throws SottoException {@link ErrorCode#CLOSED} when it is closed already, {@link ErrorCode#IN_USE} when another
   *     thread uses it, which then goes on
   */
  @Override
  public void close() {
    enter();
    use.set(CLOSED);
    letGo.clean();
  }
}
