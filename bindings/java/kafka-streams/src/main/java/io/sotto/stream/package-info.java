/**
 * The fold of a stream of events: each event updates its user's state, and gives the next recommendations. It knows no
 * stream engine, so that Kafka Streams, Flink or a plain loop can run it.
 *
 * <p>A user's state is a {@link io.sotto.stream.Snapshot} and a log of the events since. {@link
 * io.sotto.stream.UserFold} makes a live {@link io.sotto.stream.FoldState} of them, folds events, and says what is to
 * be stored.
 */
package io.sotto.stream;
