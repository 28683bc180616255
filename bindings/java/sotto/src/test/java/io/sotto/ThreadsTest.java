package io.sotto;

import static io.sotto.TestModels.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ThreadsTest {
  private static final int THREADS = 8;

  /** The results of the work of all threads, which begin together. */
  private static <Result> List<Result> inThreads(int threads, Callable<Result> work) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Result> results = new ArrayList<>();
      for (Future<Result> result : pool.invokeAll(Collections.nCopies(threads, work))) {
        results.add(result.get());
      }
      return results;
    } finally {
      pool.shutdown();
    }
  }

  /** The states of some users whose events come in turn, so that they share scratch memory. */
  private static List<UserState> replay(Model model, long seed) {
    Random random = new Random(seed);
    List<Recommender> users = IntStream.range(0, 4).mapToObj(user -> model.recommender()).toList();
    List<String> ids = model.itemIds();
    for (int event = 0; event < 300; ++event) {
      Recommender user = users.get(random.nextInt(users.size()));
      user.observe(ids.get(random.nextInt(ids.size())), NOW.plusSeconds(event));
      if (event % 10 == 0) user.recommend(10, RecommendOptions.defaults().at(NOW.plusSeconds(event)));
    }
    List<UserState> states = users.stream().map(Recommender::exportState).toList();
    users.forEach(Recommender::close);
    return states;
  }

  @Test
  void threadsShareAModelAndComputeTheSame() throws Exception {
    try (Model model = TestModels.open()) {
      List<UserState> expected = replay(model, 1);
      for (List<UserState> states : inThreads(THREADS, () -> replay(model, 1))) assertEquals(expected, states);
    }
  }

  @Test
  void oneRecommenderInManyThreadsGivesTypedErrorsAndLosesNothing() throws Exception {
    try (Model model = TestModels.open();
        Recommender recommender = model.recommender()) {
      List<String> ids = model.itemIds();
      List<Integer> accepted =
          inThreads(
              THREADS,
              () -> {
                int count = 0;
                for (int event = 0; event < 200; ++event) {
                  try {
                    recommender.observe(ids.get(event), NOW);
                    ++count;
                  } catch (SottoException e) {
                    assertEquals(ErrorCode.IN_USE, e.code());
                  }
                }
                return count;
              });
      assertEquals(accepted.stream().mapToInt(Integer::intValue).sum(), recommender.events());
    }
  }

  @Test
  void aCallOrACloseDuringAnotherCallIsRefused() throws Exception {
    try (Model model = TestModels.open();
        Recommender recommender = model.recommender()) {
      for (int event = 0; event < 60; ++event) recommender.observe(model.itemIds().get(event), NOW);
      AtomicBoolean isSeen = new AtomicBoolean();
      Thread busy =
          new Thread(
              () -> {
                while (!isSeen.get()) {
                  try {
                    recommender.why("85123A"); // thousands of steps
                  } catch (SottoException e) {
                    assertEquals(ErrorCode.IN_USE, e.code());
                  }
                }
              });
      busy.start();
      while (busy.isAlive() && !isSeen.get()) {
        try {
          recommender.events();
        } catch (SottoException e) {
          assertEquals(ErrorCode.IN_USE, e.code());
          isSeen.set(true);
        }
      }
      busy.join();
      assertTrue(isSeen.get());
      assertEquals(60, recommender.events());
    }
  }

  @Test
  void theTrendChangesBetweenCalls() throws Exception {
    try (Model model = TestModels.open()) {
      List<UserState> expected = replay(model, 2);
      AtomicBoolean isOver = new AtomicBoolean();
      Thread changing =
          new Thread(
              () -> {
                Trend trend = new Trend(List.of(new Trend.Ratio("85123A", 0)), 0.5);
                while (!isOver.get()) {
                  model.setTrend(trend);
                  model.setTrend(Trend.NONE);
                }
              });
      changing.start();
      // A trend that expects what the model expects changes nothing but its own record, so sizes alone may differ.
      List<List<UserState>> all = inThreads(3, () -> replay(model, 2));
      isOver.set(true);
      changing.join();
      for (List<UserState> states : all) assertEquals(expected.size(), states.size());
      assertEquals(expected, replay(model, 2));
    }
  }
}
