package io.sotto;

import static io.sotto.TestModels.assertRefused;
import static io.sotto.TestModels.ids;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelTest {
  @Test
  void tellsWhatTheFileSays() {
    try (Model model = TestModels.open()) {
      ModelInfo info = model.info();
      assertTrue(info.fingerprint().matches("[0-9a-f]{16}"), info.fingerprint());
      assertEquals(TestModels.bytes().length, info.bytes());
      assertEquals("GBP", info.currency());
      assertEquals(3659, info.architecture().items());
      assertEquals(64, info.architecture().hiddenDim());
      assertEquals("softmax", info.architecture().head());
      assertTrue(info.architecture().tiedHead());
      assertTrue(info.training().events() > 100_000);
      assertTrue(info.training().validationNdcg10() > 0);
      assertTrue(List.of("reference", "avx2", "avx512-vnni").contains(info.tier()), info.tier());
      assertEquals(3659, model.items());
      assertEquals(3659, model.catalogue().size());
    }
  }

  @Test
  void knowsItemsByTheirIds() {
    try (Model model = TestModels.open()) {
      for (String id : model.itemIds()) assertEquals(id, model.item(id).orElseThrow().id());
      Item item = model.item("85123A").orElseThrow();
      assertFalse(item.title().isEmpty());
      assertTrue(item.price().isPresent());
      assertEquals(Optional.empty(), model.item("no such item"));
      assertThrows(NullPointerException.class, () -> model.item(null));
      assertThrows(UnsupportedOperationException.class, () -> model.catalogue().remove(0));
    }
  }

  @Test
  void opensBytesAsItOpensAFile() {
    try (Model file = TestModels.open();
        Model bytes = Model.open(TestModels.bytes(), TestModels.options());
        Model sketched = Model.open(TestModels.SHIPPED, TestModels.options().sketch(true))) {
      assertEquals(file.info(), bytes.info());
      List<Recommendation> shelf = file.popular(20, RecommendOptions.defaults());
      assertEquals(shelf, bytes.popular(20, RecommendOptions.defaults()));
      assertEquals(shelf, sketched.popular(20, RecommendOptions.defaults()));
      assertEquals(20, ids(shelf).stream().distinct().count());
    }
  }

  @Test
  void refusesFilesThatAreNone(@TempDir Path folder) throws Exception {
    OpenOptions options = OpenOptions.defaults();
    assertRefused(ErrorCode.IO, () -> Model.open(folder.resolve("absent")));
    assertRefused(ErrorCode.IO, () -> Model.open(folder));
    Path empty = Files.createFile(folder.resolve("empty"));
    assertRefused(ErrorCode.TRUNCATED, () -> Model.open(empty));
    assertRefused(ErrorCode.TRUNCATED, () -> Model.open(new byte[0], options));
    byte[] model = TestModels.bytes();
    for (int size : new int[] {1, 8, 9, 100, model.length / 2, model.length - 1}) {
      assertThrows(SottoException.class, () -> Model.open(Arrays.copyOf(model, size), options), size + " bytes");
    }
    assertThrows(SottoException.class, () -> Model.open("<!doctype html><title>Not found</title>".getBytes(), options));
    assertThrows(NullPointerException.class, () -> Model.open((Path) null));
    assertThrows(NullPointerException.class, () -> Model.open((byte[]) null, options));
  }

  @Test
  void refusesADamagedCatalogue() {
    OpenOptions options = OpenOptions.defaults();
    assertRefused(
        ErrorCode.MALFORMED, () -> Model.open(TestModels.bytesWith("\"item_id\"", "\"item_ix\""), options));
    assertRefused(ErrorCode.MALFORMED, () -> Model.open(TestModels.bytesWith("\"85123A\"", "[\"5123A\""), options));
    assertRefused(ErrorCode.MALFORMED, () -> Model.open(TestModels.bytesWith("\"85123A\",", "8512345 ,"), options));
  }

  @Test
  void refusesOptionsThatMakeNoSense() {
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> Model.open(TestModels.SHIPPED, TestModels.options().weights(Map.of(FeedbackKind.CART, -1.0))));
    try (Model model = TestModels.open()) {
      assertRefused(ErrorCode.INVALID_ARGUMENT, () -> model.popular(0, RecommendOptions.defaults()));
      assertRefused(ErrorCode.INVALID_ARGUMENT, () -> RecommendOptions.defaults().diversity(1.5));
      assertRefused(ErrorCode.INVALID_ARGUMENT, () -> RecommendOptions.defaults().diversity(Double.NaN));
      assertEquals(3659, model.popular(Integer.MAX_VALUE, RecommendOptions.defaults()).size());
    }
  }

  @Test
  void afterCloseThereIsATypedErrorAndRecommendersGoOn() {
    Model model = TestModels.open();
    Recommender recommender = model.recommender();
    List<Recommendation> before = recommender.recommend(10);
    model.close();
    assertRefused(ErrorCode.CLOSED, model::close);
    assertRefused(ErrorCode.CLOSED, model::recommender);
    assertRefused(ErrorCode.CLOSED, () -> model.popular(3, RecommendOptions.defaults()));
    assertRefused(ErrorCode.CLOSED, () -> model.setTrend(Trend.NONE));
    assertEquals(3659, model.items());
    assertEquals(before, recommender.recommend(10));
    recommender.close();
    assertRefused(ErrorCode.CLOSED, () -> recommender.recommend(10));
  }

  @Test
  void theNamesOfCodesAndKindsAreThoseOfTheDocumentation() throws Exception {
    String errors = Files.readString(TestModels.SHIPPED.resolve("../../../docs/errors.md").normalize());
    for (ErrorCode code : ErrorCode.values()) {
      int number = code.ordinal() + 1;
      boolean isOfTheCore = number <= 13;
      String row = isOfTheCore ? "| " + number + " | `" + code.id() + "` |" : "| `" + code.id() + "` |";
      assertTrue(errors.contains(row), row);
      if (isOfTheCore) assertEquals(code, ErrorCode.ofCore(number));
    }
    String header = Files.readString(TestModels.SHIPPED.resolve("../../../src/sotto/abi/sotto.h").normalize());
    for (FeedbackKind kind : FeedbackKind.values()) {
      assertTrue(header.contains("SOTTO_" + kind.name() + " = " + kind.ordinal()), kind.name());
    }
    assertTrue(header.contains("#define SOTTO_ABI_VERSION " + Core.ABI_VERSION + "\n"));
    assertTrue(header.contains("#define SOTTO_MAX_DIVERSITY " + Core.MAX_DIVERSITY + "\n"));
    assertTrue(header.contains("#define SOTTO_SCORE_ONE 65536\n"));
    assertEquals(1, Core.logitOf(65536));
  }
}
