package io.sotto;

import java.util.List;

/** A program that makes every call of the library once, and some that are refused. */
final class EveryCall {
  /** The exit status where the library refuses to be opened. */
  static final int REFUSED = 3;

  private EveryCall() {}

  public static void main(String[] arguments) {
    try (Model model = TestModels.open();
        Model later = Model.open(TestModels.bytesWith("Online", "online"), TestModels.options().sketch(true));
        Recommender recommender = model.recommender();
        Recommender other = later.recommender()) {
      String id = model.itemIds().get(5);
      recommender.recall(List.of(new TimedEvent(id, TestModels.NOW)));
      recommender.setContext(ItemFilter.all().among(List.of(id)), 0.5);
      model.setTrend(new Trend(List.of(new Trend.Ratio(id, 1)), 0.5));
      for (FeedbackKind kind : FeedbackKind.values()) recommender.feedback(id, kind, 0.5);
      recommender.feedback(id, FeedbackKind.NOT_THIS, 0);
      recommender.history();
      recommender.hidden();
      recommender.show(id);
      recommender.events();
      recommender.setLearning(true);
      recommender.learningRecord();
      recommender.learned(3);
      recommender.recommend(10, RecommendOptions.defaults().exclude(List.of(id)).among(model.itemIds()).diversity(0.5));
      recommender.rank(model.itemIds());
      recommender.why(id);
      model.popular(10, RecommendOptions.defaults());
      UserState state = recommender.exportState();
      recommender.mergeState(state);
      recommender.importState(state);
      other.carryOver(state, ItemMapping.between(model, later));
      try {
        other.importState(state);
        throw new AssertionError("a foreign state was accepted");
      } catch (SottoException e) {
        if (e.code() != ErrorCode.MISMATCH) throw e;
      }
      recommender.forget();
      System.out.println("everything was called");
    } catch (SottoException e) {
      System.out.println(e.code().id() + ": " + e.getMessage());
      System.exit(REFUSED);
    }
  }
}
