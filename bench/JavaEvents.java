// The Java half of bench/java_events.cpp, which says what is measured.
//
//   java -cp SOTTO.jar JavaEvents.java MODEL [EVENTS]
import io.sotto.Model;
import io.sotto.RecommendOptions;
import io.sotto.Recommendation;
import io.sotto.Recommender;
import io.sotto.UserState;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

class JavaEvents {
  private static final int ROUNDS = 9;
  private static int hash;

  public static void main(String[] arguments) {
    int events = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 4000;
    try (Model model = Model.open(Path.of(arguments[0]))) {
      report("java", model, events, false);
      report("bytes", model, events, true);
    }
  }

  private static void report(String name, Model model, int events, boolean asBytes) {
    hash = 0;
    double best = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; ++round) best = Math.min(best, secondsOfAnEvent(model, events, asBytes));
    System.out.printf("%-7s %7.1f us of CPU an event, hash %08x%n", name, 1e6 * best, hash);
  }

  /** As bytes: the state comes from and goes to a store at every event, as in a stream. */
  private static double secondsOfAnEvent(Model model, int events, boolean asBytes) {
    var threads = ManagementFactory.getThreadMXBean();
    List<String> ids = model.itemIds();
    Map<String, Integer> indices = new HashMap<>();
    for (String id : ids) indices.put(id, indices.size());
    Recommender user = model.recommender();
    UserState state = user.exportState();
    int seed = 1;
    long started = threads.getCurrentThreadCpuTime();
    for (int event = 0; event < events; ++event) {
      seed = 1664525 * seed + 1013904223;
      Instant now = Instant.ofEpochSecond(1_700_000_000 + event);
      if (asBytes) user.importState(UserState.of(state.toBytes()));
      user.observe(ids.get((seed >>> 8) % model.items()), now);
      List<Recommendation> list = user.recommend(10, RecommendOptions.defaults().at(now));
      if (asBytes) state = user.exportState();
      hash = 31 * hash + indices.get(list.get(0).item().id());
    }
    double seconds = 1e-9 * (threads.getCurrentThreadCpuTime() - started) / events;
    user.close();
    return seconds;
  }
}
