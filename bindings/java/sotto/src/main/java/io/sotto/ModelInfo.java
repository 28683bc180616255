package io.sotto;

/**
 * What a model says about itself.
 *
 * @param fingerprint 16 hexadecimal digits that name the file; states of other files are refused
 * @param licence an SPDX expression or free text; empty when not stated
 * @param attribution whom an application that uses the model must name; empty when not stated
 * @param currency the ISO 4217 code of the prices; empty when unknown
 * @param bytes the model file's size
 * @param tier the instructions that the engine uses here, such as {@code avx2}; all give the same results
 * @param architecture the network's sizes
 * @param training what the model was trained on
 */
public record ModelInfo(
    String fingerprint,
    String licence,
    String attribution,
    String currency,
    long bytes,
    String tier,
    Architecture architecture,
    Training training) {
  /**
   * The network's sizes.
   *
   * @param items items in the catalogue
   * @param embeddingDim values of an item's embedding
   * @param hiddenDim units of a layer
   * @param layers LSTM layers
   * @param tiedHead whether the head uses the embedding's weights
   * @param head {@code softmax}: the model scores all items at once; {@code binary}: one candidate after the other
   */
  public record Architecture(
      int items, int embeddingDim, int hiddenDim, int layers, boolean tiedHead, String head) {}

  /**
   * What the model was trained on.
   *
   * @param tool the program that trained the model, such as {@code sotto 0.1.0}
   * @param log the interaction log's name
   * @param events the log's events
   * @param users the log's users
   * @param validationNdcg10 NDCG@10 on the validation targets
   */
  public record Training(String tool, String log, long events, long users, double validationNdcg10) {}
}
