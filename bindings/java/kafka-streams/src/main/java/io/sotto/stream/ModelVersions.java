package io.sotto.stream;

import io.sotto.ItemMapping;
import io.sotto.Model;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The versions of the model that users are folded with: the current one, and earlier ones that some users' states still
 * belong to. All methods may be called by any thread.
 */
public final class ModelVersions implements AutoCloseable {
  private final Map<String, Path> files = new HashMap<>();
  private final Map<String, Model> open = new HashMap<>();
  private final Map<List<String>, ItemMapping> mappings = new HashMap<>();
  private volatile Model current;

  /** A user's state belongs to a version that is not known here. */
  public static final class MissingVersion extends RuntimeException {
    private static final long serialVersionUID = 1;

    MissingVersion(String fingerprint) {
      super(
          "A user's state belongs to version "
              + fingerprint
              + " of the model, which is not known here. Name its file again in a record of the topic models.");
    }
  }

  /**
   * Begins with one version.
   *
   * @param file the model's file
   * @throws io.sotto.SottoException for a file that is not a model
   */
  public ModelVersions(Path file) {
    Model model = Model.open(file);
    remember(model.info().fingerprint(), file, model);
    current = model;
  }

  /**
   * The version that users are folded with from now on.
   *
   * @return the model
   */
  public Model current() {
    return current;
  }

  /**
   * Says where a version's file is, so that states of it can be read.
   *
   * @param fingerprint the version
   * @param file the model's file, which is opened at the first use
   */
  public synchronized void know(String fingerprint, Path file) {
    files.put(fingerprint, file);
  }

  /**
   * Makes a version the current one. Users come over when their next event comes.
   *
   * @param fingerprint a version that is known
   * @throws io.sotto.SottoException for a file that is not a model; the current version stays
   * @throws DamagedState for a file of another version; the current version stays
   */
  public void makeCurrent(String fingerprint) {
    current = version(fingerprint);
  }

  /**
   * A version that states may belong to.
   *
   * @param fingerprint the version
   * @return the model
   * @throws MissingVersion where it is not known
   */
  public synchronized Model version(String fingerprint) {
    Model there = open.get(fingerprint);
    if (there != null) return there;
    Path file = files.get(fingerprint);
    if (file == null) throw new MissingVersion(fingerprint);
    Model model = Model.open(file);
    String found = model.info().fingerprint();
    if (!found.equals(fingerprint)) {
      model.close();
      throw new DamagedState(file + " is version " + found + " of the model, not " + fingerprint + ".");
    }
    remember(fingerprint, file, model);
    return model;
  }

  private synchronized void remember(String fingerprint, Path file, Model model) {
    files.put(fingerprint, file);
    open.put(fingerprint, model);
  }

  /** Which items of two versions are the same; it is made once. */
  synchronized ItemMapping mapping(Model earlier, Model later) {
    return mappings.computeIfAbsent(
        List.of(earlier.info().fingerprint(), later.info().fingerprint()),
        pair -> ItemMapping.between(earlier, later));
  }

  /** Closes every version. Users that are live keep theirs until they are closed. */
  @Override
  public synchronized void close() {
    for (Model model : new ArrayList<>(open.values())) model.close();
    open.clear();
  }
}
