package io.sotto.stream;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The same fold in a plain loop: no stores, no broker, and every user stays in memory. */
public final class Referee {
  private final Map<String, FoldState> users = new HashMap<>();

  /** What the records come to. */
  public record Verdict(
      Map<String, RecommendedList> lists, int folded, int late, int duplicates, Map<RefusedEvent.Reason, Integer> refused) {}

  private Referee() {}

  /** Folds with one version. */
  public static Verdict judge(List<GeneratedEvents.Raw> records, ModelVersions versions, int top) {
    return judge(records, versions, versions, Map.of(), top);
  }

  /** Folds with two versions: a user comes over before the event of the number that `switches` has. */
  public static Verdict judge(
      List<GeneratedEvents.Raw> records,
      ModelVersions before,
      ModelVersions after,
      Map<String, Long> switches,
      int top) {
    return new Referee().fold(records, new UserFold(before), new UserFold(after), switches, top);
  }

  /** Folds as a worker does, and makes a list after each event where `top` is not 0: for measurements. */
  public static void cost(List<GeneratedEvents.Raw> records, ModelVersions versions, int top) {
    UserFold fold = new UserFold(versions);
    Map<String, FoldState> users = new HashMap<>();
    for (GeneratedEvents.Raw record : records) {
      try {
        String user = UserId.of(record.key());
        StreamEvent event = EventJson.read(record.value());
        FoldState state = users.computeIfAbsent(user, name -> fold.restore(null, List.of()));
        UserFold.Outcome outcome = fold.fold(state, event, record.timestamp() / 1000).outcome();
        if (top > 0 && outcome != UserFold.Outcome.DUPLICATE) fold.recommend(user, state, top, false).toJson();
      } catch (RefusedEvent e) {
        // a worker sends it to the dead letters
      }
    }
    users.values().forEach(FoldState::close);
  }

  private Verdict fold(
      List<GeneratedEvents.Raw> records, UserFold before, UserFold after, Map<String, Long> switches, int top) {
    Map<RefusedEvent.Reason, Integer> refused = new EnumMap<>(RefusedEvent.Reason.class);
    Map<UserFold.Outcome, Integer> outcomes = new EnumMap<>(UserFold.Outcome.class);
    for (GeneratedEvents.Raw record : records) {
      try {
        String user = UserId.of(record.key());
        StreamEvent event = EventJson.read(record.value());
        FoldState state = users.get(user);
        long next = state == null ? 1 : state.events() + 1;
        UserFold fold = next >= switches.getOrDefault(user, Long.MAX_VALUE) ? after : before;
        fold.check(event);
        if (state == null) state = fold.restore(null, List.of());
        boolean isNew = !fold.isDuplicate(state, event);
        if (isNew && fold.isOutdated(state)) state = fold.carryOver(state);
        users.put(user, state);
        outcomes.merge(fold.fold(state, event, record.timestamp() / 1000).outcome(), 1, Integer::sum);
      } catch (RefusedEvent e) {
        refused.merge(e.reason(), 1, Integer::sum);
      }
    }
    Map<String, RecommendedList> lists = new TreeMap<>();
    users.forEach((user, state) -> {
      if (state.events() > 0) lists.put(user, before.recommend(user, state, top, true));
      state.close();
    });
    int late = outcomes.getOrDefault(UserFold.Outcome.LATE, 0);
    return new Verdict(
        lists,
        outcomes.getOrDefault(UserFold.Outcome.FOLDED, 0) + late,
        late,
        outcomes.getOrDefault(UserFold.Outcome.DUPLICATE, 0),
        refused);
  }
}
