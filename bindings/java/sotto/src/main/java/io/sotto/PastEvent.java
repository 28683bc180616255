package io.sotto;

import java.time.Instant;

/**
 * An event that a recommender remembers.
 *
 * @param item the item that the user chose
 * @param at when
 */
public record PastEvent(Item item, Instant at) {}
