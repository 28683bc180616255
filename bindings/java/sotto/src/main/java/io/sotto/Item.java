package io.sotto;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * An item of the model's catalogue.
 *
 * @param id the item's id in the log that the model was trained on
 * @param title the item's title; its id where the model has no title for it
 * @param category its categories, separated by {@code |}; empty where the model has none for it
 * @param price its price in the {@linkplain ModelInfo#currency() model's currency}; empty where unknown
 * @param image the address of its picture; empty where the model has none for it
 */
public record Item(String id, String title, Optional<String> category, OptionalDouble price, Optional<String> image) {}
