package io.sotto;

/**
 * How well a user's events were predicted, with and without what was learned; each before it was learned from.
 *
 * @param events events that both predicted
 * @param trust how far what was learned is trusted now, 0 to 1; 0 is the model's own list
 * @param base the geometric mean of the probabilities that the model alone gave to the chosen items; 0 before the first
 *     event
 * @param personal the same with what was learned
 */
public record LearningRecord(long events, double trust, double base, double personal) {}
