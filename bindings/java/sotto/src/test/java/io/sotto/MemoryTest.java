package io.sotto;

import static io.sotto.TestModels.NOW;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Native memory stays flat, whatever comes and goes. The heap is all there from the start (pom.xml), so that the
 * process grows by native memory alone. {@code -Dsotto.test.leak.events=1000000} makes the long run.
 */
@EnabledOnOs(OS.LINUX)
class MemoryTest {
  private static final int THREADS = 8;
  private static final int EVENTS = Integer.getInteger("sotto.test.leak.events");

  /** A state, a workspace or a list that is lost now and then would be a multiple of it. */
  private static final long MAX_GROWTH_KB = 24 * 1024;

  /** Anonymous memory of this process, as the system counts it. */
  private static long residentKilobytes() throws Exception {
    System.gc();
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("RssAnon:")) return Long.parseLong(line.replaceAll("[^0-9]", ""));
    }
    throw new AssertionError("the system does not say how much memory is resident");
  }

  /** Users come, are restored, merged and carried on, and go. */
  private static void work(Model model, int events, long seed) {
    Random random = new Random(seed);
    List<String> ids = model.itemIds();
    Recommender user = model.recommender();
    for (int event = 1; event <= events; ++event) {
      String id = ids.get(random.nextInt(ids.size()));
      user.observe(id, NOW.plusSeconds(event));
      RecommendOptions options = RecommendOptions.defaults().at(NOW.plusSeconds(event));
      user.recommend(10, event % 16 == 0 ? options.exclude(List.of(id)).among(ids.subList(0, 100)) : options);
      if (event % 8 == 0) {
        UserState state = user.exportState();
        user.close();
        user = model.recommender(state);
      }
      if (event % 32 == 0) {
        Recommender dropped = model.recommender(); // nobody closes it: the garbage collector does
        dropped.mergeState(user.exportState());
        user.close();
        user = model.recommender();
        try {
          user.importState(UserState.of(new byte[] {'S', 'O', 'P', 'S'}));
        } catch (SottoException e) {
          continue;
        }
        throw new AssertionError("four bytes are no state");
      }
    }
    user.close();
  }

  private static void workInThreads(Model model, int events, long seed) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> done = new ArrayList<>();
      for (int thread = 0; thread < THREADS; ++thread) {
        long own = seed + thread;
        done.add(pool.submit(() -> work(model, events / THREADS, own)));
      }
      for (Future<?> thread : done) thread.get();
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void staysFlat() throws Exception {
    try (Model model = TestModels.open()) {
      workInThreads(model, 8_000, 1); // what is kept for all time, compiled code above all
      long before = residentKilobytes();
      workInThreads(model, EVENTS, 2);
      // Models come and go as well, and so do those that are refused when they are half open.
      OpenOptions refused = TestModels.options().weights(Map.of(FeedbackKind.CART, -1.0));
      for (int opened = 0; opened < 20; ++opened) {
        TestModels.open().close();
        TestModels.assertRefused(ErrorCode.INVALID_ARGUMENT, () -> Model.open(TestModels.SHIPPED, refused));
      }
      long grown = residentKilobytes() - before;
      System.out.printf("%,d events, %d threads: native memory grew by %,d kB%n", EVENTS, THREADS, grown);
      assertTrue(grown < MAX_GROWTH_KB, "native memory grew by " + grown + " kB in " + EVENTS + " events");
    }
  }
}
