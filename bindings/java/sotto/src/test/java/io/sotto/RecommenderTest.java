package io.sotto;

import static io.sotto.TestModels.NOW;
import static io.sotto.TestModels.assertRefused;
import static io.sotto.TestModels.ids;
import static io.sotto.TestModels.observeSome;
import static io.sotto.TestModels.someIds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class RecommenderTest {
  private Model model;
  private Recommender recommender;

  @BeforeEach
  void open() {
    model = TestModels.open();
    recommender = model.recommender();
  }

  @AfterEach
  void close() {
    recommender.close();
    model.close();
  }

  @Test
  void remembersAndLearnsFromEvents() {
    List<Recommendation> popular = recommender.recommend(10);
    assertEquals(ids(model.popular(10, RecommendOptions.defaults())), ids(popular));
    observeSome(recommender);
    assertEquals(6, recommender.events());
    assertEquals(someIds(model), recommender.history().stream().map(event -> event.item().id()).toList());
    assertTrue(recommender.history().stream().allMatch(event -> event.at().equals(NOW)));
    assertEquals(6, recommender.learningRecord().events());
    assertTrue(recommender.learningRecord().base() > 0);
    assertNotEquals(popular, recommender.recommend(10));

    assertTrue(recommender.isLearning());
    recommender.setLearning(false);
    assertFalse(recommender.isLearning());
    assertEquals(recommender.recommend(10, RecommendOptions.defaults().base(true)), recommender.recommend(10));

    recommender.forget();
    assertEquals(0, recommender.events());
    assertTrue(recommender.isLearning());
    assertEquals(popular, recommender.recommend(10));
  }

  @Test
  void refusesAnUnknownItemAndChangesNothing() {
    observeSome(recommender);
    UserState before = recommender.exportState();
    assertRefused(ErrorCode.UNKNOWN_ITEM, () -> recommender.observe("no such item"));
    assertRefused(ErrorCode.UNKNOWN_ITEM, () -> recommender.rank(List.of("85123A", "no such item")));
    assertRefused(ErrorCode.UNKNOWN_ITEM, () -> recommender.why("no such item"));
    assertRefused(ErrorCode.UNKNOWN_ITEM, () -> recommender.show("no such item"));
    assertRefused(
        ErrorCode.UNKNOWN_ITEM,
        () -> recommender.recall(List.of(new TimedEvent("85123A", NOW), new TimedEvent("no such item", NOW))));
    assertRefused(ErrorCode.INVALID_ARGUMENT, () -> recommender.feedback("85123A", FeedbackKind.RATING, 1e300));
    assertRefused(ErrorCode.INVALID_ARGUMENT, () -> recommender.feedback("85123A", FeedbackKind.DWELL, Double.NaN));
    assertRefused(ErrorCode.INVALID_ARGUMENT, () -> recommender.setContext(ItemFilter.all(), 1.5));
    assertRefused(ErrorCode.INVALID_ARGUMENT, () -> recommender.recommend(0));
    assertRefused(ErrorCode.INVALID_ARGUMENT, () -> recommender.learned(0));
    assertThrows(NullPointerException.class, () -> recommender.observe("85123A", null));
    assertThrows(NullPointerException.class, () -> recommender.feedback("85123A", null, 0));
    assertThrows(NullPointerException.class, () -> recommender.importState(null));
    assertEquals(before, recommender.exportState());
  }

  @Test
  void recommendsWhatTheOptionsLetThrough() {
    observeSome(recommender);
    List<Recommendation> plain = recommender.recommend(10);
    assertEquals(10, plain.size());
    for (int place = 1; place < plain.size(); ++place) {
      assertTrue(plain.get(place - 1).score() >= plain.get(place).score());
    }
    RecommendOptions options = RecommendOptions.defaults();
    List<String> excluded = ids(plain.subList(0, 3));
    assertEquals(
        ids(plain).subList(3, 10),
        ids(recommender.recommend(7, options.exclude(Stream.concat(excluded.stream(), Stream.of("?")).toList()))));
    List<String> among = List.of(ids(plain).get(4), ids(plain).get(2), "no such item");
    assertEquals(
        List.of(ids(plain).get(2), ids(plain).get(4)), ids(recommender.recommend(10, options.among(among))));
    assertEquals(List.of(), recommender.recommend(10, options.among(List.of())));
    assertNotEquals(ids(plain), ids(recommender.recommend(10, options.diversity(1))));
    assertNotEquals(plain, recommender.recommend(10, options.base(true)));
    assertEquals(plain, recommender.recommend(10, options.at(NOW)));

    List<Recommendation> ranked = recommender.rank(List.of(ids(plain).get(5), ids(plain).get(0), ids(plain).get(5)));
    assertEquals(List.of(plain.get(0), plain.get(5)), ranked);
  }

  @Test
  void categoriesNarrowAListAndTheirItemsAreKnown() {
    Catalogue catalogue =
        new Catalogue(
            List.of("a", "b", "c", "d"), null, List.of("x|y", "", "y|y", "x"), null, Collections.nCopies(4, null));
    assertEquals(List.of("x", "y"), catalogue.categories());
    assertEquals(2, catalogue.inCategory("y").length);
    ItemFilter all = ItemFilter.all();
    assertEquals(4, all.items(catalogue).length);
    assertEquals(3, all.categories(List.of("x", "y")).items(catalogue).length);
    assertEquals(1, all.categories(List.of("x")).notCategories(List.of("y")).items(catalogue).length);
    assertEquals(0, all.categories(List.of("z")).items(catalogue).length);
    assertEquals(3, all.categories(List.of("x")).exclude(List.of("a")).among(List.of("a", "d")).items(catalogue)[0]);
    assertEquals("b", catalogue.at(1).title());
    assertEquals(Optional.empty(), catalogue.at(1).category());
    assertTrue(catalogue.at(1).price().isEmpty());
  }

  @Test
  void hidesAndShowsItems() {
    String best = ids(recommender.recommend(1)).get(0);
    recommender.feedback(best, FeedbackKind.NOT_THIS, 0);
    String next = ids(recommender.recommend(1)).get(0);
    assertNotEquals(best, next);
    recommender.feedback(next, FeedbackKind.DISMISS, 0);
    assertEquals(List.of(best, next), recommender.hidden().stream().map(hidden -> hidden.item().id()).toList());
    assertEquals(Optional.empty(), recommender.hidden().get(0).until());
    assertEquals(Optional.of(NOW.plus(Duration.ofDays(7))), recommender.hidden().get(1).until());
    RecommendOptions later = RecommendOptions.defaults().at(NOW.plus(Duration.ofDays(8)));
    assertTrue(ids(recommender.recommend(20, later)).contains(next));
    recommender.show(best);
    assertEquals(1, recommender.hidden().size());
    assertTrue(ids(recommender.recommend(20)).contains(best));
  }

  @Test
  void explainsAScore() {
    observeSome(recommender);
    UserState before = recommender.exportState();
    String best = ids(recommender.recommend(1)).get(0);
    Reasons reasons = recommender.why(best);
    assertEquals(6, reasons.events().size());
    assertTrue(reasons.trend().isEmpty());
    for (Reasons.Reason reason : reasons.events()) {
      assertEquals(reason.contribution(), reason.network() + reason.history() + reason.counts(), 1e-9);
      assertEquals(someIds(model).get(5 - reason.eventsSince()), reason.item().id());
    }
    assertEquals(before, recommender.exportState());
  }

  @Test
  void tellsWhatWasLearned() {
    String favourite = model.itemIds().get(1000);
    for (int day = 0; day < 12; ++day) recommender.observe(favourite, NOW.minus(Duration.ofDays(12 - day)));
    Learned learned = recommender.learned(3);
    assertEquals(favourite, learned.moreItems().get(0).item().id());
    assertTrue(learned.moreItems().get(0).factor() > 1);
    assertTrue(learned.fewerItems().stream().allMatch(change -> change.factor() < 1));
    assertTrue(learned.moreItems().size() <= 3 && learned.fewerItems().size() <= 3);
  }

  @Test
  void earlierEventsAndTheContextMoveTheList() {
    List<Recommendation> popular = recommender.recommend(10);
    String item = model.itemIds().get(2000);
    recommender.setContext(ItemFilter.all().among(List.of(item)), 0.9);
    assertEquals(item, ids(recommender.recommend(1)).get(0));
    recommender.setContext(ItemFilter.all().among(List.of()), 0.5);
    assertEquals(popular, recommender.recommend(10));
    recommender.recall(List.of(new TimedEvent(item, NOW), new TimedEvent(item, NOW)));
    assertEquals(2, recommender.events());
    assertEquals(0, recommender.learningRecord().events());
    assertNotEquals(popular, recommender.recommend(10));
  }

  @Test
  void followsTheTrend() {
    String item = model.itemIds().get(3000);
    int before = ids(recommender.recommend(model.items())).indexOf(item);
    model.setTrend(new Trend(List.of(new Trend.Ratio(item, 6)), 0.5));
    assertTrue(ids(recommender.recommend(model.items())).indexOf(item) < before);
    assertTrue(recommender.why(item).trend().getAsDouble() > 0);
    model.setTrend(new Trend(List.of(new Trend.Probability(item, Math.log(0.5))), 0.9));
    assertEquals(item, ids(recommender.recommend(1)).get(0));
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> model.setTrend(new Trend(List.of(new Trend.Ratio(item, 1), new Trend.Ratio(item, 2)), 0.5)));
    assertRefused(
        ErrorCode.UNKNOWN_ITEM, () -> model.setTrend(new Trend(List.of(new Trend.Ratio("no such item", 1)), 0.5)));
    assertRefused(ErrorCode.OUT_OF_RANGE, () -> model.setTrend(new Trend(List.of(new Trend.Ratio(item, 1)), 0.95)));
    assertRefused(
        ErrorCode.OUT_OF_RANGE, () -> model.setTrend(new Trend(List.of(new Trend.Ratio(item, Double.NaN)), 0.5)));
    assertEquals(item, ids(recommender.recommend(1)).get(0)); // the trend stayed
    model.setTrend(Trend.NONE);
    assertEquals(before, ids(recommender.recommend(model.items())).indexOf(item));
  }

  @Test
  void theWeightsOfKindsDecideWhatTheyTeach() {
    try (Model deaf = Model.open(TestModels.SHIPPED, TestModels.options().weights(Map.of(FeedbackKind.CART, 0.0)));
        Recommender other = deaf.recommender()) {
      for (String id : someIds(model)) {
        recommender.feedback(id, FeedbackKind.CART, 0, NOW);
        other.feedback(id, FeedbackKind.CART, 0, NOW);
      }
      assertNotEquals(recommender.exportState(), other.exportState());
    }
  }

  @Test
  void aStateGoesOutAndIn() {
    observeSome(recommender);
    UserState state = recommender.exportState();
    assertEquals(recommender.stateSize(), state.size());
    assertEquals(model.info().fingerprint(), state.modelFingerprint());
    assertEquals(state, UserState.of(state.toBytes()));
    assertEquals(1, Set.of(state).size());
    try (Recommender other = model.recommender(UserState.of(state.toBytes()))) {
      assertEquals(state, other.exportState());
      assertEquals(recommender.recommend(20), other.recommend(20));
      assertEquals(recommender.history(), other.history());
    }
  }

  @Test
  void aForeignOrDamagedStateIsRefusedAndNothingChanges() {
    observeSome(recommender);
    UserState before = recommender.exportState();
    byte[] bytes = before.toBytes();
    assertRefused(ErrorCode.TRUNCATED, () -> UserState.of(new byte[0]));
    assertRefused(ErrorCode.MALFORMED, () -> UserState.of(new byte[100]));
    byte[] shortened = Arrays.copyOf(bytes, bytes.length - 1);
    assertThrows(SottoException.class, () -> recommender.importState(UserState.of(shortened)));
    for (int place = 4; place < bytes.length; place += 97) {
      byte[] damaged = bytes.clone();
      damaged[place] ^= 1;
      UserState state = UserState.of(damaged);
      assertThrows(SottoException.class, () -> recommender.importState(state));
      assertThrows(SottoException.class, () -> recommender.mergeState(state));
    }
    try (Model foreign = Model.open(TestModels.bytesWith("Online", "online"), TestModels.options());
        Recommender other = foreign.recommender()) {
      UserState state = other.exportState();
      assertRefused(ErrorCode.MISMATCH, () -> recommender.importState(state));
      assertRefused(ErrorCode.MISMATCH, () -> recommender.mergeState(state));
      assertRefused(ErrorCode.MISMATCH, () -> model.recommender(state));
    }
    assertEquals(before, recommender.exportState());
  }

  @Test
  void twoDevicesKnowTheSameOnceBothHaveMerged() {
    try (Recommender other = model.recommender()) {
      observeSome(recommender);
      other.observe("85123A", NOW.plusSeconds(60));
      other.observe("22423", NOW.plusSeconds(120));
      UserState one = recommender.exportState();
      UserState two = other.exportState();
      recommender.mergeState(two);
      other.mergeState(one);
      assertEquals(recommender.exportState(), other.exportState());
      assertEquals(8, recommender.events());
    }
  }

  @Test
  void aStateIsCarriedOverToAnotherVersionOfTheModel() {
    try (Model later = Model.open(TestModels.bytesWith("\"85123A\"", "\"85123Z\""), TestModels.options());
        Recommender renewed = later.recommender()) {
      observeSome(recommender);
      recommender.observe("85123A", NOW);
      recommender.feedback("22423", FeedbackKind.NOT_THIS, 0);
      UserState state = recommender.exportState();
      ItemMapping mapping = ItemMapping.between(model, later);
      assertEquals(model.items() - 1, mapping.items());
      renewed.carryOver(state, mapping);
      assertEquals(someIds(model), renewed.history().stream().map(event -> event.item().id()).toList());
      assertEquals("22423", renewed.hidden().get(0).item().id());
      assertEquals(later.info().fingerprint(), renewed.exportState().modelFingerprint());

      try (Recommender again = later.recommender()) {
        again.carryOver(state, ItemMapping.of(model.info().fingerprint(), model.itemIds(), later));
        assertEquals(renewed.exportState(), again.exportState());
        UserState before = again.exportState();
        assertRefused(ErrorCode.MISMATCH, () -> again.carryOver(before, mapping));
        assertRefused(ErrorCode.MISMATCH, () -> again.carryOver(state, ItemMapping.between(later, model)));
        assertRefused(
            ErrorCode.MISMATCH,
            () -> again.carryOver(state, ItemMapping.of(model.info().fingerprint(), List.of("other"), later)));
        assertRefused(ErrorCode.MISMATCH, () -> recommender.carryOver(state, mapping));
        assertEquals(before, again.exportState());
      }
    }
  }

  @Test
  void afterCloseEveryCallIsATypedError() {
    UserState state = recommender.exportState();
    Recommender closed = model.recommender();
    closed.close();
    ItemMapping mapping = ItemMapping.of(state.modelFingerprint(), model.itemIds(), model);
    List<Executable> calls =
        List.of(
            closed::close,
            closed::events,
            closed::exportState,
            closed::forget,
            closed::hidden,
            closed::history,
            closed::isLearning,
            closed::learningRecord,
            closed::stateSize,
            () -> closed.carryOver(state, mapping),
            () -> closed.feedback("85123A", FeedbackKind.CART, 0),
            () -> closed.importState(state),
            () -> closed.learned(1),
            () -> closed.mergeState(state),
            () -> closed.observe("85123A"),
            () -> closed.rank(List.of("85123A")),
            () -> closed.recall(List.of()),
            () -> closed.recommend(1),
            () -> closed.setContext(ItemFilter.all(), 0.5),
            () -> closed.setLearning(true),
            () -> closed.show("85123A"),
            () -> closed.why("85123A"));
    calls.forEach(call -> assertRefused(ErrorCode.CLOSED, call));
  }
}
