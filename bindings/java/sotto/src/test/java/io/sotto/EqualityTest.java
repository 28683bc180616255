package io.sotto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIf;

/** The same model and the same events give the same bytes as the reference kernels: tests/equality/README.md. */
@EnabledIf("sessionsAreThere")
class EqualityTest {
  private static final Path FOLDER = Path.of(System.getProperty("sotto.test.equality"));
  private static final FeedbackKind[] KINDS = FeedbackKind.values();

  /** ctest makes them before (java_package requires the fixture equality_sessions). */
  static boolean sessionsAreThere() {
    return Files.isRegularFile(FOLDER.resolve("shipped.sessions"));
  }

  @TestFactory
  List<DynamicTest> everyModel() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      List<DynamicTest> tests =
          files
              .filter(file -> file.toString().endsWith(".sessions"))
              .sorted()
              .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> replay(file)))
              .toList();
      assertFalse(tests.isEmpty());
      return tests;
    }
  }

  private static void replay(Path sessions) throws IOException {
    ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(sessions)).order(ByteOrder.LITTLE_ENDIAN);
    assertArrayEquals(new byte[] {'S', 'E', 'Q', '4'}, bytes(file, 4));
    int items = file.getInt();
    int count = file.getInt();
    Map<FeedbackKind, Double> weights = new EnumMap<>(FeedbackKind.class);
    for (FeedbackKind kind : KINDS) weights.put(kind, (double) file.getFloat());
    Path modelFile = Path.of(sessions.toString().replace(".sessions", ".safetensors"));
    try (Model model = Model.open(modelFile, OpenOptions.defaults().weights(weights))) {
      assertEquals(items, model.items());
      for (int session = 0; session < count; ++session) replay(file, model, "session " + session);
    }
    assertEquals(0, file.remaining());
  }

  private static void replay(ByteBuffer file, Model model, String session) {
    List<String> ids = model.itemIds();
    try (Recommender recommender = model.recommender()) {
      for (int events = file.getInt(); events > 0; --events) {
        String id = ids.get(file.getInt());
        FeedbackKind kind = KINDS[file.getInt()];
        float amount = file.getFloat();
        recommender.feedback(id, kind, amount, instant(file));
      }
      Instant now = instant(file);
      assertArrayEquals(ints(file, model.items()), recommender.scores(now, true), session);
      assertArrayEquals(ints(file, model.items()), recommender.scores(now, false), session);
      int[] ranked =
          recommender.recommend(10, RecommendOptions.defaults().at(now).diversity(0.5)).stream()
              .mapToInt(best -> model.catalogue.indexOf(best.item().id()))
              .toArray();
      assertArrayEquals(ints(file, file.getInt()), ranked, session);
      byte[] state = bytes(file, file.getInt());
      assertArrayEquals(state, recommender.exportState().toBytes(), session);
      try (Recommender restored = model.recommender(UserState.of(state))) {
        assertArrayEquals(state, restored.exportState().toBytes(), session);
      }
    }
  }

  private static Instant instant(ByteBuffer file) {
    return Instant.ofEpochSecond((long) file.getDouble());
  }

  private static byte[] bytes(ByteBuffer file, int count) {
    byte[] bytes = new byte[count];
    file.get(bytes);
    return bytes;
  }

  private static int[] ints(ByteBuffer file, int count) {
    int[] values = new int[count];
    for (int place = 0; place < count; ++place) values[place] = file.getInt();
    return values;
  }
}
