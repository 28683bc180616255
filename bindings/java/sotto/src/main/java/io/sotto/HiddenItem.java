package io.sotto;

import java.time.Instant;
import java.util.Optional;

/**
 * An item that the user asked not to see.
 *
 * @param item the item
 * @param until when it may be recommended again; empty where that is only after the user has chosen it
 */
public record HiddenItem(Item item, Optional<Instant> until) {}
