package io.sotto;

import java.time.Instant;

/**
 * An event for {@link Recommender#recall}.
 *
 * @param itemId the id of the item that the user chose
 * @param at when
 */
public record TimedEvent(String itemId, Instant at) {}
