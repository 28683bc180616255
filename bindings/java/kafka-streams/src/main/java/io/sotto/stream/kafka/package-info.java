/** The fold on Kafka Streams: the topology, and the worker that runs it. {@code docs/stream.md} describes both. */
package io.sotto.stream.kafka;
