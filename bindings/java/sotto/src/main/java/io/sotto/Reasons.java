package io.sotto;

import java.util.List;
import java.util.OptionalDouble;

/**
 * The reasons for an item's score. All values are signed logits.
 *
 * @param events one reason for each of the user's latest events, at most 50; those that speak for the item come first
 * @param trend what the trend does: the item's score, less the score that it would have if the trend did not name it;
 *     empty where there is no trend or where it says nothing about the item
 */
public record Reasons(List<Reason> events, OptionalDouble trend) {
  /**
   * One of the user's events, and what it did for the item's score by the model alone.
   *
   * @param item the item of the event
   * @param eventsSince how many events came after it; 0 for the latest
   * @param contribution the score, less the score that the item would have without this event
   * @param network the part of the contribution that goes through the recurrent network
   * @param history the part through when and how often the user met the item before
   * @param counts the part through what other users chose next; the three add up to the contribution
   */
  public record Reason(
      Item item, int eventsSince, double contribution, double network, double history, double counts) {}
}
