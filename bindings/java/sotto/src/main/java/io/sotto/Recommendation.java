package io.sotto;

/**
 * An item with its score.
 *
 * @param item the item
 * @param score a logit, comparable within one call only
 */
public record Recommendation(Item item, double score) {}
