package io.sotto;

import java.lang.ref.Cleaner;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * An opened model: its weights and its catalogue. Any number of threads may use one model at the same time. It keeps
 * scratch memory for as many calls as have been under way together, about 30 bytes for each item of the catalogue.
 *
 * <p>Recommenders go on working after their model was closed; its memory goes with the last of them. What was read of
 * the file, such as {@link #info} and {@link #item}, can be asked for after {@link #close}, too.
 */
public final class Model implements AutoCloseable {
  static final Cleaner CLEANER = Cleaner.create();

  final Catalogue catalogue;
  final Clock clock;
  private final ModelInfo info;
  private final Map<FeedbackKind, Double> weights;
  private final double temperature;
  private final Engine engine;
  private final Cleaner.Cleanable letGo;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  private Model(Engine engine, ModelFile file, OpenOptions options) {
    long[] described = Core.describeModel(engine.model);
    ModelFile.Contents contents = file.read(UserState.hexadecimal(described[0]), Core.tierName(described[2]));
    this.info = contents.info();
    this.catalogue = contents.catalogue();
    this.temperature = Float.intBitsToFloat((int) described[3]);
    this.clock = options.clock();
    this.weights = options.weights();
    this.engine = engine;
    this.letGo = CLEANER.register(this, engine::disown);
  }

  /**
   * Opens a model file with the default options.
   *
   * @param path a fixed-point model, as {@code sotto train} writes it
   * @return the model, which the caller closes
   * @throws SottoException {@link ErrorCode#IO} for a file that cannot be read, a code of the core for one that is
   *     damaged, foreign or newer, {@link ErrorCode#NATIVE_LIBRARY}, {@link ErrorCode#OUT_OF_MEMORY}
   */
  public static Model open(Path path) {
    return open(path, OpenOptions.defaults());
  }

  /**
   * Opens a model file.
   *
   * @param path a fixed-point model, as {@code sotto train} writes it
   * @param options how to open it
   * @return the model, which the caller closes
   * @throws SottoException as {@link #open(Path)}
   */
  public static Model open(Path path, OpenOptions options) {
    return open(() -> ModelFile.of(path), options);
  }

  /**
   * Opens a model that is in memory already.
   *
   * @param file a model file's bytes; they are copied
   * @param options how to open it
   * @return the model, which the caller closes
   * @throws SottoException as {@link #open(Path)}, without {@link ErrorCode#IO}
   */
  public static Model open(byte[] file, OpenOptions options) {
    Objects.requireNonNull(file);
    return open(() -> ModelFile.of(file), options);
  }

  private static Model open(Supplier<ModelFile> source, OpenOptions options) {
    Objects.requireNonNull(options);
    NativeLibrary.load();
    Model model;
    try (ModelFile file = source.get()) {
      Engine engine = new Engine(Core.openModel(file.copyToCore(), file.size()));
      try {
        if (options.sketch()) Core.sketch(engine.model);
        model = new Model(engine, file, options);
      } catch (RuntimeException | Error e) {
        engine.disown();
        throw e;
      }
    }
    try {
      model.recommender().close(); // so that weights that make no sense are refused here
      return model;
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
  }

  /**
   * What the model says about itself.
   *
   * @return licence, attribution, architecture, training
   */
  public ModelInfo info() {
    return info;
  }

  /**
   * How many items the model knows.
   *
   * @return at least 1
   */
  public int items() {
    return catalogue.size();
  }

  /**
   * Every item that the model knows.
   *
   * @return an unmodifiable list in the model's order
   */
  public List<Item> catalogue() {
    return catalogue.all();
  }

  /**
   * Every item's id.
   *
   * @return an unmodifiable list in the model's order; what {@link ItemMapping#of} needs of a model that is gone
   */
  public List<String> itemIds() {
    return List.copyOf(catalogue.ids());
  }

  /**
   * Looks an item up.
   *
   * @param id the item's id
   * @return the item; empty when the model does not know it
   */
  public Optional<Item> item(String id) {
    int index = catalogue.indexOf(Objects.requireNonNull(id));
    return index < 0 ? Optional.empty() : Optional.of(catalogue.at(index));
  }

  /**
   * Every category that some item is in.
   *
   * @return an unmodifiable list in the order of the catalogue; empty where the model has none
   */
  public List<String> categories() {
    return catalogue.categories();
  }

  /**
   * Makes a recommender for a user without history. Learning is on.
   *
   * @return the recommender, which the caller closes
   * @throws SottoException {@link ErrorCode#CLOSED}
   */
  public Recommender recommender() {
    requireOpen();
    return new Recommender(this, engine, weights);
  }

  /**
   * Makes a recommender for a user whose state was stored.
   *
   * @param state a state of this very model file
   * @return the recommender, which the caller closes
   * @throws SottoException as {@link Recommender#importState}, {@link ErrorCode#CLOSED}
   */
  public Recommender recommender(UserState state) {
    Objects.requireNonNull(state);
    Recommender recommender = recommender();
    try {
      recommender.importState(state);
      return recommender;
    } catch (RuntimeException | Error e) {
      recommender.close();
      throw e;
    }
  }

  /**
   * The items that fit somebody about whom nothing is known: a shelf for the first visit.
   *
   * @param k at least 1
   * @param options the moment and {@code base} have no effect
   * @return at most {@code k} items, best first; fewer when the filter lets fewer through
   * @throws SottoException {@link ErrorCode#INVALID_ARGUMENT} for a {@code k} below 1, {@link ErrorCode#CLOSED}
   */
  public List<Recommendation> popular(int k, RecommendOptions options) {
    return named(popularItems(requireCount(k), options));
  }

  private long[] popularItems(int k, RecommendOptions options) {
    int[] excluded = options.filter().excluded(catalogue);
    byte[] allowed = options.filter().allowed(catalogue);
    requireOpen();
    engine.own();
    try {
      Engine.Workspace workspace = engine.borrow(null);
      try {
        return Core.popular(
            engine.model, workspace.handle, excluded, allowed, options.coreDiversity(), Math.min(k, items()));
      } finally {
        engine.giveBack(workspace);
      }
    } finally {
      engine.disown();
    }
  }

  /** The logarithm of the probability with which the model alone expects each item from somebody unknown. */
  double[] expectedLogProbabilities() {
    long[] ranked = popularItems(items(), RecommendOptions.defaults());
    double[] logits = new double[items()];
    for (long scored : ranked) logits[itemOf(scored)] = temperature * Core.logitOf(scoreOf(scored));
    double highest = logits[itemOf(ranked[0])];
    double total = Math.log(Arrays.stream(logits).map(logit -> Math.exp(logit - highest)).sum());
    return Arrays.stream(logits).map(logit -> logit - highest - total).toArray();
  }

  /**
   * Says what many users choose at present. Each user's recommender finds out how far the trend predicts this user, and
   * follows it that far. It replaces the trend set before, is not stored, and has no effect with a model of a binary
   * head. The call waits until no other call is under way.
   *
   * @param trend the new trend; {@link Trend#NONE} ends it
   * @throws SottoException {@link ErrorCode#UNKNOWN_ITEM}, {@link ErrorCode#INVALID_ARGUMENT},
   *     {@link ErrorCode#OUT_OF_RANGE}, {@link ErrorCode#CLOSED}; nothing changes then
   */
  public void setTrend(Trend trend) {
    requireOpen();
    Map<Integer, Float> ratios = trend.logRatios(this);
    int[] items = ratios.keySet().stream().mapToInt(Integer::intValue).toArray();
    float[] logRatios = new float[items.length];
    for (int place = 0; place < items.length; ++place) logRatios[place] = ratios.get(items[place]);
    engine.own();
    try {
      engine.setTrend(items, logRatios, (float) trend.prior());
    } finally {
      engine.disown();
    }
  }

  /**
   * Lets the model go. Its memory is free when all its recommenders are closed as well.
   *
   * @throws SottoException {@link ErrorCode#CLOSED} when it is closed already
   */
  @Override
  public void close() {
    if (!isClosed.compareAndSet(false, true)) throw closed();
    letGo.clean();
  }

  private void requireOpen() {
    if (isClosed.get()) throw closed();
  }

  static SottoException closed() {
    return new SottoException(ErrorCode.CLOSED, "This model has been closed: open it again with Model.open.");
  }

  static int requireCount(int k) {
    if (k >= 1) return k;
    throw new SottoException(ErrorCode.INVALID_ARGUMENT, "k is the number of items wanted, at least 1, not " + k + ".");
  }

  List<Recommendation> named(long[] ranked) {
    return Arrays.stream(ranked)
        .mapToObj(scored -> new Recommendation(catalogue.at(itemOf(scored)), Core.logitOf(scoreOf(scored))))
        .toList();
  }

  private static int itemOf(long scored) {
    return (int) (scored >>> 32);
  }

  private static int scoreOf(long scored) {
    return (int) scored;
  }
}
