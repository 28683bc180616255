// One model, two users with a state of their own, and what comes next for each.
// Usage: java -cp sotto.jar Recommend.java MODEL
import io.sotto.Model;
import io.sotto.RecommendOptions;
import io.sotto.Recommendation;
import io.sotto.Recommender;
import io.sotto.UserState;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

class Recommend {
  public static void main(String[] arguments) {
    Map<String, List<String>> visits = Map.of("ada", List.of("85123A", "22423"), "grace", List.of("21733", "84879"));
    Instant now = Instant.ofEpochSecond(1_700_000_000);
    try (Model model = Model.open(Path.of(arguments[0]))) {
      System.out.printf("%d items%n", model.items());
      visits.forEach(
          (name, items) -> {
            UserState state; // what a server stores
            try (Recommender recommender = model.recommender()) {
              for (String id : items) recommender.observe(id, now);
              state = recommender.exportState();
            }
            System.out.printf("%s, %d events, %d bytes of state:%n", name, items.size(), state.size());
            try (Recommender recommender = model.recommender(state)) {
              RecommendOptions options = RecommendOptions.defaults().exclude(items).diversity(0.3).at(now);
              for (Recommendation best : recommender.recommend(3, options)) {
                System.out.printf("%6.2f  %s%n", best.score(), best.item().title());
              }
              String first = recommender.recommend(1, options).get(0).item().id();
              System.out.println("above all because of " + recommender.why(first).events().get(0).item().title());
            }
          });
    }
  }
}
